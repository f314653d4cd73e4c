import { Effect } from "effect"
import type { AccountId, ChallengeId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { read } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { accountOf, challengeOf, twoFactorOf } from "./views.ts"

const readState = Effect.fnUntraced(function* (accountId: AccountId) {
  const { reference } = yield* Caller
  const { account } = yield* read({ accountId })
  return account === undefined ? yield* new NotFound({ reference }) : account.state
})

/** The account as the portal registered it, contacts masked, with its protection. */
export const readAccount = Effect.fn("readAccount")((accountId: AccountId) =>
  Effect.map(readState(accountId), accountOf)
)

/** How the account is protected now, and what can be done with it. */
export const readTwoFactor = Effect.fn("readTwoFactor")((accountId: AccountId) =>
  Effect.map(readState(accountId), twoFactorOf)
)

/** The challenges of an account that ended in the last half hour. */
export const recentlyClosed = Effect.fn("recentlyClosed")(function* (accountId: AccountId) {
  const { account } = yield* read({ accountId, withClosed: true })
  return account?.state.challenges.filter(({ closedAt }) => closedAt !== null) ?? []
})

/** A challenge as it is now, with where its message stands. */
export const readChallenge = Effect.fn("readChallenge")(function* (challengeId: ChallengeId) {
  const { reference } = yield* Caller
  const { account } = yield* read({ challengeId })
  const challenge = account?.state.challenges.find(({ id }) => id === challengeId)
  if (account === undefined || challenge === undefined) return yield* new NotFound({ reference })
  return challengeOf(account.state, challenge)
})
