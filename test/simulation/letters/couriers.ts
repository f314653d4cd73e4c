import { Context, Effect, type Fiber, Layer } from "effect"
import * as Courier from "../../../src/services/Courier.ts"
import { Mailer } from "../../../src/services/Mailer.ts"
import { Outbox } from "../../../src/services/Outbox.ts"
import { SmsSender } from "../../../src/services/SmsSender.ts"
import { TwoFactorStore } from "../../../src/services/TwoFactorStore.ts"
import { Settings } from "../../../src/settings.ts"
import type { Chance } from "../chance.ts"
import type { Servers } from "./Servers.ts"
import type { Memory } from "../memory/Memory.ts"
import { memoryOutbox } from "../memory/memoryOutbox.ts"
import { memoryStore } from "../memory/memoryStore.ts"
import { derivations, quiet } from "../surroundings.ts"
import { Acting, type Process, type Turns } from "../Turns.ts"

const settings = Effect.runSync(Effect.scoped(Layer.build(Settings.layerOf({}))))

/** A process whose courier carries letters away. */
export interface RunningCourier extends Process {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  /** Says that something was committed here. */
  readonly wake: () => void
  /** It dies in so many turns; undefined where it lives on. */
  diesIn: number | undefined
}

/** Starts the real courier in a process of its own, whose clock may be wrong. */
export const startCourier = (
  name: string,
  world: { readonly memory: Memory; readonly turns: Turns; readonly servers: Servers },
  chance: Chance,
  wrongBy: number,
  dies: (courier: RunningCourier) => void
): RunningCourier => {
  const { memory, turns, servers } = world
  const outbox = memoryOutbox(memory, turns)
  const process: Process = { name, alive: true }
  const acting = {
    process,
    chance,
    operation: -1,
    atTurn: () => {
      if (courier.diesIn === undefined || courier.diesIn-- > 0) return
      courier.diesIn = undefined
      dies(courier)
    }
  }
  const context = Context.mergeAll(quiet(turns, chance, wrongBy), derivations, settings).pipe(
    Context.add(Acting, acting),
    Context.add(Outbox, outbox),
    Context.add(TwoFactorStore, memoryStore(memory, turns)),
    Context.add(Mailer, servers.mailer),
    Context.add(SmsSender, servers.texts)
  )
  const fiber = Effect.runForkWith(context)(Effect.scoped(Effect.andThen(Layer.build(Courier.layer), Effect.never)))
  const wake = () => {
    Effect.runForkWith(context)(outbox.wake)
  }
  const courier: RunningCourier = Object.assign(process, { fiber, wake, diesIn: undefined })
  return courier
}
