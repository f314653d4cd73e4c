import { Effect } from "effect"
import { createHmac } from "node:crypto"
import { request as send } from "node:http"
import { performance } from "node:perf_hooks"

/** A request to the app, down to what is wrong with it. */
export interface Delivery {
  readonly body: string | Uint8Array
  /** None where it is null. */
  readonly contentType?: string | null
  /** Beside the usual ones; a name that is there already is sent twice. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>
  /** Seconds; now where it is not said. */
  readonly timestamp?: number | string
  /** With what it is signed. */
  readonly secret?: string
  /** Instead of the right one. */
  readonly signature?: string
  /** Names of headers that are left out. */
  readonly drop?: ReadonlyArray<string>
  /** Names of headers that are sent twice, with the same value. */
  readonly double?: ReadonlyArray<string>
  readonly method?: string
  /** `/slack/events` where it is not said. */
  readonly path?: string
}

/** A request exactly as it was sent. */
export interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string | Uint8Array
}

/** What the app answered. */
export interface Answered {
  /** 0 where no answer came within ten seconds, or the connection was cut. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly body: string
  readonly millis: number
}

/** How Slack signs: HMAC-SHA256 of version, timestamp and raw body. */
export const signatureOf = (secret: string, timestamp: number | string, body: string | Uint8Array): string =>
  `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`

/** The bytes of a delivery to an app at this base. */
export const signed = (delivery: Delivery, base: string, secret: string): Sent => {
  const { body, contentType = "application/x-www-form-urlencoded", headers = [], drop = [], double = [] } = delivery
  const url = new URL(delivery.path ?? "/slack/events", base)
  const timestamp = delivery.timestamp ?? Math.floor(Date.now() / 1000)
  const usual = [
    ["Host", url.host],
    ["User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"],
    ["Accept", "application/json,*/*"],
    ...(contentType === null ? [] : [["Content-Type", contentType] as const]),
    ["Content-Length", String(Buffer.byteLength(body))],
    ["X-Slack-Request-Timestamp", String(timestamp)],
    ["X-Slack-Signature", delivery.signature ?? signatureOf(delivery.secret ?? secret, timestamp, body)]
  ] as const
  const named = (names: ReadonlyArray<string>, name: string) =>
    names.some((other) => other.toLowerCase() === name.toLowerCase())
  const all = [...usual, ...headers]
    .filter(([name]) => !named(drop, name))
    .flatMap((header) => (named(double, header[0]) ? [header, header] : [header]))
  return { url: url.href, method: delivery.method ?? "POST", headers: all, body }
}

const patienceMillis = 10_000

/** Sends it, and waits for the answer longer than Slack would. */
export const sendRaw = ({ url, method, headers, body }: Sent): Effect.Effect<Answered> =>
  Effect.callback<Answered>((resume) => {
    const from = performance.now()
    const done = (status: number, got: Answered["headers"], text: string) =>
      resume(Effect.succeed({ status, headers: got, body: text, millis: performance.now() - from }))
    // Raw, flat headers: only so do two of one name go out as two lines.
    const sending = send(url, { method, headers: headers.flat(), agent: false }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", (error) => done(0, {}, error.message))
      response.on("end", () => done(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString("utf8")))
    })
    sending.setTimeout(patienceMillis, () => sending.destroy(new Error("no answer came")))
    sending.on("error", (error) => done(0, {}, error.message))
    sending.end(body)
    return Effect.sync(() => sending.destroy())
  })
