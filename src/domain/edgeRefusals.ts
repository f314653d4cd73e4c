import { refusal } from "./refusal.ts"

// What the door of the API answers before, or instead of, any operation.

/** No API key, or one that is not known (S-55). */
export class Unauthorized extends refusal<Unauthorized>()(
  "Unauthorized",
  {
    code: "unauthorized",
    status: 401,
    title: "An API key is needed",
    detail: "Send Authorization: Bearer with one of the keys of REKEY_API_KEY."
  },
  {}
) {}

/** A request to the bot that Slack has not signed, or not within five minutes of now (S-64). */
export class NotSignedBySlack extends refusal<NotSignedBySlack>()(
  "NotSignedBySlack",
  {
    code: "unauthorized",
    status: 401,
    title: "This is not signed by Slack",
    detail: "Only Slack calls this address. Check SLACK_SIGNING_SECRET, and the clock of this machine."
  },
  {}
) {}

/** More than Slack ever sends: a press of a button carries its whole message, and no more. */
export class DeliveryTooLarge extends refusal<DeliveryTooLarge>()(
  "DeliveryTooLarge",
  { code: "payload_too_large", status: 413, title: "The body is too large", detail: "Slack sends at most 256 KiB." },
  {}
) {}

/** The role of the key does not make this call. */
export class Forbidden extends refusal<Forbidden>()(
  "Forbidden",
  {
    code: "forbidden",
    status: 403,
    title: "This key may not do that",
    detail: "Use a key of a role that may make this call."
  },
  {}
) {}

/** The path is there, with other methods. */
export class MethodNotAllowed extends refusal<MethodNotAllowed>()(
  "MethodNotAllowed",
  {
    code: "method_not_allowed",
    status: 405,
    title: "That method is not allowed here",
    detail: "Use one of the methods in the Allow header."
  },
  {}
) {}

/** The body was not read to its end. */
export class PayloadTooLarge extends refusal<PayloadTooLarge>()(
  "PayloadTooLarge",
  { code: "payload_too_large", status: 413, title: "The body is too large", detail: "Send at most 16 KiB." },
  {}
) {}

/** The body is not JSON by its Content-Type. */
export class UnsupportedMediaType extends refusal<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  {
    code: "unsupported_media_type",
    status: 415,
    title: "The body has to be JSON",
    detail: "Send Content-Type: application/json."
  },
  {}
) {}

/** A page asked for under another host than that of PUBLIC_URL. */
export class Misdirected extends refusal<Misdirected>()(
  "Misdirected",
  {
    code: "misdirected",
    status: 421,
    title: "That host is not served here",
    detail: "Pages answer only under the host of PUBLIC_URL."
  },
  {}
) {}

/** A defect: what happened is in the log, under the reference. */
export class InternalError extends refusal<InternalError>()(
  "InternalError",
  {
    code: "internal_error",
    status: 500,
    title: "Something went wrong here",
    detail:
      "Quote the reference to the operator. Repeat the request with the same Idempotency-Key to learn what happened."
  },
  {}
) {}
