import { Context, Effect, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import type { Inbox } from "./Inbox.ts"
import { type Gateway, type OutgoingText, plainHttp, SmsFault } from "./sms/gateway.ts"
import { inbox } from "./sms/inbox.ts"
import { twilio } from "./sms/twilio.ts"
import { webhook } from "./sms/webhook.ts"

export { SmsFault } from "./sms/gateway.ts"
export type { OutgoingText } from "./sms/gateway.ts"

const gatewayOf = (url: string): ReturnType<typeof twilio> =>
  url.startsWith("twilio:") ? twilio(new URL(url)) : webhook(new URL(url.replace(/^webhook\+/, "")))

const nobody = new SmsFault({ transient: true, reason: "No text message gateway is set up", blame: "settings" })

/** Text messages, by whatever gateway the settings name. */
export class SmsSender extends Context.Service<
  SmsSender,
  {
    /** Whether texts can be sent at all: SMS is offered as a method only then. */
    readonly available: boolean
    /** Hands one text over; fails with what to do about it. At most 15 seconds. */
    send(text: OutgoingText): Effect.Effect<{ readonly detail: string }, SmsFault>
  }
>()("rekey/SmsSender") {
  static readonly #of = (gateway: Gateway) =>
    SmsSender.of({
      available: true,
      send: Effect.fn("SmsSender.send")((text: OutgoingText) => gateway.send(text))
    })

  /** The gateway of `SMS_URL`. */
  static readonly layer = (url: Redacted.Redacted): Layer.Layer<SmsSender> =>
    Layer.effect(
      SmsSender,
      Effect.gen(function* () {
        const client = yield* HttpClient.HttpClient
        const { send } = gatewayOf(Redacted.value(url))
        return SmsSender.#of({ send: (text) => Effect.provideService(send(text), HttpClient.HttpClient, client) })
      })
    ).pipe(Layer.provide(plainHttp))

  /** The built-in inbox. */
  static readonly layerInbox: Layer.Layer<SmsSender, never, Inbox> = Layer.effect(
    SmsSender,
    Effect.map(inbox, (gateway) => SmsSender.#of(gateway))
  )

  /** Neither gateway nor inbox: what was queued earlier waits for one. */
  static readonly layerNone: Layer.Layer<SmsSender> = Layer.succeed(
    SmsSender,
    SmsSender.of({ available: false, send: () => nobody })
  )
}
