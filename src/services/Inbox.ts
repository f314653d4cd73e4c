import { Clock, Context, Effect, Layer, Schema } from "effect"
import { simpleParser, type ParsedMail } from "mailparser"
import { randomUUID } from "node:crypto"
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server"
import { Channel } from "../domain/ids.ts"

/** A mail or a text that arrived. */
export const InboxMessage = Schema.Struct({
  id: Schema.String,
  channel: Channel,
  to: Schema.String,
  from: Schema.String,
  subject: Schema.String,
  text: Schema.String,
  html: Schema.NullOr(Schema.String),
  headers: Schema.Record(Schema.String, Schema.String),
  receivedAt: Schema.DateFromString
})
export type InboxMessage = typeof InboxMessage.Type

/** How many messages are kept: the newest. */
export const inboxHolds = 500

/** Of the mail itself, unfolded; a header that occurs twice has both values. */
const headersOf = (mail: ParsedMail): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(":") + 1)
      .replace(/\r?\n\s*/g, " ")
      .trim()
    const former = Object.hasOwn(headers, key) ? headers[key] : undefined
    headers[key] = former === undefined ? value : `${former}, ${value}`
  }
  return headers
}

const received = (mail: ParsedMail, session: SMTPServerSession, receivedAt: Date): InboxMessage => ({
  id: randomUUID(),
  channel: "email",
  to: session.envelope.rcptTo.map(({ address }) => address).join(", "),
  from: mail.from?.text ?? "",
  subject: mail.subject ?? "",
  text: mail.text ?? "",
  html: typeof mail.html === "string" ? mail.html : null,
  headers: headersOf(mail),
  receivedAt
})

/** A mail server on loopback and an end of the line for texts: what leaves Rekey in local mode arrives here. */
export class Inbox extends Context.Service<
  Inbox,
  {
    /** Where mail is to be sent: `smtp://127.0.0.1:<port>`. */
    readonly smtpUrl: string
    /** Newest first; of one recipient, and at most so many, where asked. */
    list(asked?: {
      readonly to?: string | undefined
      readonly limit?: number | undefined
    }): Effect.Effect<ReadonlyArray<InboxMessage>>
    /** One message. */
    get(id: string): Effect.Effect<InboxMessage | undefined>
    /** Takes a text. */
    deliver(text: { readonly id: string; readonly to: string; readonly text: string }): Effect.Effect<void>
    /** Forgets everything. */
    readonly clear: Effect.Effect<void>
  }
>()("rekey/Inbox") {
  static readonly layer = Layer.effect(
    Inbox,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const now = () => new Date(clock.currentTimeMillisUnsafe())
      let messages: ReadonlyArray<InboxMessage> = []
      const keep = (message: InboxMessage): void => {
        messages = [message, ...messages].slice(0, inboxHolds)
      }
      const onData = (
        stream: SMTPServerDataStream,
        session: SMTPServerSession,
        done: (error?: Error | null) => void
      ): void => {
        // the mail is kept before it is acknowledged, so whoever sent it finds it here
        simpleParser(stream, { skipTextToHtml: true, skipImageLinks: true }).then(
          (mail) => {
            keep(received(mail, session, now()))
            done()
          },
          (error: unknown) => done(error instanceof Error ? error : new Error("unreadable mail"))
        )
      }
      const port = yield* Effect.acquireRelease(
        Effect.callback<{ readonly server: SMTPServer; readonly port: number }>((resume) => {
          const server = new SMTPServer({
            authOptional: true,
            disabledCommands: ["STARTTLS", "AUTH"],
            disableReverseLookup: true,
            size: 1_048_576,
            onData
          })
          server.on("error", () => {
            // a client that hangs up in the middle; its mail is sent again
          })
          const listener = server.listen(0, "127.0.0.1", () => {
            const address = listener.address()
            if (address === null || typeof address === "string") resume(Effect.die(new Error("no port for the inbox")))
            else resume(Effect.succeed({ server, port: address.port }))
          })
        }),
        ({ server }) => Effect.callback<void>((resume) => server.close(() => resume(Effect.void)))
      ).pipe(Effect.map((open) => open.port))

      return Inbox.of({
        smtpUrl: `smtp://127.0.0.1:${port}`,
        list: ({ to, limit } = {}) =>
          Effect.sync(() => messages.filter((message) => to === undefined || message.to === to).slice(0, limit)),
        get: (id) => Effect.sync(() => messages.find((message) => message.id === id)),
        deliver: ({ id, to, text }) =>
          Effect.sync(() =>
            keep({
              id: randomUUID(),
              channel: "sms",
              to,
              from: "",
              subject: "",
              text,
              html: null,
              headers: { "message-id": id },
              receivedAt: now()
            })
          ),
        clear: Effect.sync(() => {
          messages = []
        })
      })
    })
  )
}
