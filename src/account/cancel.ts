import { Effect } from "effect"
import type { ChallengeId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, orRefuse, read, send } from "./ask.ts"
import { Caller } from "./Caller.ts"

/** Cancels a challenge; one that is cancelled already stays so. */
export const cancel = Effect.fn("cancel")(function* (challengeId: ChallengeId) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const { account } = yield* read({ challengeId })
  if (account === undefined) return yield* new NotFound({ reference })
  const asker = { ...(yield* by([])), idempotency: [] }
  yield* send(accounts(account.state.accountId).Cancel({ by: asker, challengeId })).pipe(
    Effect.flatMap(orRefuse),
    // A DELETE takes no Idempotency-Key.
    Effect.catchTag("IdempotencyConflict", Effect.die)
  )
})
