import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { connect } from "node:net"
import { layer as inboxRoutes } from "../../src/http/dev/inbox.ts"
import { Inbox, inboxHolds } from "../../src/services/Inbox.ts"
import { Mailer } from "../../src/services/Mailer.ts"

const mail = {
  messageId: "01890a5d-ac96-774b-bcce-b302099a8058",
  date: new Date("2026-11-24T20:04:12Z"),
  to: "alex@customer.example",
  subject: "Żółw • 銀行",
  text: "Guten Tag, 482913\n",
  html: `<p style="color:red">482913 <script>alert(1)</script></p>`,
  headers: {}
}

const local = Mailer.layerInbox({ name: "Harbor", address: "security@harbor.example" }).pipe(
  Layer.provideMerge(Inbox.layer)
)

/** The routes over this very inbox, asked in memory. */
const asking = Effect.gen(function* () {
  const inbox = yield* Inbox
  const { handler, dispose } = HttpRouter.toWebHandler(
    inboxRoutes({ demo: false }).pipe(
      Layer.provide(Layer.succeed(Inbox, inbox)),
      Layer.provideMerge(HttpServer.layerServices)
    ),
    { disableLogger: true }
  )
  yield* Effect.addFinalizer(() => Effect.promise(() => dispose()))
  return (path: string, method = "GET") =>
    Effect.promise(() => handler(new Request(`http://localhost:3000${path}`, { method })))
})

const json = (response: Response) =>
  Effect.promise(() => response.json() as Promise<ReadonlyArray<Record<string, unknown>>>)
const body = (response: Response) => Effect.promise(() => response.text())

