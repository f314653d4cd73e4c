import { Schema } from "effect"
import { ChallengeStatus } from "./ids.ts"
import { NoticeStatus } from "./notices.ts"
import { refusal } from "./refusal.ts"

const retryAfter = { retryAfter: Schema.Int.annotate({ description: "Seconds, as in the header Retry-After." }) }

/** A field of the request that is not what it has to be: a JSON pointer, and the rule without the value. */
export const FieldFault = Schema.Struct({ pointer: Schema.String, detail: Schema.String })
export type FieldFault = typeof FieldFault.Type

export class ValidationFailed extends refusal<ValidationFailed>()(
  "ValidationFailed",
  {
    code: "validation_failed",
    status: 400,
    title: "The request is not valid",
    detail: "Correct the fields that are named in errors and send the request again. Nothing was changed."
  },
  { errors: Schema.optionalKey(Schema.Array(FieldFault)) }
) {}

/** The password was judged and the failure counted; nothing else changed. */
export class PasswordIncorrect extends refusal<PasswordIncorrect>()(
  "PasswordIncorrect",
  {
    code: "password_incorrect",
    status: 403,
    title: "That password is not right",
    detail: "Nothing was changed. Check the password and try again."
  },
  {}
) {}

/** `REKEY_STEP_UP=required`, and no grant came with the request (S-07). */
export class StepUpRequired extends refusal<StepUpRequired>()(
  "StepUpRequired",
  {
    code: "step_up_required",
    status: 403,
    title: "A fresh proof of the current method is needed",
    detail: "Send the grant of a sign-in or a step-up of the last 10 minutes. Nothing was changed."
  },
  {}
) {}

/** The grant is spent, expired, of another account or of an older epoch (S-08). */
export class GrantInvalid extends refusal<GrantInvalid>()(
  "GrantInvalid",
  {
    code: "grant_invalid",
    status: 403,
    title: "That grant is not valid any more",
    detail: "Prove the current method again with a step-up. Nothing was changed."
  },
  {}
) {}

export class MethodSuspended extends refusal<MethodSuspended>()(
  "MethodSuspended",
  {
    code: "method_suspended",
    status: 403,
    title: "Code entry is paused on this account",
    detail: "Too many wrong codes were entered. The account stays protected; support can help its owner."
  },
  {}
) {}

export class ProtectionReported extends refusal<ProtectionReported>()(
  "ProtectionReported",
  {
    code: "protection_reported",
    status: 403,
    title: "The owner has frozen the protection of this account",
    detail: "Nothing about it changes until the owner or support lifts the freeze."
  },
  {}
) {}

export class NotFound extends refusal<NotFound>()(
  "NotFound",
  { code: "not_found", status: 404, title: "There is no such thing here", detail: "Check the address of the request." },
  {}
) {}

export class AlreadyEnabled extends refusal<AlreadyEnabled>()(
  "AlreadyEnabled",
  {
    code: "already_enabled",
    status: 409,
    title: "Two-factor authentication is already on",
    detail: "Change the method instead, or disable it first. Nothing was changed."
  },
  {}
) {}

export class AlreadyDisabled extends refusal<AlreadyDisabled>()(
  "AlreadyDisabled",
  {
    code: "already_disabled",
    status: 409,
    title: "Two-factor authentication is already off",
    detail: "There is nothing to disable."
  },
  {}
) {}

export class NotEnabled extends refusal<NotEnabled>()(
  "NotEnabled",
  {
    code: "not_enabled",
    status: 409,
    title: "Two-factor authentication is off",
    detail: "Set it up first. Nothing was changed."
  },
  {}
) {}

export class SameMethod extends refusal<SameMethod>()(
  "SameMethod",
  {
    code: "same_method",
    status: 409,
    title: "That method is already in force at that destination",
    detail: "Choose another method or another destination. Nothing was changed."
  },
  {}
) {}

