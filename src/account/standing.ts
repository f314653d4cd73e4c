import { Effect } from "effect"
import { type AccountState, inForce, pendingOf, protectionOf } from "../domain/AccountState.ts"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import type { Standing } from "../domain/slackMessages.ts"
import { utc, utcOrNull } from "../domain/time.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { read } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { twoFactorOf } from "./views.ts"

/** How an account stands, in what Slack may show of it: no address, number or name (S-67). */
export const standingOf = (state: AccountState): Standing => {
  const pending = pendingOf(state)
  const { allowed } = twoFactorOf(state)
  return {
    accountId: state.accountId,
    protection: protectionOf(state),
    standard: inForce(state)?.method ?? "NONE",
    reported: state.reportedAt !== null,
    mustEnrol: state.mustEnrol,
    pending:
      pending === undefined
        ? null
        : { challengeId: pending.id, method: pending.method, expiresAt: utc(pending.expiresAt) },
    resetAt: utcOrNull(state.reset?.executesAt ?? null),
    changedAt: utc(state.changedAt),
    canChange: allowed.includes("change"),
    canSetUp: allowed.includes("setup")
  }
}

/** The state of an account for those who guide its owner. Accounts of the demo are there while it runs. */
export const readState = Effect.fn("readState")(function* (accountId: AccountId) {
  const { reference } = yield* Caller
  const { account } = yield* read({ accountId })
  if (account === undefined || (account.state.demo && !(yield* AccountPolicy).demo))
    return yield* new NotFound({ reference })
  return account.state
})
