import { Effect, Layer } from "effect"
import { Settings } from "../settings.ts"
import { Inbox } from "./Inbox.ts"
import { Mailer } from "./Mailer.ts"
import { SmsSender } from "./SmsSender.ts"

/**
 * What carries mails and texts, as the settings say: `SMTP_URL` and `SMS_URL` where they are set, else the built-in
 * inbox; texts by nothing where that is off too. The inbox is started only where something goes there.
 */
export const senders: Layer.Layer<Mailer | SmsSender, never, Settings> = Layer.unwrap(
  Effect.map(Settings, ({ smtpUrl, mailFrom, smsUrl, inbox }) =>
    Layer.merge(
      smtpUrl === undefined
        ? Mailer.layerInbox(mailFrom).pipe(Layer.provide(Inbox.layer))
        : Mailer.layer({ url: smtpUrl, from: mailFrom }),
      smsUrl !== undefined
        ? SmsSender.layer(smsUrl)
        : inbox
          ? SmsSender.layerInbox.pipe(Layer.provide(Inbox.layer))
          : SmsSender.layerNone
    )
  )
)