export class MethodUnavailable extends refusal<MethodUnavailable>()(
  "MethodUnavailable",
  {
    code: "method_unavailable",
    status: 409,
    title: "That method is not on offer here",
    detail: "Choose another method. Nothing was changed."
  },
  {}
) {}

/** An import tried to change protection, which only the operations do. */
export class ManagedHere extends refusal<ManagedHere>()(
  "ManagedHere",
  {
    code: "managed_here",
    status: 409,
    title: "Two-factor authentication of this account is managed here",
    detail: "Leave twoFactor out, or use set-up, change and disable. Nothing was changed."
  },
  {}
) {}

export class IdempotencyConflict extends refusal<IdempotencyConflict>()(
  "IdempotencyConflict",
  {
    code: "idempotency_conflict",
    status: 409,
    title: "That Idempotency-Key was used for another request",
    detail: "Use a new key for a new request. Nothing was changed."
  },
  {}
) {}

export class IdempotencyInProgress extends refusal<IdempotencyInProgress>()(
  "IdempotencyInProgress",
  {
    code: "idempotency_in_progress",
    status: 409,
    title: "The first request with that Idempotency-Key is still running",
    detail: "Repeat the request in a moment with the same key."
  },
  retryAfter
) {}

export class CodeExpired extends refusal<CodeExpired>()(
  "CodeExpired",
  {
    code: "code_expired",
    status: 410,
    title: "That code has expired",
    detail: "Ask for a new code. The try was not counted."
  },
  {}
) {}

export class ChallengeClosed extends refusal<ChallengeClosed>()(
  "ChallengeClosed",
  {
    code: "challenge_closed",
    status: 410,
    title: "That challenge is no longer open",
    detail: "Start again. challengeStatus says how it ended."
  },
  { challengeStatus: ChallengeStatus }
) {}

/** The link of a notice: it was used, its time is over, or the account has moved on since. */
export class LinkOver extends refusal<LinkOver>()(
  "LinkOver",
  {
    code: "link_over",
    status: 410,
    title: "That link is no longer good",
    detail: "linkStatus says why. Nothing was changed."
  },
  { linkStatus: NoticeStatus }
) {}

/** S-20, S-23: the guess was judged and counted; nothing else changed. */
export class CodeIncorrect extends refusal<CodeIncorrect>()(
  "CodeIncorrect",
  {
    code: "code_incorrect",
    status: 422,
    title: "That code is not right",
    detail: "Check the newest message and try again. Nothing was changed."
  },
  { attemptsRemaining: Schema.Int }
) {}

/** The tries of this challenge are used up, also for the right code (S-20). */
export class TooManyAttempts extends refusal<TooManyAttempts>()(
  "TooManyAttempts",
  {
    code: "too_many_attempts",
    status: 429,
    title: "Too many tries",
    detail: "This challenge accepts no more codes. Start again later. Nothing was changed."
  },
  { attemptsRemaining: Schema.Int, ...retryAfter }
) {}

export class ResendTooSoon extends refusal<ResendTooSoon>()(
  "ResendTooSoon",
  {
    code: "resend_too_soon",
    status: 429,
    title: "It is too soon to send the code again",
    detail: "Wait until retryAfter seconds have passed. No message was sent."
  },
  retryAfter
) {}

/** A budget or a delay of `security.md` holds: nothing was judged, sent or counted. */
export class RateLimited extends refusal<RateLimited>()(
  "RateLimited",
  {
    code: "rate_limited",
    status: 429,
    title: "Too many requests of this kind",
    detail: "Wait until retryAfter seconds have passed. Nothing was judged, sent or counted."
  },
  retryAfter
) {}

/** Nothing happened, or it is unknown whether it did: the same key tells (P6). */
export class Unavailable extends refusal<Unavailable>()(
  "Unavailable",
  {
    code: "unavailable",
    status: 503,
    title: "The service is not available right now",
    detail: "Repeat the request in a moment with the same Idempotency-Key."
  },
  retryAfter
) {}
