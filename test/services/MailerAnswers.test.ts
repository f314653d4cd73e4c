import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { SMTPServerOptions } from "smtp-server"
import { connected, mail } from "./mailerKit.ts"
import { reply } from "./mailServer.ts"

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
