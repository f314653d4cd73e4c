import type { SMTPPoolOptions } from "nodemailer/lib/smtp-pool"
import { bareHost, isLoopbackHost } from "../../domain/loopback.ts"

const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 }

/**
 * How the mail server of this URL is spoken to (S-74): `smtps` with a verified certificate; `smtp` by STARTTLS, which
 * must be offered and verified. On loopback there is no network to protect, so plain text and any certificate do.
 */
export const smtpOptions = (url: URL): SMTPPoolOptions & { readonly pool: true } => {
  const host = bareHost(url.hostname)
  const secure = url.protocol === "smtps:"
  const near = !secure && isLoopbackHost(host)
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !near,
    tls: { rejectUnauthorized: !near, minVersion: "TLSv1.2" },
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }, forceAuth: true }),
    pool: true,
    maxConnections: 8,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...timeouts
  }
}

/** Whose fault it is that a mail was not taken. */
export type Blame = "recipient" | "server" | "settings"

/** What is known of a failed hand-over. The server's own words may hold the address, so they are not repeated. */
export interface SmtpVerdict {
  readonly blame: Blame
  readonly reason: string
}

interface SmtpError {
  readonly code: string
  readonly command: string
  readonly responseCode: number
  readonly response: string
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")

const smtpError = (cause: unknown): SmtpError => {
  const read: Readonly<Record<string, unknown>> = typeof cause === "object" && cause !== null ? { ...cause } : {}
  return {
    code: text(read.code),
    command: text(read.command),
    responseCode: typeof read.responseCode === "number" ? read.responseCode : 0,
    response: text(read.response)
  }
}

/** The enhanced status codes (RFC 3463) that tell a person more than "refused". */
const refusals: ReadonlyArray<readonly [RegExp, string]> = [
  [/^5\.1\.[1236]\b/, "The mail server says that this address does not exist"],
  [/^5\.1\.10\b/, "The domain of this address takes no mail"],
  [/^5\.2\.1\b/, "The mail server says that this mailbox is closed"],
  [/^5\.2\.2\b/, "The mail server says that this mailbox is full"]
]

const refusal = ({ response, responseCode }: SmtpError): string => {
  const status = /^\d{3}[ -](\d\.\d+\.\d+)/.exec(response)?.[1] ?? ""
  const known = refusals.find(([pattern]) => pattern.test(status))?.[1]
  return known ?? `The mail server refused this address (${responseCode})`
}

/** 5xx that say "you may not send here": every mail would get them, so no recipient is given up for them. */
const mayNotSend = new Set([503, 530, 534, 535, 538])

const tlsFault = /^(?:ETLS|EREQUIRETLS|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_)/

const unverified = (error: SmtpError, cause: unknown): boolean =>
  tlsFault.test(error.code) ||
  (error.responseCode === 0 &&
    cause instanceof Error &&
    /certificate|STARTTLS|altnames|wrong version number|self.signed/i.test(cause.message))

const permanent = (code: number): boolean => code >= 500 && code < 600

/**
 * Who is to blame for a failed hand-over, in plain words. Only what the server says about the recipient or the mail
 * itself ends the attempts; a refused login or sender is for the operator to repair and the mail waits.
 */
export const judge = (cause: unknown): SmtpVerdict => {
  const error = smtpError(cause)
  const { responseCode, command, response } = error
  // first: a server without STARTTLS answers it with a 5xx like any other
  if (unverified(error, cause)) return { blame: "settings", reason: "The mail server offers no verified encryption" }
  if (permanent(responseCode)) {
    const relayDenied = /\brelay|authenticat/i.test(response)
    const aboutRecipient = command === "RCPT TO" || command === "DATA"
    if (aboutRecipient && !mayNotSend.has(responseCode) && !relayDenied) {
      return { blame: "recipient", reason: refusal(error) }
    }
    return { blame: "settings", reason: `The mail server does not let us send (${responseCode})` }
  }
  if (responseCode >= 400)
    return { blame: "server", reason: `The mail server asks to try again later (${responseCode})` }
  if (error.code === "EAUTH" || error.code === "ENOAUTH") {
    return { blame: "settings", reason: "The mail server does not let us sign in" }
  }
  return { blame: "server", reason: "The mail server cannot be reached" }
}
