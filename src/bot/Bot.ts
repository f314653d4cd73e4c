import { App, type Receiver, SocketModeReceiver } from "@slack/bolt"
import { Context, Effect, FiberSet, Layer, Option, Redacted, Schedule, Semaphore } from "effect"
import { FetchHttpClient } from "effect/http"
import { Settings } from "../settings.ts"
import * as courier from "./courier.ts"
import { onHome, onPress, onText } from "./conversation.ts"
import {
  decodeCommand,
  decodeEvent,
  decodeInteraction,
  type Heard,
  heardCommand,
  heardEvent,
  heardInteraction
} from "./Heard.ts"
import { quiet } from "./quietLogger.ts"
import { type Delivered, HttpReceiver, type Reply, signatureOf } from "./Receiver.ts"
import { SlackApi } from "./SlackApi.ts"
import { keptOpen } from "./socket.ts"
import { SupportGroups } from "./SupportGroups.ts"

/** Requests that are worked on at once. */
const atOnce = 8
/** Requests that wait; more are not taken, and Slack says so to whoever asks. */
const waitingAtMost = 1000
/** Signatures that are remembered here, beside the database. */
const rememberedAtMost = 20_000
/** How long a stop waits for what is being worked on. */
const grace = "5 seconds"
/** How often is looked whether Slack knows the bot. */
const checkEvery = "20 seconds"

/** What is said to the bot: by Slack over HTTP, or through its socket. */
export class Bot extends Context.Service<
  Bot,
  {
    /** Takes a request at `POST /slack/events`; undefined where Slack has not signed it. */
    receive(delivered: Delivered): Effect.Effect<Reply | undefined>
  }
>()("rekey/Bot") {}

/** The kinds of message that a person has written: alone, beside a file, to a thread and its channel, or of themselves. */
const said: ReadonlySet<string> = new Set(["", "file_share", "thread_broadcast", "me_message"])

/** A mention of the bot before what was said. */
const withoutMention = (text: string): string => text.replace(/^\s*<@[A-Z0-9]+(?:\|[^>]*)?>\s*/, "")

/** Bolt's way to hand over what the receiver found out. */
const signatureIn = (context: Readonly<Record<string, unknown>>): string | undefined => {
  const { signature } = context
  return typeof signature === "string" ? signature : undefined
}

/** Whether a signature comes for the first time, among as many as can be good at once. */
const firstOf = (most: number) => {
  const seen = new Set<string>()
  return (signature: string): boolean => {
    if (seen.has(signature)) return false
    seen.add(signature)
    const [oldest] = seen
    if (seen.size > most && oldest !== undefined) seen.delete(oldest)
    return true
  }
}

