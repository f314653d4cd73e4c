import { assert, describe, it } from "@effect/vitest"
import type { ModalView } from "@slack/types"
import { Effect, Fiber } from "effect"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { faults } from "../kit/slack/faults.ts"
import { bot, casey, generalChannel, supportChannel, supportGroup, team } from "../kit/slack/people.ts"
import { asked, clientOf, refusalOf } from "./slackKit.ts"

const hello = { channel: supportChannel, text: "Hello" }
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } }) as const
const modal = (title: string): ModalView => ({
  type: "modal",
  title: { type: "plain_text", text: title },
  blocks: [section(title)]
})
const metadata = { event_type: "case", event_payload: { id: "C-7F3K" } }

const unhurried = FakeSlack.make({ pacing: false })

describe("FakeSlack, the Web API", () => {
  it.live("knows its bot, its workspace, its people and its groups", () =>
    Effect.gen(function* () {
      const web = clientOf(yield* FakeSlack.make({ enterprise: "E0HARBOR" }))
      const who = yield* asked(() => web.auth.test())
      assert.deepInclude(who, { ok: true, user_id: bot.userId, bot_id: bot.botId, team_id: team.id })
      assert.strictEqual(who.enterprise_id, "E0HARBOR")
      const { user } = yield* asked(() => web.users.info({ user: casey }))
      assert.strictEqual(user?.profile?.display_name, "Casey")
      assert.match(user?.profile?.image_72 ?? "", /^https:/)
      assert.strictEqual((yield* asked(() => web.team.info())).team?.name, "Harbor")
      const { users } = yield* asked(() => web.usergroups.users.list({ usergroup: supportGroup }))
      assert.deepStrictEqual(users, ["U0SUPPORT"])
      const { channel } = yield* asked(() => web.conversations.info({ channel: supportChannel }))
      assert.deepInclude(channel, { id: supportChannel, name: "support", is_member: true })
    })
  )

  it.live("refuses as Slack does", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake)
      assert.strictEqual(yield* refusalOf(() => clientOf(fake, "xoxb-other").auth.test()), "invalid_auth")
      assert.strictEqual(yield* refusalOf(() => clientOf(fake, "").auth.test()), "not_authed")
      assert.strictEqual(yield* refusalOf(() => web.apps.connections.open({})), "not_allowed_token_type")
      assert.strictEqual(yield* refusalOf(() => web.apiCall("chat.shout", hello)), "unknown_method")
      assert.strictEqual(
        yield* refusalOf(() => web.chat.postMessage({ channel: "C0OTHER", text: "Hello" })),
        "channel_not_found"
      )
      assert.strictEqual(
        yield* refusalOf(() => web.chat.postMessage({ channel: "D0CASEY", text: "Hello" })),
        "channel_not_found"
      )
      assert.strictEqual(
        yield* refusalOf(() => web.chat.update({ channel: supportChannel, ts: "1.000001", text: "Hello" })),
        "message_not_found"
      )
      assert.strictEqual(yield* refusalOf(() => web.users.info({ user: "U0NOBODY" })), "user_not_found")
      assert.strictEqual(yield* refusalOf(() => web.usergroups.users.list({ usergroup: "S0OTHER" })), "no_such_subteam")
      assert.deepStrictEqual(fake.messages(supportChannel), [])
      assert.deepStrictEqual(
        fake
          .calls()
          .map(({ method, outcome }) => `${method} ${outcome}`)
          .slice(0, 2),
        ["auth.test invalid_auth", "auth.test not_authed"]
      )
    })
  )

  it.live("keeps messages, edits and threads, and gives them back newest first", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake)
      const blocks = [section("*Case* C-7F3K")]
      const first = yield* asked(() => web.chat.postMessage({ ...hello, blocks, metadata }))
      const ts = first.ts ?? ""
      assert.strictEqual(first.channel, supportChannel)
      assert.strictEqual(first.message?.text, "Hello")
      yield* asked(() => web.chat.postMessage({ ...hello, text: "Reply", thread_ts: ts }))
      yield* asked(() => web.chat.postMessage({ ...hello, text: "Second" }))
      yield* asked(() => web.chat.update({ ...hello, ts, text: "Hello again", blocks: [section("Closed")] }))

      const [shown, second] = fake.messages(supportChannel)
      assert.strictEqual(shown?.text, "Hello again")
      assert.deepStrictEqual(shown?.blocks, [section("Closed")])
      assert.deepStrictEqual(shown?.metadata, metadata)
      assert.strictEqual(shown?.edits.length, 1)
      assert.strictEqual(second?.text, "Second")
      assert.deepStrictEqual(
        fake.replies(supportChannel, ts).map(({ text }) => text),
        ["Reply"]
      )

      const texts = (history: { readonly messages?: ReadonlyArray<{ readonly text?: string }> }) =>
        history.messages?.map(({ text }) => text)
      const history = (more: object = {}) =>
        asked(() => web.conversations.history({ channel: supportChannel, ...more }))
      assert.deepStrictEqual(texts(yield* history()), ["Second", "Hello again"])
      assert.deepStrictEqual(texts(yield* history({ limit: 1 })), ["Second"])
      assert.deepStrictEqual(texts(yield* history({ oldest: ts })), ["Second"])
      assert.deepStrictEqual(texts(yield* history({ oldest: ts, inclusive: true })), ["Second", "Hello again"])
      assert.isUndefined((yield* history()).messages?.[1]?.metadata)
      const whole = yield* history({ include_all_metadata: true })
      assert.deepStrictEqual(whole.messages?.[1]?.metadata, metadata)
      const next = (yield* history({ limit: 1 })).response_metadata?.next_cursor
      assert.deepStrictEqual(texts(yield* history({ limit: 1, cursor: next })), ["Hello again"])
      const thread = yield* asked(() => web.conversations.replies({ channel: supportChannel, ts }))
      assert.deepStrictEqual(texts(thread), ["Hello again", "Reply"])

      yield* asked(() => web.chat.update({ ...hello, ts, text: "Text alone" }))
      assert.isUndefined(fake.messages(supportChannel)[0]?.blocks)
      yield* asked(() => web.chat.delete({ channel: supportChannel, ts }))
      assert.deepStrictEqual(
        fake.messages(supportChannel).map(({ text }) => text),
        ["Second"]
      )
    })
  )

  it.live("takes JSON as well as forms", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const answer = yield* asked(async () => {
        const response = await fetch(`${fake.apiUrl}chat.postMessage`, {
          method: "POST",
          headers: { authorization: `Bearer ${fake.botToken}`, "content-type": "application/json; charset=utf-8" },
          body: JSON.stringify({ ...hello, blocks: [section("Hello")] })
        })
        return response.json()
      })
      assert.deepInclude(answer as object, { ok: true, channel: supportChannel })
      assert.deepStrictEqual(fake.messages(supportChannel)[0]?.blocks, [section("Hello")])
    })
  )

  it.live("opens the same direct messages each time", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake)
      const open = asked(() => web.conversations.open({ users: casey }))
      const id = (yield* open).channel?.id ?? ""
      assert.strictEqual(id, "D0CASEY")
      assert.deepInclude(yield* open, { already_open: true, channel: { id } })
      yield* asked(() => web.chat.postMessage({ channel: id, text: "By channel" }))
      yield* asked(() => web.chat.postMessage({ channel: casey, text: "By person" }))
      assert.deepStrictEqual(
        fake.direct(casey).map(({ text }) => text),
        ["By channel", "By person"]
      )
      yield* asked(() => web.chat.postEphemeral({ channel: generalChannel, user: casey, text: "For you" }))
      assert.strictEqual(fake.ephemerals(casey)[0]?.text, "For you")
      assert.deepStrictEqual(fake.messages(generalChannel), [])
    })
  )

  it.live("refuses blocks that Slack would refuse, and keeps why", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake)
      const blocks = [section("x".repeat(3001))]
      assert.strictEqual(yield* refusalOf(() => web.chat.postMessage({ ...hello, blocks })), "invalid_blocks")
      const { trigger } = fake
      const view = modal("x".repeat(25))
      assert.strictEqual(
        yield* refusalOf(() => web.views.open({ trigger_id: trigger(casey), view })),
        "invalid_arguments"
      )
      assert.deepStrictEqual(
        fake.blockFaults.map(({ method, faults: found }) => [method, ...found]),
        [
          ["chat.postMessage", "blocks[0].text.text has 3001 characters, more than 3000"],
          ["views.open", "view.title.text has 25 characters, more than 24"]
        ]
      )
      assert.strictEqual(
        yield* refusalOf(() => web.apiCall("chat.postMessage", { ...hello, metadata: { event_type: "case" } })),
        "invalid_metadata_format"
      )
      assert.deepStrictEqual(fake.messages(supportChannel), [])
    })
  )

  it.live("opens a modal once for a trigger, for a while, and shows its updates", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make({ triggerMillis: 500 })
      const web = clientOf(fake)
      const late = fake.trigger(casey)
      const { view } = yield* asked(() => web.views.open({ trigger_id: fake.trigger(casey), view: modal("One") }))
      const used = fake.trigger(casey)
      yield* asked(() => web.views.push({ trigger_id: used, view: modal("Two") }))
      const open = (trigger_id: string) => refusalOf(() => web.views.open({ trigger_id, view: modal("Three") }))
      assert.strictEqual(yield* open(used), "exchanged_trigger_id")
      assert.strictEqual(yield* open("1.2.3"), "invalid_trigger_id")
      yield* Effect.sleep("550 millis")
      assert.strictEqual(yield* open(late), "expired_trigger_id")

      const view_id = view?.id ?? ""
      const update = { view_id, view: modal("Filled") }
      assert.strictEqual(yield* refusalOf(() => web.views.update({ ...update, hash: "1.2" })), "hash_conflict")
      yield* asked(() => web.views.update({ ...update, hash: view?.hash ?? "" }))
      assert.strictEqual(yield* refusalOf(() => web.views.update({ ...update, view_id: "V0" })), "not_found")
      const [first, second] = fake.modals(casey)
      assert.deepStrictEqual(first?.view, { ...modal("Filled") })
      assert.strictEqual(first?.updates.length, 1)
      assert.deepStrictEqual(second?.view, { ...modal("Two") })

      const home = { type: "home" as const, blocks: [section("Home")] }
      yield* asked(() => web.views.publish({ user_id: casey, view: home }))
      yield* asked(() => web.views.publish({ user_id: casey, view: { ...home, blocks: [] } }))
      assert.deepStrictEqual(fake.home(casey)?.view["blocks"], [])
    })
  )

  it.live("lets one message a second into a channel", () =>
    Effect.gen(function* () {
      const fake = yield* FakeSlack.make()
      const web = clientOf(fake)
      const { ts = "" } = yield* asked(() => web.chat.postMessage(hello))
      assert.match(yield* refusalOf(() => web.chat.update({ ...hello, ts })), /rate-limit/)
      yield* asked(() => web.chat.postMessage({ ...hello, channel: generalChannel }))
      assert.strictEqual(fake.pacingViolations.length, 1)
      assert.deepInclude(fake.pacingViolations[0], { channel: supportChannel, method: "chat.update" })
      assert.isBelow(fake.pacingViolations[0]?.afterMillis ?? Infinity, 1000)
      // The real client waits as it was told, and succeeds.
      const patient = clientOf(fake, fake.botToken, { rejectRateLimitedCalls: false, retryConfig: { retries: 1 } })
      yield* asked(() => patient.chat.update({ ...hello, ts, text: "Later" }))
      assert.strictEqual(fake.messages(supportChannel)[0]?.text, "Later")
    })
  )

  it.live("keeps all that it got but the token, to search in", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      yield* asked(() => clientOf(fake).chat.postMessage({ ...hello, text: "+60 12 555 0143 & more" }))
      assert.include(fake.everything(), "+60 12 555 0143 & more")
      assert.include(fake.everything(), "/api/chat.postMessage")
      assert.notInclude(fake.everything(), fake.botToken)
    })
  )
})

