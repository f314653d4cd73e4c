import { LogLevel, WebClient, type WebClientOptions } from "@slack/web-api"
import { Effect } from "effect"
import { createServer, type IncomingMessage } from "node:http"
import type { FakeSlack } from "../kit/fakeSlack.ts"

type Fake = FakeSlack["Service"]

const silent = () => {}

/** A logger of Slack's libraries that says nothing: refusals are what these tests are about. */
export const quiet = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => LogLevel.ERROR
}

/** The real client of Slack, which gives up at once. */
export const clientOf = (fake: Fake, token = fake.botToken, options: WebClientOptions = {}) =>
  new WebClient(token, {
    slackApiUrl: fake.apiUrl,
    logger: quiet,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...options
  })

/** What a call came to: the answer. */
export const asked = <A>(call: () => Promise<A>) => Effect.promise(call)

/** What a call came to: why it failed, in Slack's word where there is one. */
export const refusalOf = (call: () => Promise<unknown>) =>
  Effect.flip(
    Effect.tryPromise({
      try: call,
      catch: (error) => {
        const { data, message } = error as { readonly data?: { readonly error?: string }; readonly message: string }
        return data?.error ?? message
      }
    })
  )

/** A request as an app got it, with every header line. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly lines: ReadonlyArray<string>
  readonly body: string
}

/** How an app answers: a body, JSON where it is an object; nothing at all where it is `cut`. */
export type Answering = (heard: Heard) => unknown

/** A tiny app: it keeps what it hears. */
export const anApp = (answering: Answering = () => "") =>
  Effect.acquireRelease(
    Effect.callback<{ readonly base: string; readonly heard: Array<Heard>; readonly close: () => void }>((resume) => {
      const heard: Array<Heard> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const { method = "", url = "", headers, rawHeaders } = request
          const lines = rawHeaders.filter((_, index) => index % 2 === 0)
          const one = { method, path: url, headers, lines, body: Buffer.concat(chunks).toString("utf8") }
          heard.push(one)
          const answer = answering(one)
          if (answer === "cut") response.destroy()
          else if (typeof answer === "string") response.end(answer)
          else response.setHeader("content-type", "application/json").end(JSON.stringify(answer))
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ base: `http://127.0.0.1:${port}`, heard, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )
