import { assert, describe, it } from "@effect/vitest"
import { App, isValidSlackRequest } from "@slack/bolt"
import { Effect } from "effect"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { freePort } from "../kit/freePort.ts"
import { signatureOf } from "../kit/slack/deliver.ts"
import { faults } from "../kit/slack/faults.ts"
import { casey, generalChannel, supportChannel, support, team } from "../kit/slack/people.ts"
import { type Answering, anApp, asked, clientOf, quiet, refusalOf } from "./slackKit.ts"

const button = (action_id: string, value: string) =>
  ({ type: "button", action_id, value, text: { type: "plain_text", text: "Press" } }) as const
const actions = (...elements: ReadonlyArray<ReturnType<typeof button>>) =>
  ({ type: "actions", elements: [...elements] }) as const
const modal = (title: string) => ({
  type: "modal" as const,
  title: { type: "plain_text" as const, text: title },
  submit: { type: "plain_text" as const, text: "Send" },
  private_metadata: "kept",
  notify_on_close: true,
  blocks: [
    {
      type: "input" as const,
      block_id: "reason",
      label: { type: "plain_text" as const, text: "Why" },
      element: { type: "plain_text_input" as const, action_id: "text" }
    }
  ]
})

/** A fake, and a tiny app that it delivers to. */
const aFakeWith = (answering?: Answering) =>
  Effect.gen(function* () {
    const fake = yield* FakeSlack.make({ pacing: false })
    const app = yield* anApp(answering)
    fake.aimAt(app.base)
    return { fake, app, web: clientOf(fake) }
  })

const fieldsOf = (body: string) => Object.fromEntries(new URLSearchParams(body))
const payloadOf = (body: string): Record<string, unknown> =>
  JSON.parse(fieldsOf(body)["payload"] ?? "") as Record<string, unknown>

const genuine = (
  heard: { readonly headers: Readonly<Record<string, unknown>>; readonly body: string } | undefined,
  signingSecret: string
) =>
  isValidSlackRequest({
    signingSecret,
    body: heard?.body ?? "",
    headers: {
      "x-slack-signature": String(heard?.headers["x-slack-signature"]),
      "x-slack-request-timestamp": Number(heard?.headers["x-slack-request-timestamp"])
    }
  })

