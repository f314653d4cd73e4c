import { Effect, type Redacted } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, send, withPassword } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { answers } from "./protocol.ts"

/** *It was me*: the password and a fresh proof of the current method end the freeze. */
export const liftReport = Effect.fn("liftReport")(function* (asked: {
  readonly accountId: AccountId
  readonly password: Redacted.Redacted
  readonly grant?: Redacted.Redacted | undefined
}) {
  const accounts = yield* Account.client
  return yield* withPassword({ ...asked, purpose: undefined, answers: answers.lift }, ({ by: who, password, grant }) =>
    accounts(asked.accountId).Lift({ by: who, password, grant })
  ).pipe(Effect.flatMap(orRefuse))
})

/** Support has verified the person anew, and ends the freeze. */
export const liftReportBySupport = Effect.fn("liftReportBySupport")(function* (accountId: AccountId) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ accountId })
  if (snapshot.account === undefined) return yield* new NotFound({ reference })
  yield* send(snapshot, accountId, accounts(accountId).LiftBySupport({ by: yield* by })).pipe(
    Effect.flatMap(orRefuse),
    // A DELETE takes no Idempotency-Key.
    Effect.catchTag("IdempotencyConflict", Effect.die)
  )
})
