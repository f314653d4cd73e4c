import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Inbox } from "../../src/services/Inbox.ts"
import { Mailer } from "../../src/services/Mailer.ts"
import { senders } from "../../src/services/senders.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"
import { Settings } from "../../src/settings.ts"
import { mailServer } from "./mailServer.ts"

const mail = {
  messageId: "01890a5d-ac96-774b-bcce-b302099a8058",
  date: new Date("2026-11-24T20:04:12Z"),
  to: "alex@customer.example",
  subject: "Hello",
  text: "Hello\n",
  html: "<p>Hello</p>",
  headers: {}
}

const configured = (env: Record<string, string>) => senders.pipe(Layer.provide(Settings.layerOf(env)))

describe("senders", () => {
  it.live("with nothing configured mails and texts go to the one built-in inbox", () =>
    Effect.gen(function* () {
      yield* Mailer.use((mailer) => mailer.send(mail))
      yield* SmsSender.use((sms) => sms.send({ id: "1", to: "+60125550143", text: "Hello" }))
      const messages = yield* Inbox.use((inbox) => inbox.list())
      assert.deepStrictEqual(
        messages.map(({ channel }) => channel),
        ["sms", "email"]
      )
    }).pipe(Effect.provide(Layer.merge(configured({}), Inbox.layer)))
  )

  it.live("SMTP_URL and MAIL_FROM are used where they are set, and texts may be off", () =>
    Effect.gen(function* () {
      const server = yield* mailServer()
      const context = yield* Layer.build(
        configured({
          SMTP_URL: `smtp://127.0.0.1:${server.port}`,
          MAIL_FROM: "Bank <no-reply@bank.example>",
          REKEY_INBOX: "off"
        })
      )
      yield* Mailer.use((mailer) => mailer.send(mail)).pipe(Effect.provide(context))
      assert.strictEqual(server.received[0]?.from, "no-reply@bank.example")
      assert.isFalse(yield* SmsSender.use(({ available }) => Effect.succeed(available)).pipe(Effect.provide(context)))
    }).pipe(Effect.scoped)
  )
})
