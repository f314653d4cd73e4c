import { Schema } from "effect"
import { Alert, Case } from "./cases.ts"
import { Channel, ChallengeId, MethodId, Purpose } from "./ids.ts"

/** A person as the portal describes them: for the audit trail, notices and per-source budgets, never for authorisation. */
export const Client = Schema.Struct({
  ip: Schema.optionalKey(Schema.String),
  userAgent: Schema.optionalKey(Schema.String)
})
export type Client = typeof Client.Type

/** What every letter tells: when it happened, for which account, and from where where that is known (S-44). */
const circumstances = {
  accountId: Schema.String,
  at: Schema.DateTimeUtc,
  client: Schema.optionalKey(Client)
}

/**
 * The link of a notice: which event it names, at which epoch, and by which key its token is derived in the moment of
 * sending. The token itself is never among the facts.
 */
export const NoticeLink = Schema.Struct({ id: Schema.String, epoch: Schema.Int, keyId: Schema.String })
export type NoticeLink = typeof NoticeLink.Type

const linked = { ...circumstances, link: Schema.optionalKey(NoticeLink) }

/**
 * The letters of `experience.md`, as facts. No code, password or token is ever among them (S-27, S-45): the sender
 * derives the code of a `code` letter in the moment of sending.
 */
export const Letter = Schema.Union([
  /** The code itself. `issue` must still be the challenge's when it is sent, else the letter is obsolete. */
  Schema.TaggedStruct("code", {
    ...circumstances,
    challengeId: ChallengeId,
    issue: Schema.Int,
    purpose: Purpose,
    method: MethodId,
    expiresAt: Schema.DateTimeUtc
  }),
  /** A set-up (`from` null) or a change was committed. */
  Schema.TaggedStruct("changed", { ...linked, from: Schema.NullOr(MethodId), to: MethodId }),
  /** The same, to the destination that is no longer in force. */
  Schema.TaggedStruct("replaced", { ...linked, from: MethodId, to: MethodId }),
  Schema.TaggedStruct("disabled", { ...linked, method: MethodId }),
  /** A reminder; sent only if the account has had no method since `at`, to the e-mail address that it has when due. */
  Schema.TaggedStruct("unfinished", circumstances),
  Schema.TaggedStruct("suspended", { ...circumstances, method: MethodId }),
  Schema.TaggedStruct("tries", { ...circumstances, purpose: Purpose }),
  /** A right code after so many wrong ones (S-46). */
  Schema.TaggedStruct("proved_after_failures", { ...circumstances, purpose: Purpose, failures: Schema.Int }),
  /** `changed` lists what is different now. `removed`: this very address was removed. */
  Schema.TaggedStruct("contact", {
    ...circumstances,
    changed: Schema.Array(Schema.Literals(["email", "phone", "password"]))
  }),
  /** A notice to `address` (already masked) failed for good. */
  Schema.TaggedStruct("undelivered", {
    ...circumstances,
    channel: Channel,
    address: Schema.String,
    about: Schema.String
  }),
  /** Support was asked for a reset, which takes effect at `executesAt` unless it is stopped. `requestedBy` is free text. */
  Schema.TaggedStruct("reset", {
    ...linked,
    stage: Schema.Literal("requested"),
    requestedBy: Schema.String,
    executesAt: Schema.DateTimeUtc
  }),
  /** What became of it. */
  Schema.TaggedStruct("reset", {
    ...circumstances,
    stage: Schema.Literals(["cancelled", "executed"]),
    requestedBy: Schema.String
  }),
  /** A Slack user was linked with the account, or is so no longer (S-68). `slackUser`: as Slack shows them, free text. */
  Schema.TaggedStruct("slack", {
    ...circumstances,
    stage: Schema.Literals(["linked", "unlinked"]),
    slackUser: Schema.String
  }),
  /** To support: a case as it stands. */
  Schema.TaggedStruct("case", { ...circumstances, case: Case }),
  /** To support: an alarm as it stands. */
  Schema.TaggedStruct("alert", { ...circumstances, alert: Alert })
])
export type Letter = typeof Letter.Type

/** What goes to the people of support, by mail only. */
export type SupportLetter = Extract<Letter, { readonly _tag: "case" | "alert" }>

/** What goes to a customer. */
export type CustomerLetter = Exclude<Letter, SupportLetter>

/** Whether a letter goes to support. One that fails is no news for the customer whom it is about. */
export const isToSupport = (letter: Letter): letter is SupportLetter =>
  letter._tag === "case" || letter._tag === "alert"

/** A letter on its way: to whom, in which language, and between which instants it may be handed over. */
export interface Message {
  readonly id: string
  readonly accountId: string
  readonly channel: Channel
  /** The bare address, byte for byte (S-73). */
  readonly address: string
  readonly letter: Letter
  readonly name: string | null
  readonly locale: string | null
  readonly timeZone: string | null
  /** Set for a `code` letter: the challenge whose delivery line this is. */
  readonly challengeId: string | null
  readonly notBefore: Date
  /** Never handed over after this (S-75, I10). */
  readonly notAfter: Date
}
