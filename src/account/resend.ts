import { Effect } from "effect"
import type { ChallengeId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, replayOf, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { answers } from "./protocol.ts"

/** Sends the code again: the same while it lives, a new one once it has lapsed. */
export const resend = Effect.fn("resend")(function* ({ challengeId }: { readonly challengeId: ChallengeId }) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ challengeId })
  const earlier = yield* replayOf(snapshot, answers.resend)
  if (earlier !== undefined) return yield* orRefuse(earlier)
  const { account } = snapshot
  const challenge = account?.state.challenges.find(({ id }) => id === challengeId)
  if (account === undefined || challenge === undefined) return yield* new NotFound({ reference })
  const { accountId } = account.state
  return yield* send(snapshot, accountId, accounts(accountId).Resend({ by: yield* by, challengeId })).pipe(
    Effect.flatMap(orRefuse)
  )
})
