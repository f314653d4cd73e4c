import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as courier from "../../src/bot/courier.ts"
import { SlackApi } from "../../src/bot/SlackApi.ts"
import { AccountId, CaseId } from "../../src/domain/ids.ts"
import type { SlackMessage } from "../../src/domain/slackMessages.ts"
import { utc } from "../../src/domain/time.ts"
import { NumberMatching } from "../../src/services/NumberMatching.ts"
import { SlackOutbox, type Wanted } from "../../src/services/SlackOutbox.ts"
import { SlackStatus } from "../../src/services/SlackStatus.ts"
import { Settings } from "../../src/settings.ts"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { faults } from "../kit/slack/faults.ts"
import { casey, directOf, generalChannel, support, supportChannel } from "../kit/slack/people.ts"
import { stored } from "../services/outboxKit.ts"
import { asked, clientOf } from "./slackKit.ts"

/** The courier between a database of its own and the fake. */
const carried = courier.layer.pipe(
  Layer.provideMerge(
    Layer.unwrap(
      FakeSlack.useSync(({ botToken, apiUrl }) => SlackApi.layerOf({ token: Redacted.make(botToken), apiUrl }))
    )
  ),
  Layer.provideMerge(Layer.mergeAll(SlackOutbox.layer, SlackStatus.layer, NumberMatching.layer, Settings.layerOf({}))),
  Layer.provideMerge(stored),
  Layer.provideMerge(FakeSlack.layer()),
  Layer.orDie
)

const saying = (account: string): SlackMessage => ({ _tag: "linked", accountId: AccountId.make(account) })
const put = (recipient: string, account: string, more: Partial<Wanted> = {}) =>
  SlackOutbox.use((outbox) => outbox.put({ subject: account, recipient, message: saying(account), ...more }))

/** How a subject stands. */
const rowOf = Effect.fnUntraced(function* (subject: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ state: string; detail: string | null; attempts: number }>`
    select state, detail, attempts from slack_messages where subject = ${subject}`
  return row
})

/** Waits until a subject is written, or given up; longer than the fake's own patience. */
const settled = Effect.fnUntraced(function* (subject: string) {
  for (let look = 0; look < 1500; look += 1) {
    const row = yield* rowOf(subject)
    if (row !== undefined && row.state !== "queued") return row
    yield* Effect.sleep("30 millis")
  }
  return yield* Effect.die(new Error(`In vain waited for ${subject}: ${JSON.stringify(yield* rowOf(subject))}`))
})

/** What a channel shows of these accounts, in its order; a message that is there twice is named twice. */
const shownIn = (slack: FakeSlack["Service"], channel: string, ...accounts: ReadonlyArray<string>) =>
  slack.messages(channel).flatMap(({ text }) => accounts.filter((account) => text.includes(`\`${account}\``)))

/** The calls about these accounts. */
const callsAbout = (slack: FakeSlack["Service"], method: string, account: string) =>
  slack.calls(method).filter(({ args }) => String(args["text"]).includes(`\`${account}\``))

/** Does not let one test that fails hold up the others. */
const thenDropped = (...subjects: ReadonlyArray<string>) =>
  Effect.ensuring(
    Effect.orDie(
      Effect.forEach(subjects, (subject) => SlackOutbox.use((outbox) => outbox.drop(subject)), { discard: true })
    )
  )

const slow = { timeout: 60_000 }

