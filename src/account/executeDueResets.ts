import { Effect, Layer, Schedule } from "effect"
import type { SqlError } from "effect/sql"
import { type DueReset, Resets } from "../services/Resets.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, send } from "./ask.ts"
import { Caller } from "./Caller.ts"

/** How long after its wait a reset may be carried out. */
const pause = "5 seconds"

const bySystem = Effect.provideService(
  Caller,
  Caller.of({
    actor: "system",
    reference: "reset",
    client: undefined,
    source: undefined,
    idempotency: [],
    replayed: Effect.void
  })
)

/** Carries one out, if its wait is over and nobody has stopped it. */
export const executeReset = Effect.fn("executeReset")(function* ({ id, accountId }: DueReset) {
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ accountId })
  yield* send(snapshot, accountId, accounts(accountId).ExecuteReset({ by: yield* by, resetId: id })).pipe(
    Effect.flatMap(orRefuse)
  )
}, bySystem)

/**
 * Carries out the resets whose wait is over. Every node may ask at once: the account settles each once, for the step is
 * written over the version that it was decided on. One that fails holds up no other, and is tried again.
 */
export const executeDueResets = Effect.gen(function* () {
  const resets = yield* Resets
  // Looking every few seconds is no news for a trace; a reset is.
  const due = yield* Effect.withTracerEnabled(resets.due, false)
  yield* Effect.forEach(
    due,
    (reset) =>
      executeReset(reset).pipe(
        Effect.catch(({ code }) =>
          Effect.logWarning("A reset was not carried out", { accountId: reset.accountId, code })
        )
      ),
    { discard: true }
  )
  return due.length
})

const watched = executeDueResets.pipe(
  Effect.catchTag("SqlError", (error: SqlError.SqlError) =>
    Effect.logWarning("Due resets could not be read", { reason: error.reason._tag })
  ),
  Effect.schedule(Schedule.spaced(pause))
)

/** Looks for them every few seconds, for as long as the process lives. */
export const layer = Layer.effectDiscard(Effect.forkScoped(watched))
