import { type App, isValidSlackRequest, type Receiver } from "@slack/bolt"
import { Clock, Effect, Redacted } from "effect"

/** How far the time of a request may be from ours, either way, in seconds (S-64). */
export const windowSeconds = 300

/** A request as it came, before anything in it is believed. */
export interface Delivered {
  readonly body: string
  readonly contentType: string | undefined
  /** Names and values in turn, as node has them: a header that comes twice is there twice. */
  readonly rawHeaders: ReadonlyArray<string>
}

/** What is answered, at once. */
export interface Reply {
  readonly status: number
  readonly body: string
}

/** The header where it comes exactly once. */
const single = (rawHeaders: ReadonlyArray<string>, name: string): string | undefined => {
  const values = rawHeaders.filter((_, place) => place % 2 === 1 && rawHeaders[place - 1]?.toLowerCase() === name)
  return values.length === 1 ? values[0] : undefined
}

/**
 * The signature of a request that Slack has signed, within five minutes of now, before or after (S-64); undefined for any
 * other. Constant time, over the body as it came, before it is parsed.
 */
export const signatureOf = Effect.fnUntraced(function* ({ body, rawHeaders }: Delivered, secret: Redacted.Redacted) {
  const signature = single(rawHeaders, "x-slack-signature")
  const timestamp = single(rawHeaders, "x-slack-request-timestamp")
  if (signature === undefined || timestamp === undefined) return undefined
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^[1-9]\d{0,11}$/.test(timestamp)) return undefined
  const now = yield* Clock.currentTimeMillis
  if (Math.abs(now / 1000 - Number(timestamp)) > windowSeconds) return undefined
  const isGenuine = isValidSlackRequest({
    signingSecret: Redacted.value(secret),
    body,
    headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(timestamp) },
    nowMilliseconds: now
  })
  return isGenuine ? signature : undefined
})

type Body = Readonly<Record<string, unknown>>

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

/** The body of a command (a form), an interaction (a form with JSON in it) or an event (JSON); undefined where it is none. */
export const bodyOf = ({ body, contentType }: Pick<Delivered, "body" | "contentType">): Body | undefined => {
  try {
    if (contentType?.startsWith("application/x-www-form-urlencoded") !== true) {
      const parsed: unknown = JSON.parse(body)
      return isBody(parsed) ? parsed : undefined
    }
    const form = new URLSearchParams(body)
    const payload = form.get("payload")
    const parsed: unknown = payload === null ? Object.fromEntries(form) : JSON.parse(payload)
    return isBody(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

const done: Reply = { status: 200, body: "" }

/**
 * Bolt behind our own HTTP server. A genuine request is acknowledged before anybody looks at it, so that no database, mail
 * server or Slack itself can hold the acknowledgement up (S-67).
 */
export class HttpReceiver implements Receiver {
  #app: App | undefined
  readonly #failed: () => void
  constructor(failed: () => void) {
    this.#failed = failed
  }
  init(app: App) {
    this.#app = app
  }
  start() {
    return Promise.resolve()
  }
  stop() {
    return Promise.resolve()
  }
  /** Takes a request whose signature is genuine. */
  take(delivered: Delivered, signature: string): Reply {
    const body = bodyOf(delivered)
    if (body === undefined) return { status: 400, body: "" }
    const { type, challenge } = body
    if (type === "url_verification") return { status: 200, body: typeof challenge === "string" ? challenge : "" }
    if (body["ssl_check"] !== undefined) return done
    this.#app
      ?.processEvent({ body, ack: () => Promise.resolve(), customProperties: { signature } })
      .catch(() => this.#failed())
    return done
  }
}
