import { Schema } from "effect"
import { article } from "./article.ts"
import { Alert, Case } from "./cases.ts"
import {
  AccountId,
  Actor,
  CaseId,
  ChallengeId,
  DeliveryState,
  GuideId,
  MethodId,
  Purpose,
  SlackInvitationId
} from "./ids.ts"
import { NoticeLink } from "./letters.ts"
import { protections } from "./state.ts"
import { EventType, SecurityStandard } from "./TwoFactor.ts"

const Instant = Schema.DateTimeUtc
const Step = Schema.Literals(article.map(({ id }) => id))

/** How an account stands, in what Slack may show of it. */
const Standing = Schema.Struct({
  accountId: AccountId,
  protection: Schema.Literals(protections),
  standard: SecurityStandard,
  /** Frozen by its owner. */
  reported: Schema.Boolean,
  mustEnrol: Schema.Boolean,
  /** The challenge of a set-up or change that waits for its code. */
  pending: Schema.NullOr(Schema.Struct({ challengeId: ChallengeId, method: MethodId, expiresAt: Instant })),
  /** When a reset by support takes effect, while one waits. */
  resetAt: Schema.NullOr(Instant),
  changedAt: Instant,
  canChange: Schema.Boolean,
  canSetUp: Schema.Boolean
})
export type Standing = typeof Standing.Type

/** One line of `why`. */
const Happened = Schema.Struct({
  type: EventType,
  at: Instant,
  actor: Actor,
  method: Schema.optionalKey(MethodId),
  purpose: Schema.optionalKey(Purpose),
  refused: Schema.Boolean
})

/** What is written into channels and direct messages, kept until it is there, and edited there. */
const kept = [
  /** The checklist in somebody's direct messages. `ended`: by its end, or since a newer one took its place. */
  Schema.TaggedStruct("guide", {
    guideId: GuideId,
    reached: Schema.Int,
    /** The challenge whose page *Open this step* leads to. */
    challengeId: Schema.NullOr(ChallengeId),
    ended: Schema.Boolean
  }),
  /** The two-digit number to pick at the portal; derived in the moment of sending, and the only one in its message. */
  Schema.TaggedStruct("number", { invitationId: SlackInvitationId }),
  /** Linking came to its end. */
  Schema.TaggedStruct("linked", { accountId: AccountId }),
  /** To the linked customer: what happened. `link`: the page of the notice. */
  Schema.TaggedStruct("notice", {
    about: Schema.Literals(["enabled", "changed", "disabled", "locked", "reported", "undone", "reset"]),
    accountId: AccountId,
    method: Schema.NullOr(MethodId),
    at: Instant,
    link: Schema.NullOr(NoticeLink)
  }),
  /** One message a case in the support channel. */
  Schema.TaggedStruct("case", { case: Case, canGuide: Schema.Boolean }),
  /** In its thread, when a person must act. */
  Schema.TaggedStruct("case_line", {
    caseId: CaseId,
    about: Schema.Literals(["again", "locked", "reported"]),
    at: Instant
  }),
  /** An alarm in the support channel. */
  Schema.TaggedStruct("alert", { alert: Alert }),
  /** One message an account and journey in the support channel: disabling posts it, the set-up edits it. */
  Schema.TaggedStruct("journey", {
    accountId: AccountId,
    standard: SecurityStandard,
    /** Of the method that was turned off or replaced. */
    from: Schema.NullOr(MethodId),
    by: Actor,
    startedAt: Instant,
    at: Instant
  }),
  /** A reset by support, in the support channel: requested, then edited to what became of it. */
  Schema.TaggedStruct("reset", {
    accountId: AccountId,
    stage: Schema.Literals(["requested", "cancelled", "executed"]),
    at: Instant
  }),
  /** From support to the customer: are you still there? */
  Schema.TaggedStruct("nudge", { caseId: CaseId, kind: Case.fields.kind })
] as const

/** What answers one command, button or message; shown once, to the person who asked. */
const answers = [
  Schema.TaggedStruct("help", { support: Schema.Boolean, linked: Schema.Boolean }),
  /** `nearest`: the word that it may have been. What was typed is not among the facts. */
  Schema.TaggedStruct("unknown_word", { nearest: Schema.NullOr(Schema.String) }),
  Schema.TaggedStruct("status", { standing: Standing }),
  /** Only who is linked has a status. */
  Schema.TaggedStruct("not_linked", {}),
  /** The steps with links, for whoever is not linked: without state. */
  Schema.TaggedStruct("steps", {}),
  /** The checklist is in the direct messages. */
  Schema.TaggedStruct("guide_begun", {}),
  Schema.TaggedStruct("guide_refused", { standing: Standing }),
  /** The checklist leads to email; to this method there is another way, at the portal. */
  Schema.TaggedStruct("other_way", { method: MethodId }),
  Schema.TaggedStruct("lost", { standing: Schema.NullOr(Standing) }),
  Schema.TaggedStruct("why", { accountId: AccountId, events: Schema.Array(Happened) }),
  /** The button to the portal; its token is derived in the moment of sending. */
  Schema.TaggedStruct("link_offer", { invitationId: SlackInvitationId, expiresAt: Instant }),
  Schema.TaggedStruct("already_linked", { accountId: AccountId }),
  Schema.TaggedStruct("unlinked", { accountId: AccountId }),
  /** Where the message with the code stands; null where no code was asked for. */
  Schema.TaggedStruct("delivery", {
    delivery: Schema.NullOr(
      Schema.Struct({ method: MethodId, state: DeliveryState, at: Instant, canResendAt: Instant })
    ),
    challengeId: Schema.NullOr(ChallengeId)
  }),
  Schema.TaggedStruct("case_opened", { caseId: CaseId, step: Schema.NullOr(Step), isNew: Schema.Boolean }),
  /** A secret was typed. `cancelled`: the open codes of a linked account were (nothing is said of the digits). */
  Schema.TaggedStruct("secret_seen", { cancelled: Schema.Boolean }),
  Schema.TaggedStruct("not_for_you", {}),
  Schema.TaggedStruct("cases", { cases: Schema.Array(Case) }),
  Schema.TaggedStruct("case_shown", { case: Case, canGuide: Schema.Boolean }),
  Schema.TaggedStruct("no_such_case", {}),
  /** The case has moved on: what was asked for is not possible now. */
  Schema.TaggedStruct("case_moved_on", { case: Case }),
  Schema.TaggedStruct("found", { standing: Standing, lastStep: Schema.NullOr(Happened) }),
  Schema.TaggedStruct("not_found", {}),
  Schema.TaggedStruct("nudged", { caseId: CaseId }),
  /** Nobody in Slack is linked with the account of the case. */
  Schema.TaggedStruct("cannot_reach", { caseId: CaseId }),
  Schema.TaggedStruct("slow_down", {}),
  Schema.TaggedStruct("unavailable", { reference: Schema.String })
] as const

/**
 * The messages of the bot, as facts: no code, password, token, address, number or name is ever among them, and no free
 * text that somebody typed.
 */
export const SlackMessage = Schema.Union([...kept, ...answers])
export type SlackMessage = typeof SlackMessage.Type

/** The facts of one kind of message. */
export type SlackFacts<Tag extends SlackMessage["_tag"]> = Extract<SlackMessage, { readonly _tag: Tag }>
