import { Schema } from "effect"
import {
  Actor,
  AccountId,
  ChallengeId,
  ChallengeStatus,
  DeliveryState,
  EnrolmentId,
  MethodId,
  Purpose,
  ResetId
} from "./ids.ts"
import { Instant, instant } from "./instant.ts"
import { Client } from "./letters.ts"
import { Action } from "./state.ts"

/** What a method is worth (S-01): its NIST level, and whether NIST calls it restricted. */
export const Assurance = Schema.Struct({ aal: Schema.Literals([1, 2]), restricted: Schema.Boolean })
export type Assurance = typeof Assurance.Type

/** The standard in force, or `NONE`. */
export const SecurityStandard = Schema.Union([MethodId, Schema.Literal("NONE")])

/** How an account is protected, as the portal, pages and Slack see it. */
export const TwoFactor = Schema.Struct({
  accountId: AccountId,
  status: Schema.Literals(["enabled", "disabled"]),
  securityStandard: SecurityStandard,
  methods: Schema.Array(
    Schema.Struct({
      id: EnrolmentId,
      method: MethodId,
      destination: Schema.String.annotate({ description: "masked" }),
      enrolledAt: Instant,
      lastUsedAt: Schema.NullOr(Instant),
      assurance: Assurance
    })
  ),
  lock: Schema.NullOr(
    Schema.Struct({
      reason: Schema.Literals(["too_many_failures", "reported"]),
      since: Instant,
      until: Schema.NullOr(Instant)
    })
  ),
  mustEnrol: Schema.Boolean,
  allowed: Schema.Array(Action),
  pending: Schema.NullOr(
    Schema.Struct({
      challengeId: ChallengeId,
      purpose: Purpose,
      method: MethodId,
      expiresAt: Instant
    })
  ),
  reset: Schema.NullOr(
    Schema.Struct({
      id: ResetId,
      executesAt: instant("When it turns two-factor authentication off, unless it is stopped."),
      requestedBy: Schema.String
    })
  ),
  changedAt: Instant,
  epoch: Schema.Int.annotate({
    description: "Raised by every change of protection or password, and by a report of its owner."
  })
}).annotate({ identifier: "TwoFactor" })
export type TwoFactor = typeof TwoFactor.Type

/** A reset by support, while it waits. */
export const WaitingReset = Schema.Struct({
  id: ResetId,
  status: Schema.tag("waiting"),
  executesAt: instant("When it turns two-factor authentication off, unless it is stopped.")
}).annotate({ identifier: "Reset" })
export type WaitingReset = typeof WaitingReset.Type

/** What an account holds besides its protection; contacts are masked (S-41). */
export const Account = Schema.Struct({
  accountId: AccountId,
  email: Schema.String.annotate({ description: "masked" }),
  phone: Schema.NullOr(Schema.String.annotate({ description: "masked" })),
  name: Schema.NullOr(Schema.String),
  locale: Schema.NullOr(Schema.String),
  timeZone: Schema.NullOr(Schema.String),
  twoFactor: TwoFactor
}).annotate({ identifier: "Account" })
export type Account = typeof Account.Type

/** Where the newest message of a challenge stands. */
export const Delivery = Schema.Struct({
  state: DeliveryState,
  at: Instant,
  detail: Schema.NullOr(Schema.String)
})
export type Delivery = typeof Delivery.Type

/** One code asked for, for one purpose. The code is in no answer (S-26). */
export const Challenge = Schema.Struct({
  id: ChallengeId,
  accountId: AccountId,
  purpose: Purpose,
  method: MethodId,
  destination: Schema.String.annotate({ description: "masked" }),
  codeLength: Schema.Int.annotate({ description: "Digits of the code." }),
  status: ChallengeStatus,
  issuedAt: Instant,
  expiresAt: instant("When the code expires."),
  closesAt: instant("When the whole challenge closes."),
  resendAfter: instant("When the code may be sent again."),
  attemptsRemaining: Schema.Int.annotate({ description: "Wrong codes that this challenge still takes." }),
  delivery: Delivery
}).annotate({ identifier: "Challenge" })
export type Challenge = typeof Challenge.Type

/** What was done. `grant` is a bearer token: single use, 10 minutes, bound to account and epoch (S-08). */
export const Outcome = Schema.Struct({
  purpose: Purpose,
  status: Schema.Literals(["enabled", "changed", "signed-in", "stepped-up"]),
  message: Schema.String.annotate({ description: "What was done, in a sentence for the person." }),
  grant: Schema.optionalKey(
    Schema.String.annotate({
      description: "Proof of the current method: for one use within 10 minutes, by this account."
    })
  ),
  twoFactor: TwoFactor
}).annotate({ identifier: "Outcome" })
export type Outcome = typeof Outcome.Type

/** The kinds of entry in the audit trail. */
export const EventType = Schema.Literals([
  "account.imported",
  "account.contact_changed",
  "account.deleted",
  "signed_in",
  "code.requested",
  "code.accepted",
  "code.rejected",
  "password.rejected",
  "challenge.closed",
  "method.enabled",
  "method.changed",
  "method.disabled",
  "method.suspended",
  "protection.reported",
  "protection.undone",
  "delivery.failed",
  "reset.requested",
  "reset.cancelled",
  "reset.executed",
  "slack.linked",
  "slack.unlinked"
])
export type EventType = typeof EventType.Type

/** One entry of the audit trail (S-79). */
export const Event = Schema.Struct({
  id: Schema.String,
  type: EventType,
  at: Instant,
  accountId: AccountId,
  epoch: Schema.Int,
  actor: Actor,
  method: Schema.optionalKey(MethodId),
  purpose: Schema.optionalKey(Purpose),
  outcome: Schema.Literals(["succeeded", "refused"]),
  reason: Schema.optionalKey(Schema.String),
  client: Schema.optionalKey(Client),
  reference: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "Event" })
export type Event = typeof Event.Type

/** An entry before it has its place in the chain. */
export type EventDraft = Omit<Event, "id" | "accountId" | "at">
