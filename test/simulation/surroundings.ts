import { Clock, Context, Effect, Layer, Random, Redacted, References, Scheduler } from "effect"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { OtpIssuer } from "../../src/services/OtpIssuer.ts"
import type { Chance } from "./chance.ts"
import type { Turns } from "./Turns.ts"

/** The ring of `kit/core.ts`, so that a code means the same on the real database. */
const keys = KeyRing.layerOf([{ id: "k1", key: Redacted.make(new Uint8Array(32).fill("1".charCodeAt(0))) }])

/** What has no state: codes and tokens are derived as in the product. */
export const derivations = Effect.runSync(
  Effect.scoped(Layer.build(Layer.mergeAll(OtpIssuer.layer, BearerTokens.layer).pipe(Layer.provideMerge(keys))))
)
export type Derivations = KeyRing | OtpIssuer | BearerTokens

/** What every fiber of a simulation runs with: its scheduler, clock and chance; no logs, no spans. */
export const quiet = (turns: Turns, chance: Chance, wrongBy = 0) =>
  Context.empty().pipe(
    Context.add(Scheduler.Scheduler, turns.scheduler),
    Context.add(Clock.Clock, turns.clock(wrongBy)),
    Context.add(References.MinimumLogLevel, "None"),
    Context.add(References.TracerEnabled, false),
    Context.add(Random.Random, { nextIntUnsafe: () => chance.below(2 ** 31), nextDoubleUnsafe: () => chance.next() })
  )
