import { refusal } from "./refusal.ts"

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

export class PayloadTooLarge extends refusal<PayloadTooLarge>()(
  "PayloadTooLarge",
  { code: "payload_too_large", status: 413, title: "The body is too large", detail: "Send at most 16 KiB." },
  {}
) {}

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
