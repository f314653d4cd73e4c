import { Effect } from "effect"
import type { ChallengeId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, send } from "./ask.ts"
import { Caller } from "./Caller.ts"

/** Cancels a challenge; one that is cancelled already stays so. */
export const cancel = Effect.fn("cancel")(function* (challengeId: ChallengeId) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ challengeId })
  const { account } = snapshot
  if (account === undefined) return yield* new NotFound({ reference })
  const { accountId } = account.state
  yield* send(snapshot, accountId, accounts(accountId).Cancel({ by: yield* by, challengeId })).pipe(
    Effect.flatMap(orRefuse),
    // A DELETE takes no Idempotency-Key.
    Effect.catchTag("IdempotencyConflict", Effect.die)
  )
})