describe("FakeSlack, what it says to the app", () => {
  // The example of Slack's own documentation.
  it("signs as Slack does", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" +
      "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
      "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
      "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    assert.strictEqual(
      signatureOf("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body),
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )
  })

  it.live("commands are signed forms; what is answered is seen by one person only", () =>
    Effect.gen(function* () {
      const { fake, app } = yield* aFakeWith(() => ({ response_type: "ephemeral", text: "Here is help" }))
      const delivered = yield* fake.command({ user: casey, text: "help me & more", channel: generalChannel })
      assert.deepInclude(delivered, { status: 200, body: '{"response_type":"ephemeral","text":"Here is help"}' })
      assert.isBelow(delivered.millis, 3000)
      const [heard] = app.heard
      assert.isTrue(genuine(heard, fake.signingSecret))
      assert.isFalse(genuine(heard, "another secret of the same length"))
      assert.strictEqual(heard?.path, "/slack/events")
      assert.deepInclude(fieldsOf(heard?.body ?? ""), {
        command: "/2fa",
        text: "help me & more",
        user_id: casey,
        team_id: team.id,
        channel_id: generalChannel,
        trigger_id: delivered.triggerId,
        response_url: delivered.responseUrl
      })
      assert.notProperty(fieldsOf(heard?.body ?? ""), "enterprise_id")
      assert.deepInclude(fake.ephemerals(casey)[0], { text: "Here is help", channel: generalChannel, via: "answer" })
      assert.include(fake.everything(), "Here is help")
      assert.deepStrictEqual(fake.messages(generalChannel), [])
    })
  )

  it.live("a press carries the whole message, and nobody presses what they do not see", () =>
    Effect.gen(function* () {
      const { fake, app, web } = yield* aFakeWith()
      const blocks = [actions(button("claim", "C-1"), button("close", "C-1"))]
      const { ts = "" } = yield* asked(() => web.chat.postMessage({ channel: supportChannel, text: "Case", blocks }))
      yield* fake.press({ user: support, channel: supportChannel, actionId: "close" })
      const payload = payloadOf(app.heard[0]?.body ?? "")
      assert.deepInclude(payload, { type: "block_actions", enterprise: null })
      assert.deepInclude(payload["user"], { id: support, team_id: team.id })
      assert.deepInclude(payload["message"], { ts, text: "Case", user: "U0REKEY" })
      assert.deepInclude((payload["actions"] as ReadonlyArray<object>)[0], {
        action_id: "close",
        value: "C-1",
        block_id: "b0",
        type: "button"
      })
      assert.deepInclude(payload["container"], { message_ts: ts, channel_id: supportChannel, is_ephemeral: false })

      yield* asked(() => web.chat.update({ channel: supportChannel, ts, text: "Closed", blocks: [] }))
      const gone = { user: support, channel: supportChannel, messageTs: ts, actionId: "close", value: "C-1" }
      const defect = yield* Effect.catchDefect(fake.press(gone), (found) => Effect.succeed(found))
      assert.match(String(defect), /sees no close of C-1/)
      const late = yield* fake.press({ ...gone, anyway: true })
      assert.strictEqual(late.status, 200)
      assert.deepInclude(payloadOf(app.heard[1]?.body ?? "")["message"], { text: "Closed" })
    })
  )

  it.live("a response_url edits what was pressed, or answers; five times", () =>
    Effect.gen(function* () {
      const { fake, web } = yield* aFakeWith()
      const post = (url: string | undefined, body: object) =>
        asked(async () => {
          const response = await fetch(url ?? "", { method: "POST", body: JSON.stringify(body), headers: json })
          return `${response.status} ${await response.text()}`
        })
      const json = { "content-type": "application/json" }
      const blocks = [actions(button("open", "1"))]
      yield* asked(() => web.chat.postEphemeral({ channel: generalChannel, user: casey, text: "Choose", blocks }))
      const { responseUrl } = yield* fake.press({ user: casey, channel: generalChannel, actionId: "open" })
      assert.isTrue(responseUrl?.startsWith(`${fake.origin}/actions/`))
      assert.strictEqual(yield* post(responseUrl, { replace_original: true, text: "Chosen" }), "200 ok")
      assert.deepStrictEqual(
        fake.ephemerals(casey).map(({ text }) => text),
        ["Chosen"]
      )
      yield* post(responseUrl, { response_type: "in_channel", text: "For all" })
      assert.strictEqual(fake.messages(generalChannel)[0]?.text, "For all")
      assert.strictEqual(yield* post(responseUrl, { text: "Bad", blocks: [{ type: "marquee" }] }), "400 invalid_blocks")
      yield* post(responseUrl, { text: "Fourth" })
      yield* post(responseUrl, { text: "Fifth" })
      assert.strictEqual(yield* post(responseUrl, { text: "Sixth" }), "404 used_url")
      assert.strictEqual(yield* post(`${fake.origin}/commands/T0HARBOR/0/0`, { text: "Hello" }), "404 expired_url")

      yield* fake.fault(faults.afterwards.broken, { method: "response_url" })
      const { responseUrl: other } = yield* fake.command({ user: casey, text: "status" })
      assert.match(yield* post(other, { text: "Said, and lost" }), /^500/)
      assert.strictEqual(fake.ephemerals(casey).at(-1)?.text, "Said, and lost")
    })
  )

  it.live("a modal is submitted with what was entered, and follows the answer", () =>
    Effect.gen(function* () {
      let answer: object | string = { response_action: "errors", errors: { reason: "Say more" } }
      const { fake, app, web } = yield* aFakeWith(({ body }) => (body.includes("view_submission") ? answer : ""))
      const { triggerId = "" } = yield* fake.command({ user: casey, text: "stuck" })
      yield* asked(() => web.views.open({ trigger_id: triggerId, view: modal("Stuck") }))
      yield* fake.submit({ user: casey, values: { text: "No code" } })
      const { view } = payloadOf(app.heard.at(-1)?.body ?? "") as { view: Record<string, unknown> }
      assert.deepInclude(view, { private_metadata: "kept", callback_id: "" })
      assert.deepStrictEqual(view["state"], {
        values: { reason: { text: { type: "plain_text_input", value: "No code" } } }
      })
      assert.strictEqual(fake.modals(casey).length, 1)
      answer = { response_action: "update", view: modal("Thanks") }
      yield* fake.submit({ user: casey })
      assert.deepStrictEqual(fake.modals(casey)[0]?.view, modal("Thanks"))
      answer = ""
      yield* fake.submit({ user: casey })
      assert.deepStrictEqual(fake.modals(casey), [])

      yield* asked(() => web.views.open({ trigger_id: fake.trigger(casey), view: modal("Again") }))
      yield* fake.close({ user: casey })
      assert.strictEqual(payloadOf(app.heard.at(-1)?.body ?? "")["type"], "view_closed")
      assert.deepStrictEqual(fake.modals(casey), [])
    })
  )

  it.live("events are signed JSON, and come again with a number", () =>
    Effect.gen(function* () {
      const { fake, app, web } = yield* aFakeWith()
      const delivered = yield* fake.event({ type: "message", user: casey, text: "123456" })
      const first = JSON.parse(app.heard[0]?.body ?? "") as Readonly<Record<string, unknown>>
      assert.isTrue(genuine(app.heard[0], fake.signingSecret))
      assert.strictEqual(app.heard[0]?.headers["content-type"], "application/json")
      assert.deepInclude(first, { type: "event_callback", team_id: team.id, event_id: delivered.eventId })
      assert.deepInclude(first.event, {
        type: "message",
        user: casey,
        text: "123456",
        channel: "D0CASEY",
        channel_type: "im",
        ts: delivered.ts
      })
      assert.deepInclude(fake.direct(casey)[0], { text: "123456", user: casey })
      yield* fake.redeliver(delivered, 2)
      assert.strictEqual(app.heard[1]?.body, app.heard[0]?.body)
      assert.deepInclude(app.heard[1]?.headers, {
        "x-slack-retry-num": "2",
        "x-slack-retry-reason": "http_timeout"
      })
      assert.strictEqual(fake.direct(casey).length, 1)

      yield* asked(() => web.views.publish({ user_id: casey, view: { type: "home", blocks: [] } }))
      yield* fake.event({ type: "app_home_opened", user: casey })
      const opened = JSON.parse(app.heard[2]?.body ?? "") as { readonly event: object }
      assert.deepInclude(opened.event, { type: "app_home_opened", user: casey, channel: "D0CASEY", tab: "home" })
      yield* fake.event({ type: "app_mention", user: casey, text: "<@U0REKEY> help" })
      const { ts = "" } = fake.messages(generalChannel)[0] ?? {}
      assert.strictEqual(
        yield* refusalOf(() => web.chat.update({ channel: generalChannel, ts, text: "Mine now" })),
        "cant_update_message"
      )
    })
  )

  it.live("can be forged, changed, aged, replayed, and lose or double its headers", () =>
    Effect.gen(function* () {
      const { fake, app } = yield* aFakeWith()
      const now = Math.floor(Date.now() / 1000)
      const body = "command=%2F2fa&text=help"
      const last = () => app.heard.at(-1)
      const deliver = (more: object) => fake.deliver({ body, ...more })
      yield* deliver({})
      assert.isTrue(genuine(last(), fake.signingSecret))
      for (const wrong of [
        { secret: "another" },
        { signature: "v0=00" },
        { timestamp: now - 360 },
        { signature: signatureOf(fake.signingSecret, now, "command=%2F2fa&text=status"), timestamp: now },
        { drop: ["x-slack-signature"] }
      ]) {
        yield* deliver(wrong)
        assert.isFalse(genuine(last(), fake.signingSecret), JSON.stringify(wrong))
      }
      yield* deliver({ timestamp: now + 360 })
      assert.strictEqual(last()?.headers["x-slack-request-timestamp"], String(now + 360))
      yield* deliver({ double: ["X-Slack-Signature"], headers: [["X-Slack-Request-Timestamp", "1"]] })
      const named = (name: string) => last()?.lines.filter((line) => line.toLowerCase() === name).length
      assert.strictEqual(named("x-slack-signature"), 2)
      assert.strictEqual(named("x-slack-request-timestamp"), 2)
      assert.strictEqual(last()?.headers["x-slack-request-timestamp"]?.toString().split(", ").length, 2)
      yield* deliver({ contentType: null, method: "PUT", path: "/slack/other" })
      assert.deepInclude(last(), { method: "PUT", path: "/slack/other" })
      assert.notProperty(last()?.headers, "content-type")

      const delivered = yield* fake.command({ user: casey, text: "lost" })
      const once = last()
      yield* fake.replay(delivered)
      assert.deepStrictEqual(last(), once)
      yield* fake.urlVerification("abc")
      assert.deepInclude(JSON.parse(last()?.body ?? ""), { type: "url_verification", challenge: "abc" })
      yield* fake.sslCheck()
      assert.deepInclude(fieldsOf(last()?.body ?? ""), { ssl_check: "1" })
    })
  )

  it.live("tells of an app that hangs up or is not there", () =>
    Effect.gen(function* () {
      const { fake } = yield* aFakeWith(() => "cut")
      assert.strictEqual((yield* fake.command({ user: casey, text: "help" })).status, 0)
      const nowhere = `http://127.0.0.1:${yield* freePort}`
      assert.strictEqual((yield* fake.command({ user: casey, text: "help" }, nowhere)).status, 0)
    })
  )

  it.live("is what Bolt takes for Slack", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make()
      const port = yield* freePort
      const app = new App({
        token: fake.botToken,
        signingSecret: fake.signingSecret,
        clientOptions: { slackApiUrl: fake.apiUrl },
        logger: quiet
      })
      app.command("/2fa", async ({ ack, command }) => ack(`You asked for ${command.text}`))
      app.message("hello", async ({ say }) => void (await say({ text: "Hello", blocks: [actions(button("go", "1"))] })))
      app.action("go", async ({ ack, respond }) => {
        await ack()
        await respond({ text: "Gone", replace_original: true })
      })
      yield* Effect.acquireRelease(
        Effect.promise(() => app.start({ port, host: "127.0.0.1" })),
        () => Effect.promise(() => app.stop())
      )
      fake.aimAt(`http://127.0.0.1:${port}`)
      const verified = yield* fake.urlVerification("a challenge")
      assert.deepInclude(JSON.parse(verified.body), { challenge: "a challenge" })
      assert.strictEqual((yield* fake.sslCheck()).status, 200)
      assert.strictEqual((yield* fake.deliver({ body: "command=%2F2fa", secret: "another" })).status, 401)
      yield* fake.command({ user: casey, text: "status" })
      assert.strictEqual(fake.ephemerals(casey)[0]?.text, "You asked for status")
      yield* fake.event({ type: "message", user: casey, text: "hello" })
      const said = yield* fake.messageIn("D0CASEY", ({ text }) => text === "Hello")
      yield* fake.press({ user: casey, messageTs: said.ts, actionId: "go" })
      yield* fake.messageIn("D0CASEY", ({ ts, text }) => ts === said.ts && text === "Gone")
    })
  )
})
