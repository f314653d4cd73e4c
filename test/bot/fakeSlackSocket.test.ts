import { assert, describe, it } from "@effect/vitest"
import { SocketModeClient } from "@slack/socket-mode"
import { Effect } from "effect"
import { WebSocket } from "ws"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { casey, supportChannel, support } from "../kit/slack/people.ts"
import { asked, clientOf, quiet } from "./slackKit.ts"

/** What the real client of Slack hears in Socket Mode. */
interface Listened {
  readonly ack: (response?: object | string) => Promise<void>
  readonly body: Readonly<Record<string, unknown>>
  readonly envelope_id: string
  readonly retry_num?: number
}

/** The real client, connected; it ends with the scope. */
const aClient = Effect.fnUntraced(function* (fake: FakeSlack["Service"]) {
  const client = new SocketModeClient({
    appToken: fake.appToken,
    logger: quiet,
    // The wait before it connects anew.
    clientPingTimeout: 20,
    clientOptions: { slackApiUrl: fake.apiUrl }
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => client.start()),
    () => Effect.promise(() => client.disconnect())
  )
  fake.aimAt(fake.socket)
  return client
})

describe("FakeSlack, Socket Mode", () => {
  it.live("says hello, and waits for the ack of commands, presses and events", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make()
      const client = yield* aClient(fake)
      const heard: Array<Listened> = []
      client.on("slack_event", (listened: Listened) => heard.push(listened))
      client.on("slash_commands", ({ ack }: Listened) => ack({ text: "Here is help" }))
      client.on("interactive", ({ ack }: Listened) => ack())
      client.on("message", ({ ack }: Listened) => ack())

      const command = yield* fake.command({ user: casey, text: "help" })
      assert.deepInclude(command, { status: 200, body: '{"text":"Here is help"}' })
      assert.deepInclude(heard[0]?.body, { command: "/2fa", text: "help", trigger_id: command.triggerId })
      assert.strictEqual(fake.ephemerals(casey)[0]?.text, "Here is help")

      const button = { type: "button", action_id: "claim", text: { type: "plain_text", text: "Claim" } } as const
      const blocks = [{ type: "actions" as const, elements: [button] }]
      yield* asked(() => clientOf(fake).chat.postMessage({ channel: supportChannel, text: "Case", blocks }))
      const press = yield* fake.press({ user: support, channel: supportChannel, actionId: "claim" })
      assert.deepInclude(press, { status: 200, body: "" })
      assert.deepInclude(heard[1]?.body, { type: "block_actions" })

      const event = yield* fake.event({ type: "message", user: casey, text: "hello" })
      assert.deepInclude(heard[2]?.body, { type: "event_callback", event_id: event.eventId })
      yield* fake.redeliver(event, 1)
      assert.strictEqual(heard[3]?.retry_num, 1)
      assert.deepStrictEqual(heard[3]?.body, heard[2]?.body)
      assert.strictEqual(fake.socket.acks.length, 4)
      assert.include(fake.everything(), "Here is help")
    })
  )

  it.live("takes connections back, and the app comes again", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make()
      const client = yield* aClient(fake)
      client.on("slash_commands", ({ ack }: Listened) => ack())
      const came = (times: number) =>
        fake.until(
          () => (fake.socket.open() === 1 && fake.socket.everOpened() === times ? true : undefined),
          `connection ${times}`
        )
      yield* came(1)
      yield* fake.socket.disconnect()
      yield* came(2)
      yield* fake.socket.cut
      yield* came(3)
      assert.strictEqual((yield* fake.command({ user: casey, text: "help" })).status, 200)
    })
  )

  it.live("opens one connection an address, and none without", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make()
      const { url = "" } = yield* asked(() => clientOf(fake, fake.appToken).apps.connections.open({}))
      const opened = (address: string) =>
        asked(
          () =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(address)
              socket.on("message", (data: Buffer) => {
                resolve((JSON.parse(data.toString("utf8")) as { readonly type: string }).type)
                socket.close()
              })
              socket.on("error", ({ message }) => resolve(message))
            })
        )
      assert.strictEqual(yield* opened(url), "hello")
      assert.match(yield* opened(url), /404/)
      assert.match(yield* opened(url.replace(/ticket=.*/, "ticket=mine")), /404/)
    })
  )
})
