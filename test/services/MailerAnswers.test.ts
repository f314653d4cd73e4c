import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import type { SMTPServerOptions } from "smtp-server"
import { Mailer, type OutgoingMail } from "../../src/services/Mailer.ts"
import { mailServer, reply } from "./mailServer.ts"

const mail: OutgoingMail = {
  messageId: "01890a5d-ac96-774b-bcce-b302099a8058",
  date: new Date("2026-11-24T20:04:12Z"),
  to: "alex@customer.example",
  subject: "Your Harbor verification code",
  text: "482913\n",
  html: "<p>482913</p>",
  headers: {}
}

const from = { name: "Harbor Security", address: "security@harbor.example" }
const mailerAt = (url: string) => Layer.build(Mailer.layer({ url: Redacted.make(url), from }))

/** A server, and a mailer that sends to it. */
const connected = Effect.fnUntraced(function* (options: SMTPServerOptions = {}) {
  const server = yield* mailServer(options)
  const mailer = yield* Effect.provide(Mailer, yield* mailerAt(`smtp://127.0.0.1:${server.port}`))
  return { ...server, mailer }
})

describe("answers of a mail server", () => {
  const answers: ReadonlyArray<{
    readonly what: string
    readonly options: SMTPServerOptions
    readonly transient: boolean
    readonly blame: string
    readonly reason: string
  }> = [
    {
      what: "550 5.1.1 at RCPT is for good",
      options: { onRcptTo: (_address, _session, done) => done(reply(550, "5.1.1 <alex@customer.example> unknown")) },
      transient: false,
      blame: "recipient",
      reason: "The mail server says that this address does not exist"
    },
    {
      what: "552 5.2.2 at RCPT is for good",
      options: { onRcptTo: (_address, _session, done) => done(reply(552, "5.2.2 over quota")) },
      transient: false,
      blame: "recipient",
      reason: "The mail server says that this mailbox is full"
    },
    {
      what: "451 at RCPT is tried again",
      options: { onRcptTo: (_address, _session, done) => done(reply(451, "greylisted")) },
      transient: true,
      blame: "server",
      reason: "The mail server asks to try again later (451)"
    },
    {
      what: "550 at MAIL FROM is the operator's to repair",
      options: { onMailFrom: (_address, _session, done) => done(reply(550, "sender not allowed")) },
      transient: true,
      blame: "settings",
      reason: "The mail server does not let us send (550)"
    },
    {
      what: "530 at RCPT is the operator's to repair",
      options: { onRcptTo: (_address, _session, done) => done(reply(530, "authentication required")) },
      transient: true,
      blame: "settings",
      reason: "The mail server does not let us send (530)"
    },
    {
      what: "a denied relay is the operator's to repair",
      options: { onRcptTo: (_address, _session, done) => done(reply(554, "5.7.1 Relay access denied")) },
      transient: true,
      blame: "settings",
      reason: "The mail server does not let us send (554)"
    },
    {
      what: "554 after DATA is for good",
      options: {
        onData: (stream, _session, done) => {
          stream.resume()
          stream.on("end", () => done(reply(554, "looks like spam to alex@customer.example")))
        }
      },
      transient: false,
      blame: "recipient",
      reason: "The mail server refused this address (554)"
    },
    {
      what: "554 as greeting is the operator's to repair",
      options: { onConnect: (_session, done) => done(reply(554, "no service for you")) },
      transient: true,
      blame: "settings",
      reason: "The mail server does not let us send (554)"
    }
  ]
  for (const { what, options, ...expected } of answers) {
    it.live(what, () =>
      Effect.gen(function* () {
        const { mailer } = yield* connected(options)
        const fault = yield* Effect.flip(mailer.send(mail))
        assert.deepStrictEqual({ transient: fault.transient, blame: fault.blame, reason: fault.reason }, expected)
        assert.notInclude(JSON.stringify(fault), "@")
      }).pipe(Effect.scoped)
    )
  }
})