const make = Effect.gen(function* () {
  const settings = yield* Settings
  const { slackBotToken, slackSigningSecret, slackAppToken, slackApiUrl } = settings
  const token = slackBotToken ?? Redacted.make("")

  const api = yield* SlackApi
  const fibers = yield* FiberSet.make<void>()
  const places = yield* Semaphore.make(atOnce)
  type Parts = Effect.Services<ReturnType<typeof onText> | ReturnType<typeof onPress> | ReturnType<typeof onHome>>
  const start = yield* FiberSet.runtime(fibers)<Parts>()
  const log = yield* FiberSet.runtime(fibers)()
  const isFull = () => Effect.runSync(FiberSet.size(fibers)) > waitingAtMost
  const work = (program: Effect.Effect<void, never, Parts>) => {
    if (isFull()) log(Effect.logWarning("Too many requests from Slack wait: one was not taken"))
    else start(places.withPermit(program))
  }
  const failed = () => {
    log(Effect.logError("A request from Slack could not be handed on"))
  }

  const socket =
    slackAppToken === undefined
      ? undefined
      : new SocketModeReceiver({
          appToken: Redacted.value(slackAppToken),
          logger: quiet,
          autoReconnectEnabled: false,
          installerOptions: { clientOptions: { slackApiUrl, retryConfig: { retries: 0 } } }
        })
  const http = new HttpReceiver(failed)
  const receiver: Receiver = socket ?? http
  const app = new App({
    receiver,
    logger: quiet,
    // nothing is asked of Slack before a request is acknowledged
    authorize: () => Promise.resolve({ botToken: Redacted.value(token) }),
    clientOptions: { slackApiUrl },
    ignoreSelf: true
  })
  app.error(() => Promise.resolve(failed()))

  app.command(/.*/, async ({ ack, body, context }) => {
    await ack()
    const command = decodeCommand(body)
    if (Option.isSome(command)) {
      work(onText(heardCommand(command.value, signatureIn(context)), command.value.text ?? ""))
    }
  })
  app.action(/.*/, async ({ ack, body, context }) => {
    await ack()
    const pressed = decodeInteraction(body)
    if (Option.isNone(pressed)) return
    const heard = heardInteraction(pressed.value, signatureIn(context))
    const [button] = pressed.value.actions ?? []
    if (button !== undefined) work(onPress(heard, button.action_id, button.value ?? ""))
  })
  app.view(/.*/, async ({ ack }) => {
    await ack()
  })
  const onEvent = (name: string, then: (heard: Heard, text: string, isDirect: boolean) => void) =>
    app.event(name, ({ body, context }) => {
      const told = decodeEvent(body)
      if (Option.isNone(told)) return Promise.resolve()
      const { user, bot_id, subtype = "", text = "", channel_type } = told.value.event
      // neither what bots say nor what was edited or deleted is said to us
      if (user !== undefined && bot_id === undefined && said.has(subtype))
        then(heardEvent(told.value, user, signatureIn(context)), text, channel_type === "im")
      return Promise.resolve()
    })
  onEvent("message", (heard, text, isDirect) => {
    if (isDirect) work(onText(heard, text))
  })
  onEvent("app_mention", (heard, text) => work(onText(heard, withoutMention(text))))
  onEvent("app_home_opened", (heard) => work(onHome(heard)))

  // whoever runs Rekey learns of a wrong token here and from the health report, not from a customer
  yield* Effect.forkScoped(
    api.call("auth.test").pipe(
      Effect.tapError(({ reason }) => Effect.logWarning("Slack does not know the bot, or does not answer", { reason })),
      Effect.ignore,
      Effect.withTracerEnabled(false),
      Effect.repeat(Schedule.spaced(checkEvery))
    )
  )

  if (socket !== undefined) yield* Effect.forkScoped(keptOpen(app, socket))
  yield* Effect.addFinalizer(() =>
    Effect.tryPromise(() => app.stop()).pipe(
      Effect.ignore,
      Effect.andThen(FiberSet.awaitEmpty(fibers)),
      Effect.interruptible,
      Effect.timeoutOption(grace)
    )
  )

  const remember = firstOf(rememberedAtMost)
  const receive = Effect.fn("Bot.receive")(function* (delivered: Delivered) {
    const signature = slackSigningSecret === undefined ? undefined : yield* signatureOf(delivered, slackSigningSecret)
    if (signature === undefined) return undefined
    // a copy of a request that is here already must not even open a modal; the database knows those of other nodes
    if (!remember(signature)) return { status: 200, body: "" }
    return isFull() ? { status: 503, body: "" } : http.take(delivered, signature)
  })
  return Bot.of({ receive })
})

/** The bot with all that it does on its own. `FetchHttpClient` follows no redirect: an answer goes where Slack says. */
export const layer = Layer.unwrap(
  Settings.useSync(({ slackBotToken, slackApiUrl, slackSupportGroups }) =>
    Layer.merge(Layer.effect(Bot, make), courier.layer).pipe(
      Layer.provide(SupportGroups.layerOf(slackSupportGroups)),
      Layer.provide(SlackApi.layerOf({ token: slackBotToken ?? Redacted.make(""), apiUrl: slackApiUrl })),
      Layer.provide(FetchHttpClient.layer)
    )
  )
)
