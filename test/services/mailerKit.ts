import { Effect, Layer, Redacted } from "effect"
import type { SMTPServerOptions } from "smtp-server"
import { Mailer, type OutgoingMail } from "../../src/services/Mailer.ts"
import { mailServer } from "./mailServer.ts"

/** A mail as the courier hands it over. */
export const mail: OutgoingMail = {
  messageId: "01890a5d-ac96-774b-bcce-b302099a8058",
  date: new Date("2026-11-24T20:04:12Z"),
  to: "alex@customer.example",
  subject: "Your Harbor verification code",
  text: "482913\n",
  html: "<p>482913</p>",
  headers: {}
}

/** Who its mails come from. */
export const from = { name: "Harbor Security", address: "security@harbor.example" }

/** A mailer that sends to this server, closed with the scope. */
export const mailerAt = (url: string) => Layer.build(Mailer.layer({ url: Redacted.make(url), from }))

/** A server, and a mailer that sends to it. */
export const connected = Effect.fnUntraced(function* (options: SMTPServerOptions = {}) {
  const server = yield* mailServer(options)
  const mailer = yield* Effect.provide(Mailer, yield* mailerAt(`smtp://127.0.0.1:${server.port}`))
  return { ...server, mailer }
})
