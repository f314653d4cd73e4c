import { Effect, Option, type Redacted, Schema } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import { NoticeLinkId } from "../domain/ids.ts"
import { maskDestination, maskEmail } from "../domain/masking.ts"
import { canOf, formerOf, type NoticeState, noticeStatus } from "../domain/notices.ts"
import { NotFound } from "../domain/refusals.ts"
import { utc, utcOrNull } from "../domain/time.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { foresee } from "./ask.ts"
import { Caller } from "./Caller.ts"

const isNoticeLinkId = Schema.is(NoticeLinkId)

/** The link that a token bears, with what a step by it looks at; undefined where the token is not genuine. */
const genuine = Effect.fnUntraced(function* (token: Redacted.Redacted) {
  const tokens = yield* BearerTokens
  const policy = yield* AccountPolicy
  const noticeLinkId = tokens.claimedId(token)
  if (!isNoticeLinkId(noticeLinkId)) return undefined
  const snapshot = yield* foresee({ noticeLinkId })
  const { account, notice } = snapshot
  if (account === undefined || notice === null || (account.state.demo && !policy.demo)) return undefined
  const { state } = account
  const { accountId } = state
  const id = yield* Effect.orDie(tokens.idIn(token, { kind: "notice-link", accountId, epoch: notice.epoch }))
  return id === notice.id ? { snapshot, state, notice, accountId, noticeLinkId } : undefined
})

/** The same, for a step: a token that is not genuine leads nowhere. */
export const noticeBehind = Effect.fnUntraced(function* (token: Redacted.Redacted) {
  const { reference } = yield* Caller
  return (yield* genuine(token)) ?? (yield* new NotFound({ reference }))
})

/** What the page behind a notice's link shows. */
const factsOf = (notice: NoticeState, state: AccountState) => {
  const former = formerOf(notice, state)
  const { reset } = notice
  return {
    kind: notice.kind,
    at: utc(notice.at),
    from: notice.from,
    to: notice.to,
    accountId: state.accountId,
    maskedEmail: maskEmail(state.email),
    name: state.name,
    locale: state.locale,
    timeZone: state.timeZone,
    status: noticeStatus(notice, state),
    expiresAt: utc(notice.expiresAt),
    can: canOf(notice, state),
    /** Since when the account is frozen, whoever reported it. */
    reportedAt: utcOrNull(state.reportedAt),
    /** What *Turn it back on* and *Go back* put back. */
    former:
      former === undefined
        ? null
        : { method: former.method, destination: maskDestination(former.method, former.destination) },
    reset:
      reset === null
        ? null
        : { executesAt: utc(reset.executesAt), requestedBy: reset.requestedBy, status: reset.status }
  }
}
export type NoticeFacts = ReturnType<typeof factsOf>

/** What a notice's link is about, and what it can do now; changes nothing, as GET must not (S-51). None where it is none. */
export const readNotice = Effect.fn("readNotice")(function* (token: Redacted.Redacted) {
  const followed = yield* genuine(token)
  return followed === undefined ? Option.none<NoticeFacts>() : Option.some(factsOf(followed.notice, followed.state))
})
