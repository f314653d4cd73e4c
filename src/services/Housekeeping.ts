import { Effect, Layer, Schedule } from "effect"
import { Idempotency } from "./Idempotency.ts"
import { Outbox } from "./Outbox.ts"
import { RateLimits } from "./RateLimits.ts"
import { TwoFactorStore } from "./TwoFactorStore.ts"

const pause = "10 minutes"

/** Deletes what can no longer matter, in every table that grows (S-27); the audit trail is kept. */
export const sweep = Effect.gen(function* () {
  const [idempotency, outbox, rateLimits, store] = [
    yield* Idempotency,
    yield* Outbox,
    yield* RateLimits,
    yield* TwoFactorStore
  ]
  const gone = yield* Effect.all({
    idempotencyKeys: idempotency.purge,
    letters: outbox.purge,
    rateLimits: rateLimits.purge,
    challenges: store.purge
  })
  yield* Effect.logDebug("Swept", gone)
  return gone
})

/** Sweeps every ten minutes, for as long as the process lives. */
export const Housekeeping = {
  layer: Layer.effectDiscard(
    sweep.pipe(
      Effect.catchTag("SqlError", (error) => Effect.logWarning("Nothing was swept", { reason: error.reason._tag })),
      Effect.repeat(Schedule.spaced(pause)),
      Effect.forkScoped
    )
  )
}