layer(carried, { excludeTestServices: true, timeout: "60 seconds" })("the courier of the bot", (it) => {
  it.effect(
    "Retry-After is honoured: nothing goes to that channel before, and nobody else waits",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.fault(faults.rateLimited(4), { channel: supportChannel, times: 1 })
        yield* put(supportChannel, "limited")
        yield* slack.until(() => callsAbout(slack, "chat.postMessage", "limited")[0], "the first try")
        yield* put(supportChannel, "waiting")
        yield* put(generalChannel, "elsewhere")
        yield* settled("elsewhere")
        assert.lengthOf(callsAbout(slack, "chat.postMessage", "limited"), 1)
        for (const subject of ["limited", "waiting"]) assert.strictEqual((yield* settled(subject)).state, "written")
        const toChannel = slack.calls().filter(({ args }) => args["channel"] === supportChannel)
        const [first, second] = toChannel
        assert.strictEqual(first?.outcome, "ratelimited")
        assert.isAtLeast((second?.at ?? 0) - (first?.at ?? 0), 4000)
        assert.lengthOf(shownIn(slack, supportChannel, "limited"), 1)
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  for (const [what, fault] of [
    ["too many requests", faults.rateLimited(2)],
    ["an error of the server", faults.broken]
  ] as const) {
    it.effect(
      `messages stay in their order after ${what}`,
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const names = ["first", "second", "third"].map((name) => `${name}-after-${fault.kind}`)
          yield* slack.fault(fault, { channel: generalChannel, method: "chat.postMessage", times: 1 })
          for (const name of names) yield* put(generalChannel, name)
          for (const name of names) yield* settled(name)
          assert.deepStrictEqual(shownIn(slack, generalChannel, ...names), names)
          assert.deepStrictEqual(slack.pacingViolations, [])
        }),
      slow
    )
  }

  it.effect(
    "a message whose answer was lost is there once, however it was lost, and says the newest",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const ways = [
          [generalChannel, generalChannel, faults.afterwards.cut],
          [supportChannel, supportChannel, faults.afterwards.broken],
          [casey, directOf(casey), faults.afterwards.hanging]
        ] as const
        yield* asked(() => clientOf(slack).conversations.open({ users: casey }))
        for (const [recipient, channel, fault] of ways) {
          yield* slack.fault(fault, { channel, method: "chat.postMessage", times: 1 })
          yield* put(recipient, `lost-${channel}`)
        }
        for (const [, channel] of ways)
          yield* slack.until(() => shownIn(slack, channel, `lost-${channel}`)[0], "the message")
        // what is wanted meanwhile is another version of what is there already
        for (const [recipient, channel] of ways)
          yield* put(recipient, `newer-${channel}`, { subject: `lost-${channel}` })
        for (const [, channel] of ways) {
          assert.strictEqual((yield* settled(`lost-${channel}`)).state, "written")
          assert.deepStrictEqual(shownIn(slack, channel, `newer-${channel}`, `lost-${channel}`), [`newer-${channel}`])
          assert.lengthOf(callsAbout(slack, "chat.postMessage", `newer-${channel}`), 0)
        }
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  it.effect(
    "so is a line in a thread, and it stands there",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const caseId = CaseId.make("C-LNE2")
        const line: SlackMessage = { _tag: "case_line", caseId, about: "locked", at: utc(new Date()) }
        yield* put(generalChannel, "root")
        yield* put(generalChannel, "line", { message: line, threadOf: "root" })
        yield* settled("root")
        yield* slack.fault(faults.afterwards.cut, { method: "chat.postMessage", channel: generalChannel, times: 1 })
        yield* settled("line")
        const root = slack.messages(generalChannel).find(({ text }) => text.includes("`root`"))
        const replies = slack.replies(generalChannel, root?.ts ?? "")
        assert.lengthOf(replies, 1)
        assert.include(replies[0]?.text, "C-LNE2")
        assert.isEmpty(slack.messages(generalChannel).filter(({ text }) => text.includes("C-LNE2")))
        assert.isAtLeast(slack.calls("conversations.replies").length, 1)
        yield* slack.recover()
      }).pipe(thenDropped("line", "root")),
    slow
  )

  it.effect(
    "an edit whose answer was lost ends at the newest version, in the one message",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* put(supportChannel, "edit-1", { subject: "edited" })
        yield* settled("edited")
        yield* slack.fault(faults.afterwards.broken, { method: "chat.update", channel: supportChannel, times: 1 })
        yield* put(supportChannel, "edit-2", { subject: "edited" })
        yield* slack.until(() => callsAbout(slack, "chat.update", "edit-2")[0], "the edit")
        yield* put(supportChannel, "edit-3", { subject: "edited" })
        yield* put(supportChannel, "edit-4", { subject: "edited" })
        yield* settled("edited")
        const of = ["edit-1", "edit-2", "edit-3", "edit-4"]
        assert.deepStrictEqual(shownIn(slack, supportChannel, ...of), ["edit-4"])
        assert.lengthOf(callsAbout(slack, "chat.update", "edit-3"), 0)
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  it.effect(
    "a message that somebody deleted is not edited for ever, and holds nobody up",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* put(supportChannel, "deleted")
        yield* settled("deleted")
        const ts = slack.messages(supportChannel).find(({ text }) => text.includes("`deleted`"))?.ts ?? ""
        yield* asked(() => clientOf(slack).chat.delete({ channel: supportChannel, ts }))
        yield* put(supportChannel, "deleted-2", { subject: "deleted" })
        yield* put(supportChannel, "after-the-deleted")
        assert.strictEqual((yield* settled("after-the-deleted")).state, "written")
        assert.notStrictEqual((yield* settled("deleted")).state, "queued")
        assert.lengthOf(callsAbout(slack, "chat.update", "deleted-2"), 1)
        assert.isAtMost(shownIn(slack, supportChannel, "deleted", "deleted-2").length, 1)
        assert.strictEqual(yield* SlackStatus.use(({ current }) => current), "ok", "Slack is well")
      }),
    slow
  )

  it.effect(
    "what Slack refuses for good is tried once; lines below what is not there hold nobody up",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.fault(faults.refused("is_archived"), {
          channel: supportChannel,
          method: "chat.postMessage",
          times: 1
        })
        yield* put(supportChannel, "refused")
        assert.deepInclude(yield* settled("refused"), { state: "failed", detail: "is_archived", attempts: 1 })
        const caseId = CaseId.make("C-NVR2")
        const line: SlackMessage = { _tag: "case_line", caseId, about: "again", at: utc(new Date()) }
        yield* put(supportChannel, "line-below", { message: line, threadOf: "refused", lifeSeconds: 3600 })
        yield* put(supportChannel, "line-of-nothing", {
          message: line,
          threadOf: "purged a month ago",
          lifeSeconds: 30
        })
        const names = ["goes-on-1", "goes-on-2", "goes-on-3"]
        for (const name of names) yield* put(supportChannel, name)
        for (const name of names) assert.strictEqual((yield* settled(name)).state, "written")
        assert.deepStrictEqual(shownIn(slack, supportChannel, ...names), names)
        assert.strictEqual((yield* rowOf("goes-on-1"))?.attempts, 0)
      }).pipe(thenDropped("line-below", "line-of-nothing")),
    slow
  )

  it.effect(
    "nobody whose direct messages cannot be opened holds up anybody else, and they get theirs in the end",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.fault(faults.broken, { method: "conversations.open", times: 1 })
        yield* put(support, "opened-late")
        yield* put(generalChannel, "opened-elsewhere")
        assert.strictEqual((yield* settled("opened-elsewhere")).state, "written")
        assert.strictEqual((yield* settled("opened-late")).state, "written")
        assert.lengthOf(shownIn(slack, directOf(support), "opened-late"), 1)
        assert.lengthOf(slack.direct(support), 1)
      }),
    slow
  )

  for (const error of ["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"]) {
    it.effect(`a bot that Slack lets do nothing any more (${error}) is a trouble that the health report names`, () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const api = yield* SlackApi
        const current = SlackStatus.use((status) => status.current)
        yield* api.call("auth.test")
        assert.strictEqual(yield* current, "ok")
        yield* slack.fault(faults.refused(error), { method: "auth.test", times: 1 })
        yield* Effect.flip(api.call("auth.test"))
        assert.strictEqual(yield* current, "degraded")
        yield* api.call("auth.test")
        assert.strictEqual(yield* current, "ok")
      })
    )
  }
})