describe("Inbox", () => {
  it.live("mail really travels: nodemailer, SMTP on loopback, the inbox", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      yield* Mailer.use((mailer) => mailer.send(mail))
      const [got] = yield* inbox.list({ to: mail.to })
      assert.match(inbox.smtpUrl, /^smtp:\/\/127\.0\.0\.1:\d+$/)
      assert.deepStrictEqual(
        [got?.channel, got?.to, got?.from, got?.subject, got?.html],
        ["email", mail.to, '"Harbor" <security@harbor.example>', mail.subject, mail.html]
      )
      assert.strictEqual(got?.text.trim(), mail.text.trim())
      assert.strictEqual(got?.headers["message-id"], `<${mail.messageId}@harbor.example>`)
      assert.strictEqual(got?.headers["auto-submitted"], "auto-generated")
    }).pipe(Effect.provide(local))
  )

  it.live("it holds the newest 500, and lists of one recipient and so many as asked", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      for (let count = 0; count < inboxHolds + 2; count++) {
        yield* inbox.deliver({ id: String(count), to: count % 2 === 0 ? "+601" : "+602", text: `text ${count}` })
      }
      const all = yield* inbox.list()
      assert.lengthOf(all, inboxHolds)
      assert.deepStrictEqual([all[0]?.text, all.at(-1)?.text], ["text 501", "text 2"])
      const some = yield* inbox.list({ to: "+601", limit: 2 })
      assert.deepStrictEqual(
        some.map(({ text }) => text),
        ["text 500", "text 498"]
      )
      yield* inbox.clear
      assert.lengthOf(yield* inbox.list(), 0)
    }).pipe(Effect.provide(Inbox.layer))
  )

  it.live("it stops listening with its scope", () =>
    Effect.gen(function* () {
      const url = yield* Inbox.use(({ smtpUrl }) => Effect.succeed(smtpUrl)).pipe(Effect.provide(Inbox.layer))
      const open = yield* Effect.callback<boolean>((resume) => {
        const socket = connect(Number(new URL(url).port), "127.0.0.1")
        socket.once("connect", () => {
          socket.destroy()
          resume(Effect.succeed(true))
        })
        socket.once("error", () => resume(Effect.succeed(false)))
      })
      assert.isFalse(open)
    })
  )

  it.live("the same as JSON: the members of the contract, newest first, by recipient, emptied by DELETE", () =>
    Effect.gen(function* () {
      const ask = yield* asking
      yield* Mailer.use((mailer) => mailer.send(mail))
      yield* Inbox.use((inbox) => inbox.deliver({ id: "1", to: "+60125550143", text: "Harbor: 482913" }))
      const response = yield* ask("/dev/inbox/messages")
      const messages = yield* json(response)
      assert.deepStrictEqual(
        messages.map(({ channel }) => channel),
        ["sms", "email"]
      )
      assert.hasAllKeys(messages[0], [
        "id",
        "channel",
        "to",
        "from",
        "subject",
        "text",
        "html",
        "headers",
        "receivedAt"
      ])
      assert.match(String(messages[0]?.receivedAt), /^\d{4}-\d\d-\d\dT.*Z$/)
      assert.strictEqual(response.headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(response.headers.get("cache-control"), "no-store")
      const toPhone = yield* json(yield* ask(`/dev/inbox/messages?to=${encodeURIComponent("+60125550143")}&limit=1`))
      assert.deepStrictEqual(
        toPhone.map(({ to }) => to),
        ["+60125550143"]
      )
      assert.strictEqual((yield* ask("/dev/inbox/messages", "DELETE")).status, 204)
      assert.deepStrictEqual(yield* json(yield* ask("/dev/inbox/messages")), [])
    }).pipe(Effect.scoped, Effect.provide(local))
  )

  it.live("the page escapes whatever a message says, and loads nothing from elsewhere", () =>
    Effect.gen(function* () {
      const ask = yield* asking
      const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
      yield* Mailer.use((mailer) => mailer.send({ ...mail, subject: evil, text: evil }))
      yield* Inbox.use((inbox) => inbox.deliver({ id: "1", to: "+60125550143", text: evil }))
      const response = yield* ask("/dev/inbox")
      const page = yield* body(response)
      assert.notMatch(page, /<script|<img/)
      assert.include(page, "&lt;script&gt;")
      assert.include(response.headers.get("content-security-policy") ?? "", "default-src 'none'; style-src 'self'")
      assert.strictEqual((yield* ask("/dev/inbox.css")).headers.get("content-type"), "text/css; charset=utf-8")
    }).pipe(Effect.scoped, Effect.provide(local))
  )

  it.live("a mail's HTML has a URL of its own, sandboxed; without HTML there is none", () =>
    Effect.gen(function* () {
      const ask = yield* asking
      yield* Mailer.use((mailer) => mailer.send(mail))
      yield* Inbox.use((inbox) => inbox.deliver({ id: "1", to: "+60125550143", text: "482913" }))
      const [text, first] = yield* Inbox.use((inbox) => inbox.list())
      const response = yield* ask(`/dev/inbox/messages/${first?.id}/html`)
      assert.strictEqual(
        response.headers.get("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
      )
      assert.strictEqual(yield* body(response), mail.html)
      assert.strictEqual((yield* ask(`/dev/inbox/messages/${text?.id}/html`)).status, 404)
      assert.strictEqual((yield* ask("/dev/inbox/messages/none/html")).status, 404)
    }).pipe(Effect.scoped, Effect.provide(local))
  )

  it.live("it survives a client that talks nonsense and one that hangs up in the middle of a mail", () =>
    Effect.gen(function* () {
      const { smtpUrl, list } = yield* Inbox
      const port = Number(new URL(smtpUrl).port)
      yield* Effect.callback<void>((resume) => {
        const socket = connect(port, "127.0.0.1")
        socket.on("error", () => resume(Effect.void))
        socket.on("close", () => resume(Effect.void))
        socket.write("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: half", () =>
          socket.destroy()
        )
      })
      yield* Mailer.use((mailer) => mailer.send(mail))
      assert.lengthOf(yield* list(), 1)
    }).pipe(Effect.provide(local))
  )
})
