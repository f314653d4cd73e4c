import { Schema } from "effect"
import { type AccountState, type Enrolment, protectionOf } from "./AccountState.ts"
import type { EnrolmentId, MethodId, NoticeLinkId } from "./ids.ts"
import type { Reset } from "./resets.ts"
import { refusalIn } from "./state.ts"

/** How long the link of a notice is good; that of a reset also as long as the reset waits. */
export const noticeSeconds = 72 * 3600

/** The events whose notices have a link. */
export const NoticeKind = Schema.Literals(["set-up", "changed", "disabled", "reset"])
export type NoticeKind = typeof NoticeKind.Type

/** A link of a notice as it is kept: it names an event and proves nothing. */
export interface NoticeState {
  readonly id: NoticeLinkId
  /** Of the account after the event; the token is bound to it. */
  readonly epoch: number
  /** The epoch at which the link is good: its own report takes it along into the next one. */
  readonly goodAtEpoch: number
  readonly keyId: string
  readonly kind: NoticeKind
  readonly from: MethodId | null
  readonly to: MethodId | null
  /** The method that can be put back into force; null where the link can only report. */
  readonly former: EnrolmentId | null
  readonly reset: Reset | null
  readonly at: Date
  readonly expiresAt: Date
  readonly reportedAt: Date | null
  readonly usedAt: Date | null
}

/** What a link is at `now`. */
export const NoticeStatus = Schema.Literals(["open", "used", "void", "expired"])
export type NoticeStatus = typeof NoticeStatus.Type

/** Whether a link can still do what it is for; that of a reset as long as the reset waits, whatever else happens. */
export const noticeStatus = (link: NoticeState, { now, epoch }: Pick<AccountState, "now" | "epoch">): NoticeStatus => {
  if (link.usedAt !== null) return "used"
  if (link.expiresAt <= now) return "expired"
  const holds = link.kind === "reset" ? link.reset?.status === "waiting" : link.goodAtEpoch === epoch
  return holds ? "open" : "void"
}

/** The method that a link can put back, while it ended in the last 72 hours. */
export const formerOf = (link: NoticeState, { enrolments }: Pick<AccountState, "enrolments">): Enrolment | undefined =>
  enrolments.find(({ id, endedAt }) => id === link.former && endedAt !== null)

/** What can be done by a link now. A link reports once, and undoes once. */
export const canOf = (link: NoticeState, state: AccountState) => {
  const isOpen = noticeStatus(link, state) === "open"
  const takes = (event: "turn-back-on" | "go-back") =>
    isOpen &&
    formerOf(link, state) !== undefined &&
    refusalIn(event, protectionOf(state), state.reportedAt !== null) === undefined
  return {
    report: isOpen && link.kind !== "reset" && link.reportedAt === null,
    turnBackOn: link.kind === "disabled" && takes("turn-back-on"),
    goBack: (link.kind === "changed" || link.kind === "set-up") && takes("go-back"),
    stopReset: isOpen && link.kind === "reset"
  }
}
