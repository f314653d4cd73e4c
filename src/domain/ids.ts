import { Schema } from "effect"

/** The portal's own name for a customer: 1–128 of `A–Z a–z 0–9 . _ ~ : @ -`, case-sensitive. */
export const AccountId = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._~:@-]{1,128}$/u, { message: "must be 1 to 128 of A–Z a–z 0–9 . _ ~ : @ -" })
)
  .annotate({ description: "The portal's own name for a customer.", examples: ["alex"] })
  .pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

const uuid = Schema.String.annotate({ format: "uuid" }).check(
  Schema.isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u)
)

/** One challenge: a code asked for, for one purpose. */
export const ChallengeId = uuid.pipe(Schema.brand("ChallengeId"))
export type ChallengeId = typeof ChallengeId.Type

/** One grant: the proof of the current method, to be spent once (S-08). */
export const GrantId = uuid.pipe(Schema.brand("GrantId"))
export type GrantId = typeof GrantId.Type

/** One link from the portal to the hosted pages. */
export const PortalLinkId = uuid.pipe(Schema.brand("PortalLinkId"))
export type PortalLinkId = typeof PortalLinkId.Type

/** One session of the hosted pages. */
export const SessionId = uuid.pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/** One link of a notice: it names an event and proves nothing. */
export const NoticeLinkId = uuid.pipe(Schema.brand("NoticeLinkId"))
export type NoticeLinkId = typeof NoticeLinkId.Type

/** One reset that support was asked for. */
export const ResetId = uuid.pipe(Schema.brand("ResetId"))
export type ResetId = typeof ResetId.Type

/** One invitation to link a Slack user with an account. */
export const SlackInvitationId = uuid.pipe(Schema.brand("SlackInvitationId"))
export type SlackInvitationId = typeof SlackInvitationId.Type

/** One checklist in somebody's direct messages. */
export const GuideId = uuid.pipe(Schema.brand("GuideId"))
export type GuideId = typeof GuideId.Type

/** What support works on, as people say it: `C-7F3K`. Letters and digits that are not mistaken for each other. */
export const CaseId = Schema.String.check(
  Schema.isPattern(/^C-[2-9A-HJ-NP-Z]{4,6}$/u, { message: "must be the id of a case, such as C-7F3K" })
)
  .annotate({ description: "What support works on.", examples: ["C-7F3K"] })
  .pipe(Schema.brand("CaseId"))
export type CaseId = typeof CaseId.Type

/** One enrolment of a method. */
export const EnrolmentId = uuid.pipe(Schema.brand("EnrolmentId"))
export type EnrolmentId = typeof EnrolmentId.Type

/** The second factors that exist; a new one is a line here and a file in `methods/`. */
export const MethodId = Schema.Literals(["SMS", "EMAIL"])
export type MethodId = typeof MethodId.Type

/** What carries a message to a person. */
export const Channel = Schema.Literals(["email", "sms"])
export type Channel = typeof Channel.Type

/** What a challenge is for; its code fits nothing else (S-13). */
export const Purpose = Schema.Literals(["sign-in", "step-up", "setup", "change"])
export type Purpose = typeof Purpose.Type

/** At most one challenge is open in a slot (S-14, S-19). */
export const Slot = Schema.Literals(["protection", "sign-in", "step-up"])
export type Slot = typeof Slot.Type

/** The slot that a purpose takes. */
export const slotOf = (purpose: Purpose): Slot => (purpose === "setup" || purpose === "change" ? "protection" : purpose)

/** Why a challenge is no longer open, or that it is. */
export const ChallengeStatus = Schema.Literals([
  "open",
  "succeeded",
  "cancelled",
  "superseded",
  "exhausted",
  "expired",
  "voided"
])
export type ChallengeStatus = typeof ChallengeStatus.Type

/** Where a message to a person stands. */
export const DeliveryState = Schema.Literals(["queued", "handed_over", "deferred", "failed"])
export type DeliveryState = typeof DeliveryState.Type

/** Who did it, for the audit trail. */
export const Actor = Schema.Literals(["customer", "portal", "support", "system"])
export type Actor = typeof Actor.Type
