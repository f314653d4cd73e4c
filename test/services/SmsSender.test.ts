import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Tracer } from "effect"
import { createServer, type IncomingMessage } from "node:http"
import { Inbox } from "../../src/services/Inbox.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** A gateway on loopback that answers with this status; closed with the scope. */
const gateway = (status: number, headers: Record<string, string> = {}) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly host: string; readonly asked: Array<Asked>; readonly close: () => void }>((resume) => {
      const asked: Array<Asked> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          asked.push({
            method: request.method ?? "",
            url: request.url ?? "",
            headers: request.headers,
            body: Buffer.concat(chunks).toString()
          })
          response.writeHead(status, headers).end(`{"message":"about +60125550143"}`)
        })
      }).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ host: `127.0.0.1:${port}`, asked, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

const text = { id: "01890a5d-ac96-774b-bcce-b302099a8058", to: "+60125550143", text: "Harbor: 482913 is your code" }

const senderAt = (url: string) =>
  Effect.map(Layer.build(SmsSender.layer(Redacted.make(url))), (context) => Effect.provide(SmsSender, context)).pipe(
    Effect.flatten
  )

const twilioAt = (host: string) => senderAt(`twilio://AC0123:to%2Fken@${host}?from=+15005550006`)
const webhookAt = (host: string) => senderAt(`webhook+http://user:secret@${host}/hook/a%20b?key=s3cret&x=1`)

describe("SmsSender", () => {
  it.live("twilio: a form for the Messages API, signed in with SID and token", () =>
    Effect.gen(function* () {
      const { host, asked } = yield* gateway(201)
      const sender = yield* twilioAt(host)
      assert.isTrue(sender.available)
      assert.deepStrictEqual(yield* sender.send(text), { detail: "Handed to the text message gateway" })
      assert.lengthOf(asked, 1)
      const [request] = asked
      assert.strictEqual(request?.method, "POST")
      assert.strictEqual(request?.url, "/2010-04-01/Accounts/AC0123/Messages.json")
      assert.strictEqual(request?.headers.authorization, `Basic ${Buffer.from("AC0123:to/ken").toString("base64")}`)
      assert.match(request?.headers["content-type"] ?? "", /^application\/x-www-form-urlencoded/)
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(request?.body ?? "")), {
        To: "+60125550143",
        From: "+15005550006",
        Body: text.text
      })
    }).pipe(Effect.scoped)
  )

  it.live("webhook: JSON with the same id on every try, to exactly that URL", () =>
    Effect.gen(function* () {
      const { host, asked } = yield* gateway(204)
      const sender = yield* senderAt(`webhook+http://${host}/hook/a%20b?key=s3cret&x=1`)
      yield* sender.send(text)
      yield* sender.send(text)
      assert.lengthOf(asked, 2)
      for (const { method, url, body, headers } of asked) {
        assert.deepStrictEqual([method, url], ["POST", "/hook/a%20b?key=s3cret&x=1"])
        assert.match(headers["content-type"] ?? "", /^application\/json/)
        assert.deepStrictEqual(JSON.parse(body), text)
      }
    }).pipe(Effect.scoped)
  )

  const statuses = [
    { status: 200, twilio: "sent", webhook: "sent" },
    { status: 302, twilio: "settings", webhook: "settings" },
    { status: 400, twilio: "refused", webhook: "refused" },
    { status: 401, twilio: "settings", webhook: "refused" },
    { status: 404, twilio: "refused", webhook: "refused" },
    { status: 429, twilio: "server", webhook: "refused" },
    { status: 500, twilio: "server", webhook: "server" },
    { status: 503, twilio: "server", webhook: "server" }
  ] as const
  for (const { status, ...expected } of statuses) {
    it.live(`an answer ${status} is judged: twilio ${expected.twilio}, webhook ${expected.webhook}`, () =>
      Effect.gen(function* () {
        const elsewhere = yield* gateway(200)
        const { host } = yield* gateway(status, { location: `http://${elsewhere.host}/` })
        for (const [kind, sender] of [
          ["twilio", yield* twilioAt(host)],
          ["webhook", yield* senderAt(`webhook+http://${host}/`)]
        ] as const) {
          const verdict = yield* sender.send(text).pipe(
            Effect.as("sent"),
            Effect.catch(({ transient, blame, reason }) => {
              assert.notMatch(reason, /\+60|AC0123|ken/)
              return Effect.succeed(transient ? blame : "refused")
            })
          )
          assert.strictEqual(verdict, expected[kind], kind)
        }
        assert.lengthOf(elsewhere.asked, 0, "no redirect is followed")
      }).pipe(Effect.scoped)
    )
  }

  it.live("a gateway that cannot be reached is tried again", () =>
    Effect.gen(function* () {
      const { host, close } = yield* gateway(200)
      close()
      const fault = yield* Effect.flip((yield* twilioAt(host)).send(text))
      assert.deepStrictEqual([fault.transient, fault.blame], [true, "server"])
    }).pipe(Effect.scoped)
  )

  it.live("S-26: no span, and nothing that fails, shows URL, token, number or text", () =>
    Effect.gen(function* () {
      const spans: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      const { host, asked } = yield* gateway(500)
      const sender = yield* webhookAt(host)
      const exit = yield* Effect.exit(sender.send(text)).pipe(Effect.withTracer(tracer))
      assert.isNotEmpty(spans)
      const seen = JSON.stringify([spans.map(({ name, attributes }) => [name, [...attributes]]), exit])
      for (const secret of ["s3cret", "secret", "hook", "482913", "60125550143", host]) assert.notInclude(seen, secret)
      assert.lengthOf(asked, 1)
      assert.strictEqual(asked[0]?.headers.authorization, `Basic ${Buffer.from("user:secret").toString("base64")}`)
      assert.notProperty(asked[0]?.headers, "traceparent")
    }).pipe(Effect.scoped)
  )

  it.live("in local mode a text arrives in the inbox", () =>
    Effect.gen(function* () {
      const sender = yield* SmsSender
      const inbox = yield* Inbox
      assert.isTrue(sender.available)
      yield* sender.send(text)
      const [got] = yield* inbox.list({ to: "+60125550143" })
      assert.deepStrictEqual([got?.channel, got?.text, got?.html], ["sms", text.text, null])
    }).pipe(Effect.provide(SmsSender.layerInbox.pipe(Layer.provideMerge(Inbox.layer))))
  )

  it.effect("without gateway and inbox texts are not available, and what is queued waits", () =>
    Effect.gen(function* () {
      const sender = yield* SmsSender
      assert.isFalse(sender.available)
      assert.isTrue((yield* Effect.flip(sender.send(text))).transient)
    }).pipe(Effect.provide(SmsSender.layerNone))
  )
})
