import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { createTransport } from "nodemailer"
import MailComposer from "nodemailer/lib/mail-composer"
import { mailboxOf } from "../domain/mailbox.ts"
import type { MailFrom } from "../settings/addresses.ts"
import { Inbox } from "./Inbox.ts"
import { judge, smtpOptions } from "./mail/smtp.ts"

/** A mail as it is handed over. `messageId` and `date` are of its outbox row, so that a repeat is the same mail. */
export interface OutgoingMail {
  readonly messageId: string
  readonly date: Date
  /** One bare address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
}

/** A mail was not taken. `reason` is for people: it holds no address and no secret. */
export class MailFault extends Schema.TaggedError<MailFault>()("MailFault", {
  /** Whether the same mail may be taken another time. */
  transient: Schema.Boolean,
  reason: Schema.String,
  /** `settings`: the operator has to repair something; every mail waits for it. */
  blame: Schema.Literals(["recipient", "server", "settings"])
}) {}

/** What the layer is made from: `SMTP_URL` and `MAIL_FROM`. */
export interface MailerOptions {
  readonly url: Redacted.Redacted
  readonly from: MailFrom
}

const wholeSend = "30 seconds"

const faultOf = (cause: unknown): MailFault => {
  const { blame, reason } = judge(cause)
  return new MailFault({ transient: blame !== "recipient", reason, blame })
}

const make = Effect.fnUntraced(function* ({ url, from: sender }: MailerOptions) {
  const host = sender.address.slice(sender.address.lastIndexOf("@") + 1)
  const transport = yield* Effect.acquireRelease(
    Effect.sync(() => createTransport(smtpOptions(new URL(Redacted.value(url))))),
    (open) => Effect.sync(() => open.close())
  )
  // nodemailer folds the case of a domain and maps it to other letters; the envelope is ours, byte for byte (S-73)
  transport.use("stream", (mail, done) => {
    const envelope = mail.message.getEnvelope()
    const to: unknown = mail.data.envelope?.to
    if (typeof to === "string") envelope.to = [to]
    done()
  })

  /** `To:` is written here, since the composer would fold its domain; everything in it has passed `mailboxOf`. */
  const composed = async (mail: OutgoingMail, mailbox: string): Promise<Buffer> => {
    const composer = new MailComposer({
      from: sender,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.messageId}@${host}>`,
      date: mail.date,
      headers: { ...mail.headers, "Auto-Submitted": "auto-generated" },
      baseBoundary: mail.messageId,
      disableFileAccess: true,
      disableUrlAccess: true
    })
    return Buffer.concat([Buffer.from(`To: ${mailbox}\r\n`), await composer.compile().build()])
  }

  const send = Effect.fn("Mailer.send")(
    function* (mail: OutgoingMail) {
      const mailbox = mailboxOf(mail.to)
      if (mailbox === null) {
        const reason = "No mail can be sent to this address as it is"
        return yield* new MailFault({ transient: false, reason, blame: "recipient" })
      }
      yield* Effect.tryPromise({
        try: async (signal) => {
          const message = await composed(mail, mailbox)
          await transport.sendMail({ envelope: { from: sender.address, to: mailbox }, raw: message, signal })
        },
        catch: faultOf
      })
      return { detail: "Handed to the mail server" }
    },
    Effect.timeoutOrElse({
      duration: wholeSend,
      orElse: () =>
        new MailFault({ transient: true, reason: "The mail server took too long to answer", blame: "server" })
    })
  )

  return Mailer.of({
    send,
    health: Effect.tryPromise({ try: () => transport.verify(), catch: faultOf }).pipe(
      Effect.timeoutOrElse({
        duration: "5 seconds",
        orElse: () => new MailFault({ transient: true, reason: "The mail server does not answer", blame: "server" })
      }),
      Effect.asVoid,
      Effect.withSpan("Mailer.health")
    )
  })
})

/** Mail by SMTP: one recipient a mail, over verified TLS, with time limits on everything (S-72 to S-74). */
export class Mailer extends Context.Service<
  Mailer,
  {
    /** Hands one mail over; fails with what to do about it. At most 30 seconds. */
    send(mail: OutgoingMail): Effect.Effect<{ readonly detail: string }, MailFault>
    /** Whether the mail server greets us and lets us in. */
    readonly health: Effect.Effect<void, MailFault>
  }
>()("rekey/Mailer") {
  /** To the mail server of `SMTP_URL`. */
  static readonly layer = (options: MailerOptions): Layer.Layer<Mailer> => Layer.effect(Mailer, make(options))

  /** To the built-in inbox, over SMTP like to any other server. */
  static readonly layerInbox = (from: MailFrom): Layer.Layer<Mailer, never, Inbox> =>
    Layer.unwrap(Effect.map(Inbox, ({ smtpUrl }) => Mailer.layer({ url: Redacted.make(smtpUrl), from })))
}
