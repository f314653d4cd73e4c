import { Context, Effect, Layer } from "effect"
import { eventually } from "./process.ts"
import { deliveries } from "./slack/deliveries.ts"
import { type Fault, faultSwitches, type Where } from "./slack/faults.ts"
import { directOf, supportChannel, supportGroup } from "./slack/people.ts"
import { slackServer } from "./slack/server.ts"
import { socketMode, tickets } from "./slack/socketMode.ts"
import { aWorkspace, type Seen } from "./slack/workspace.ts"

/** What a test may want otherwise. */
export interface Options {
  /** The enterprise that the workspace belongs to; none where it is not said. */
  readonly enterprise?: string | null
  /** Off: any number of messages a second may come to a channel. */
  readonly pacing?: boolean
  /** How long a trigger id lives: three seconds at Slack. */
  readonly triggerMillis?: number
  readonly signingSecret?: string
  readonly botToken?: string
  readonly appToken?: string
}

const make = Effect.fn("FakeSlack")(function* (options: Options = {}) {
  const {
    enterprise = null,
    pacing = true,
    triggerMillis = 3000,
    signingSecret = "8f742231b10e8888abcd99yyyzzz85a5",
    botToken = "xoxb-0123456789-of-the-tests",
    appToken = "xapp-1-A0REKEY-of-the-tests"
  } = options
  const workspace = aWorkspace({ pacing, triggerMillis })
  const faults = faultSwitches()
  const ticket = tickets()
  const { origin, server } = yield* slackServer((at) => ({
    workspace,
    faults,
    tokens: { bot: botToken, app: appToken },
    enterprise,
    socketUrl: () => ticket.issue(at)
  }))
  const socket = yield* socketMode(server, workspace, ticket)

  const inChannel = (channel: string) => workspace.messages.filter((message) => message.channel === channel)

  /** What a person sees in a channel now, oldest first; threads are apart. */
  const messages = (channel: string): ReadonlyArray<Seen> =>
    inChannel(channel).filter(({ threadTs }) => threadTs === undefined)

  return {
    origin,
    /** The base of the Web API. */
    apiUrl: `${origin}/api/`,
    botToken,
    appToken,
    signingSecret,
    /** The settings with which Rekey finds this Slack; Socket Mode needs `SLACK_APP_TOKEN` beside them. */
    env: {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: `${origin}/api/`,
      SLACK_SUPPORT_CHANNEL: supportChannel,
      SLACK_SUPPORT_GROUPS: supportGroup
    },
    ...deliveries(workspace, origin, { enterprise, signingSecret }),
    /** Socket Mode: a target for deliveries, and what to do to its connections. */
    socket,

    messages,
    /** The replies to a message, oldest first. */
    replies: (channel: string, ts: string): ReadonlyArray<Seen> =>
      inChannel(channel).filter(({ threadTs }) => threadTs === ts),
    /** What a person sees in their direct messages with the bot. */
    direct: (user: string): ReadonlyArray<Seen> => messages(directOf(user)),
    /** What only this person sees, in order. */
    ephemerals: (user?: string) => workspace.ephemerals.filter((it) => user === undefined || it.user === user),
    /** The home view that this person sees. */
    home: (user: string) => workspace.homes.get(user),
    /** The modals before this person, the topmost last. */
    modals: workspace.modalsOf,

    /** Everything that the app said, headers but for the authorization included. */
    received: workspace.received,
    /** The same in one text, raw and decoded, to search for what must not be there. */
    everything: () => workspace.received.map((it) => [it.url, it.headers, it.body, it.text].join("\n")).join("\n\n"),
    /** The calls of a method, or all of them. */
    calls: (method?: string) => workspace.calls.filter((call) => method === undefined || call.method === method),
    blockFaults: workspace.blockFaults,
    pacingViolations: workspace.pacingViolations,

    /** Switches a fault on, everywhere or where it is said. */
    fault: (fault: Fault, where: Where = {}) => Effect.sync(() => faults.on(fault, where)),
    /** Switches off what strikes this method, or everything. */
    recover: (method?: string) => Effect.sync(() => faults.off(method)),
    /** A trigger id as if this person had just done something. */
    trigger: workspace.trigger,

    /** Waits until something can be seen. */
    until: <A>(look: () => A | undefined, what: string): Effect.Effect<A> => eventually(Effect.sync(look), what),
    /** Waits until there is such a message in a channel. */
    messageIn: (
      channel: string,
      such: (message: Seen) => boolean = () => true,
      what = "such a message"
    ): Effect.Effect<Seen> =>
      eventually(
        Effect.sync(() => inChannel(channel).findLast(such)),
        `${what} in ${channel}`
      ),
    /** Waits until a method was called so often. */
    called: (method: string, times = 1): Effect.Effect<void> =>
      Effect.asVoid(
        eventually(
          Effect.sync(() => workspace.calls.filter((call) => call.method === method)[times - 1]),
          `${times} calls of ${method}`
        )
      )
  }
})

/** Slack's side over real sockets of loopback: its Web API, its signed requests, and Socket Mode. */
export class FakeSlack extends Context.Service<FakeSlack, Effect.Success<ReturnType<typeof make>>>()("test/FakeSlack") {
  /** One for a single test; it closes with the scope. */
  static readonly make = make
  /** One for a whole file. */
  static readonly layer = (options: Options = {}): Layer.Layer<FakeSlack> => Layer.effect(FakeSlack, make(options))
}
