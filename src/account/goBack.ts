import { Effect, type Redacted } from "effect"
import { LinkOver } from "../domain/refusals.ts"
import { noticeStatus } from "../domain/notices.ts"
import { Account } from "./Account.ts"
import { orRefuse, replayOf, withPassword } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { noticeBehind } from "./notice.ts"
import { answers } from "./protocol.ts"

/**
 * *Go back*, after a change or a set-up: the link of the notice and the password send a code to the former method;
 * `verify` of the challenge then puts it back into force.
 */
export const goBack = Effect.fn("goBack")(function* (asked: {
  readonly token: Redacted.Redacted
  readonly password: Redacted.Redacted
}) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const { snapshot, state, notice, accountId, noticeLinkId } = yield* noticeBehind(asked.token)
  const earlier = yield* replayOf(snapshot, answers.goBack)
  const linkStatus = noticeStatus(notice, state)
  // No password is judged for a link that leads nowhere: old mails are no place to guess at.
  if (earlier === undefined && linkStatus !== "open") return yield* new LinkOver({ linkStatus, reference })
  return yield* withPassword(
    { accountId, noticeLinkId, password: asked.password, purpose: "change", answers: answers.goBack },
    ({ by, password }) => accounts(accountId).GoBack({ by, noticeLinkId, password })
  ).pipe(Effect.flatMap(orRefuse))
})