describe("FakeSlack, its faults", () => {
  it.live("asks for patience, breaks and refuses, everywhere or at one method, for good or so often", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake)
      const post = () => web.chat.postMessage(hello)
      yield* fake.fault(faults.rateLimited(30), { method: "chat.postMessage", times: 1 })
      assert.match(yield* refusalOf(post), /in 30 seconds/)
      yield* asked(post)
      yield* fake.fault(faults.broken)
      assert.match(yield* refusalOf(post), /statusCode = 500/)
      assert.match(yield* refusalOf(() => web.auth.test()), /statusCode = 500/)
      yield* fake.recover()
      yield* fake.fault(faults.refused("is_archived"), { method: "chat.postMessage", channel: supportChannel })
      assert.strictEqual(yield* refusalOf(post), "is_archived")
      yield* asked(() => web.chat.postMessage({ ...hello, channel: generalChannel }))
      yield* asked(() => web.auth.test())
      yield* fake.recover("chat.postMessage")
      yield* asked(post)
      assert.strictEqual(fake.messages(supportChannel).length, 2)
    })
  )

  it.live("does not answer at all", () =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake, fake.botToken, { timeout: 300 })
      yield* fake.fault(faults.hanging, { method: "chat.postMessage" })
      assert.match(yield* refusalOf(() => web.chat.postMessage(hello)), /timeout|aborted/i)
      assert.deepStrictEqual(fake.messages(supportChannel), [])
      assert.strictEqual(fake.calls("chat.postMessage")[0]?.outcome, "hanging")
    })
  )

  it.live("ends with a request still hanging", () =>
    Effect.gen(function* () {
      const ended = yield* Effect.scoped(
        Effect.gen(function* () {
          const fake = yield* unhurried
          yield* fake.fault(faults.hanging)
          const hanging = yield* Effect.forkDetach(refusalOf(() => clientOf(fake).chat.postMessage(hello)))
          yield* fake.called("chat.postMessage")
          return hanging
        })
      )
      assert.match(yield* Fiber.join(ended), /fetch failed/)
    })
  )

  it.live.each(["cut", "broken", "hanging"] as const)("posts, and loses the answer: %s", (answer) =>
    Effect.gen(function* () {
      const fake = yield* unhurried
      const web = clientOf(fake, fake.botToken, { timeout: 200 })
      yield* fake.fault(faults.afterwards[answer], { method: "chat.postMessage", times: 1 })
      yield* refusalOf(() => web.chat.postMessage(hello))
      const posted = yield* fake.messageIn(supportChannel)
      assert.strictEqual(posted.text, "Hello")
      assert.strictEqual(fake.calls("chat.postMessage")[0]?.outcome, `ok, ${answer} afterwards`)
      yield* asked(() => web.chat.update({ ...hello, ts: posted.ts, text: "Found again" }))
      assert.strictEqual(fake.messages(supportChannel).length, 1)
    })
  )
})
