import { Effect, type Redacted } from "effect"
import { LinkOver } from "../domain/refusals.ts"
import { noticeStatus } from "../domain/notices.ts"
import { Account } from "./Account.ts"
import { orRefuse, replayOf, withPassword } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { noticeBehind } from "./notice.ts"
import { answers } from "./protocol.ts"

/** *Turn it back on*, after a disable: the link of the notice and the password. */
export const turnBackOn = Effect.fn("turnBackOn")(function* (asked: {
  readonly token: Redacted.Redacted
  readonly password: Redacted.Redacted
}) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const { snapshot, state, notice, accountId, noticeLinkId } = yield* noticeBehind(asked.token)
  const earlier = yield* replayOf(snapshot, answers.turnBackOn)
  const linkStatus = noticeStatus(notice, state)
  // No password is judged for a link that leads nowhere: old mails are no place to guess at.
  if (earlier === undefined && linkStatus !== "open") return yield* new LinkOver({ linkStatus, reference })
  return yield* withPassword(
    { accountId, noticeLinkId, password: asked.password, purpose: undefined, answers: answers.turnBackOn },
    ({ by, password }) => accounts(accountId).TurnBackOn({ by, noticeLinkId, password })
  ).pipe(Effect.flatMap(orRefuse))
})
