import { Effect } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import type { SlackUser } from "../domain/slack.ts"
import { Account } from "./Account.ts"
import { by, foresee, inTime, orRefuse, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { endGuide } from "./guide.ts"

/** Ends a link, on behalf of its owner in Slack, with their checklist. */
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
