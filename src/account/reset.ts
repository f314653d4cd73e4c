import { Effect, type Redacted } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, replayOf, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { noticeBehind } from "./notice.ts"
import { answers } from "./protocol.ts"

/** Support asks for a reset; every address is told and can stop it while it waits (S-59). */
export const requestReset = Effect.fn("requestReset")(function* (asked: {
  readonly accountId: AccountId
  readonly reason: string
  readonly requestedBy: string
}) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const { accountId, reason, requestedBy } = asked
  const snapshot = yield* foresee({ accountId })
  const earlier = yield* replayOf(snapshot, answers.requestReset)
  if (earlier !== undefined) return yield* orRefuse(earlier)
  if (snapshot.account === undefined) return yield* new NotFound({ reference })
  return yield* send(
    snapshot,
    accountId,
    accounts(accountId).RequestReset({ by: yield* by, reason, requestedBy })
  ).pipe(Effect.flatMap(orRefuse))
})

/** Takes a reset back: support does, or its owner who is signed in. Where none waits there is nothing to do. */
export const cancelReset = Effect.fn("cancelReset")(function* (accountId: AccountId) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ accountId })
  if (snapshot.account === undefined) return yield* new NotFound({ reference })
  yield* send(snapshot, accountId, accounts(accountId).CancelReset({ by: yield* by })).pipe(
    Effect.flatMap(orRefuse),
    // The same form again finds no reset to stop; a DELETE takes no Idempotency-Key.
    Effect.catchTag("IdempotencyConflict", Effect.die)
  )
})

/** *Stop it*: the link of a notice cancels the reset that it tells of. */
export const stopReset = Effect.fn("stopReset")(function* (token: Redacted.Redacted) {
  const accounts = yield* Account.client
  const { snapshot, accountId, noticeLinkId } = yield* noticeBehind(token)
  yield* send(snapshot, accountId, accounts(accountId).StopReset({ by: yield* by, noticeLinkId })).pipe(
    Effect.flatMap(orRefuse)
  )
})
