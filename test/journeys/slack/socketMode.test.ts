import { assert, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { callTo, FrontDoor } from "../../kit/frontDoor.ts"
import { aProcess, eventually, Rekey } from "../../kit/process.ts"
import { casey, generalChannel } from "../../kit/slack/people.ts"
import { faults } from "../../kit/slack/faults.ts"
import { aGuide, ask, buttonsIn, caseIn, linkedBefore, modalBy } from "../../kit/slackStories.ts"

const slow = { timeout: 60_000 }

/** Rekey in Socket Mode, and all that people do reaching it over the socket. */
const door = Layer.unwrap(
  FakeSlack.useSync((slack) => {
    const rekey = FrontDoor.layer({ ...slack.env, SLACK_APP_TOKEN: slack.appToken, SUPPORT_EMAIL: "" })
    return Layer.effectDiscard(Effect.sync(() => slack.aimAt(slack.socket))).pipe(Layer.provideMerge(rekey))
  })
).pipe(Layer.provideMerge(FakeSlack.layer()))

/** Waits until there have been so many connections and one of them is open. */
const connectedAgain = Effect.fnUntraced(function* (ever: number) {
  const slack = yield* FakeSlack
  yield* slack.until(
    () => (slack.socket.everOpened() >= ever && slack.socket.open() > 0 ? true : undefined),
    "a new connection"
  )
})

layer(door, { excludeTestServices: true, timeout: "60 seconds" })("Slack in Socket Mode", (test) => {
  test.effect(
    "commands, buttons and events work over the socket, each acknowledged",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const rekey = yield* FrontDoor
        const account = yield* rekey.anAccount({ twoFactor: "SMS" })
        yield* linkedBefore(account)
        yield* slack.socket.connected
        assert.include((yield* ask("status")).text, account.accountId)
        yield* aGuide()
        const { text } = yield* modalBy({ actionId: "stuck" })
        assert.isDefined(caseIn(text))
        const opened = yield* slack.event({ type: "app_home_opened", user: casey })
        assert.strictEqual(opened.status, 200)
        const home = yield* slack.until(() => slack.home(casey), "the home tab")
        assert.include(buttonsIn(home.view["blocks"]), "lost")
        const before = slack.ephemerals(casey).length
        yield* slack.event({ type: "app_mention", user: casey, text: "<@U0REKEY> why", channel: generalChannel })
        yield* slack.until(() => slack.ephemerals(casey)[before], "an answer to a mention")
        assert.deepStrictEqual(slack.blockFaults, [])
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  test.effect(
    "S-66: what Slack delivers again over the socket has no second effect",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const rekey = yield* FrontDoor
        yield* linkedBefore(yield* rekey.anAccount({ twoFactor: "SMS" }))
        yield* slack.socket.connected
        const before = slack.ephemerals(casey).length
        const sent = yield* slack.command({ user: casey, text: "status", channel: generalChannel })
        yield* slack.until(() => slack.ephemerals(casey)[before], "an answer")
        assert.strictEqual((yield* slack.redeliver(sent)).status, 200)
        yield* ask("help")
        assert.lengthOf(slack.ephemerals(casey).slice(before), 2)
      }),
    slow
  )

  test.effect(
    "it connects again when Slack asks for it, and when the connection is cut",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const { socket } = slack
        for (const end of [socket.disconnect(), socket.cut]) {
          yield* socket.connected
          const ever = socket.everOpened()
          yield* end
          yield* connectedAgain(ever + 1)
          assert.include((yield* ask("help")).text, "status")
        }
      }),
    slow
  )

  test.effect(
    "HTTP answers beside it, and it stops cleanly while the socket is open",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const rekey = yield* Rekey
        yield* slack.socket.connected
        const health = yield* callTo(rekey.base)("GET", "/health/ready", { key: null })
        assert.strictEqual(health.status, 200)
        assert.strictEqual(yield* rekey.stop, 0)
        yield* slack.until(() => (slack.socket.open() === 0 ? true : undefined), "the end of the connection")
        yield* rekey.start
        yield* slack.socket.connected
        assert.include((yield* ask("help")).text, "status")
        assert.notInclude(rekey.output(), slack.appToken)
      }),
    slow
  )
})

it.live(
  "while Slack's socket is not to be had the process starts, serves HTTP and says so; then it connects by itself",
  () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack.make()
      yield* slack.fault(faults.broken, { method: "apps.connections.open" })
      const rekey = yield* aProcess({ ...slack.env, SLACK_APP_TOKEN: slack.appToken, SUPPORT_EMAIL: "" })
      yield* slack.called("apps.connections.open")
      const call = callTo(rekey.base)
      assert.strictEqual((yield* call("GET", "/health/live", { key: null })).status, 200)
      assert.strictEqual((yield* call("GET", "/health/ready", { key: null })).status, 200)
      assert.strictEqual((yield* call("GET", "/v1/cases")).status, 200)
      yield* slack.recover()
      yield* slack.socket.connected
      yield* slack.command({ user: casey, text: "help", channel: generalChannel }, slack.socket)
      yield* slack.until(() => slack.ephemerals(casey)[0], "an answer")
      assert.strictEqual(yield* rekey.stop, 0)
    }).pipe(Effect.scoped),
  slow
)

it.live(
  "a stop while Slack's socket is not to be had is clean, too",
  () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack.make()
      yield* slack.fault(faults.broken, { method: "apps.connections.open" })
      const rekey = yield* aProcess({ ...slack.env, SLACK_APP_TOKEN: slack.appToken, SUPPORT_EMAIL: "" })
      yield* slack.called("apps.connections.open")
      const stopped = yield* Effect.timeout(rekey.stop, "20 seconds")
      assert.strictEqual(stopped, 0)
      assert.notMatch(rekey.output(), /unhandled|UnhandledPromise|at .*\.js:\d+/i)
    }).pipe(Effect.scoped),
  slow
)

it.live(
  "a token that Slack takes back while the socket is open stops no process: HTTP goes on, and so does the bot once it is good again",
  () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack.make()
      const rekey = yield* aProcess({ ...slack.env, SLACK_APP_TOKEN: slack.appToken, SUPPORT_EMAIL: "" })
      yield* slack.socket.connected
      yield* slack.fault(faults.refused("invalid_auth"), { method: "apps.connections.open" })
      const calls = slack.calls("apps.connections.open").length
      yield* slack.socket.cut
      yield* slack.called("apps.connections.open", calls + 1)
      // a process that ends by it has ended before it answers twice
      const call = callTo(rekey.base)
      for (const path of ["/health/live", "/health/ready", "/v1/cases"])
        assert.strictEqual((yield* call("GET", path)).status, 200, rekey.output())
      yield* slack.recover()
      yield* slack.socket.connected
      assert.strictEqual(yield* rekey.stop, 0)
    }).pipe(Effect.scoped),
  slow
)

it.live(
  "a token that Slack refuses at the start is tried again, as the log says",
  () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack.make()
      yield* slack.fault(faults.refused("invalid_auth"), { method: "apps.connections.open" })
      const rekey = yield* aProcess({ ...slack.env, SLACK_APP_TOKEN: slack.appToken, SUPPORT_EMAIL: "" })
      yield* slack.called("apps.connections.open")
      yield* eventually(
        Effect.sync(() => (rekey.output().includes("trying again") ? true : undefined)),
        "the warning"
      )
      yield* slack.recover()
      yield* slack.socket.connected
    }).pipe(Effect.scoped),
  slow
)
