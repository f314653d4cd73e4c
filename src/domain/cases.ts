import { Schema } from "effect"
import { article } from "./article.ts"
import { AccountId, CaseId, DeliveryState } from "./ids.ts"
import { Instant, instant } from "./instant.ts"
import { protections } from "./state.ts"

/** Why there is a case: the person is stuck, has lost the phone or mailbox, or says that it was somebody else. */
export const CaseKind = Schema.Literals(["stuck", "lost", "reported"])
export type CaseKind = typeof CaseKind.Type

/** The life of a case. */
export const CaseStatus = Schema.Literals(["opened", "claimed", "guided", "closed"])
export type CaseStatus = typeof CaseStatus.Type

/** What support does with a case. */
export type CaseAction = "claim" | "guide" | "close"

/** What each state of a case allows, and what it becomes. */
const life = {
  opened: { claim: "claimed", guide: "guided", close: "closed" },
  claimed: { guide: "guided", close: "closed" },
  guided: { claim: "claimed", guide: "guided", close: "closed" },
  closed: {}
} as const satisfies Record<CaseStatus, Partial<Record<CaseAction, CaseStatus>>>

/** What a case becomes; undefined where its state does not allow that. */
export const caseAfter = (status: CaseStatus, action: CaseAction): CaseStatus | undefined => {
  const next: Partial<Record<CaseAction, CaseStatus>> = life[status]
  return next[action]
}

/** What can be done with a case; its buttons are made from this. */
export const caseActions = (status: CaseStatus): ReadonlyArray<CaseAction> =>
  (["claim", "guide", "close"] as const).filter((action) => caseAfter(status, action) !== undefined)

const ArticleStepId = Schema.Literals(article.map(({ id }) => id))

/** A case as support sees it, here and in Slack: no name, address, number, IP or code. */
export const Case = Schema.Struct({
  id: CaseId,
  accountId: AccountId,
  kind: CaseKind,
  status: CaseStatus,
  step: Schema.NullOr(ArticleStepId).annotate({ description: "How far the person was in the guide." }),
  verdict: Schema.NullOr(DeliveryState).annotate({ description: "Where the message with the code stood." }),
  protection: Schema.Literals(protections),
  claimedBy: Schema.NullOr(Schema.String.annotate({ description: "Slack's id of whoever of support has claimed it." })),
  openedAt: Instant,
  changedAt: instant("When its status, step or verdict changed last.")
}).annotate({ identifier: "Case" })
export type Case = typeof Case.Type

/** What the operator's people are called for; the same alarm within twelve hours is the same message with a counter. */
export const Alarm = Schema.Literals(["delivery", "lock-out", "outage-mail", "outage-slack"])
export type Alarm = typeof Alarm.Type

/** An alarm with how often it was raised. `accounts` are the last few that it concerned. */
export const Alert = Schema.Struct({
  alarm: Alarm,
  count: Schema.Int,
  accounts: Schema.Array(AccountId),
  since: Instant,
  at: Instant,
  /** For an outage: when it was over. */
  overAt: Schema.NullOr(Instant)
})
export type Alert = typeof Alert.Type
