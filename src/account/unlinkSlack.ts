import { Effect } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import type { SlackUser } from "../domain/slack.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { SupportDesk } from "../services/SupportDesk.ts"
import { Account } from "./Account.ts"
import { by, foresee, inTime, orRefuse, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { endGuide } from "./guide.ts"

/** Ends a link with its checklist. `displayName`: as Slack shows that person, for the mail; empty where nobody knows. */
export const unlinkSlack = Effect.fn("unlinkSlack")(function* (
  accountId: AccountId,
  user: SlackUser,
  displayName: string
) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ accountId, slack: { user } })
  if (snapshot.account === undefined) return yield* new NotFound({ reference })
  yield* send(snapshot, accountId, accounts(accountId).UnlinkSlack({ by: yield* by, user, displayName })).pipe(
    Effect.flatMap(orRefuse)
  )
  yield* inTime(endGuide(accountId, user))
})

/** Who sees an account in Slack; nobody where there is no bot. */
export const slackUsersOf = Effect.fn("slackUsersOf")(function* (accountId: AccountId) {
  const { hasBot } = yield* SupportDesk
  const links = yield* SlackLinks
  return hasBot ? yield* inTime(links.ofAccount(accountId)) : []
})

/** Ends all links of an account, on behalf of its owner, who may not have made them. */
export const unlinkSlackUsers = Effect.fn("unlinkSlackUsers")(function* (accountId: AccountId) {
  const users = yield* slackUsersOf(accountId)
  yield* Effect.forEach(users, (user) => unlinkSlack(accountId, user, ""), { discard: true })
})
