import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { eventually, Rekey } from "../kit/process.ts"
import { linked, slackDoor } from "../kit/slackDoor.ts"
import { type Fault, faults } from "../kit/slack/faults.ts"
import { casey, directOf, generalChannel, stranger, support, supportChannel } from "../kit/slack/people.ts"
import type { Seen } from "../kit/slack/workspace.ts"

type Slack = FakeSlack["Service"]

/** Waits for longer than the kit does: an outage and the wait after it. */
const inTheEnd = <A>(look: () => A | undefined, what: string): Effect.Effect<A> =>
  Effect.gen(function* () {
    const until = performance.now() + 45_000
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (performance.now() > until) return yield* Effect.die(new Error(`In vain waited for ${what}`))
      yield* Effect.sleep("30 millis")
    }
  })

/** What the bot wrote into a channel, oldest first, with what was said in threads. */
const byBot = (slack: Slack, channel: string): ReadonlyArray<Seen> => {
  const roots = slack.messages(channel)
  return roots
    .flatMap((root) => [root, ...slack.replies(channel, root.ts)])
    .filter(({ metadata }) => metadata !== undefined)
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined
const kindOf = ({ metadata }: Seen) => String(fieldOf(metadata, "event_type"))
const idOf = ({ metadata }: Seen) => String(fieldOf(fieldOf(metadata, "event_payload"), "id"))

/** A message as two people get it alike: without account, case, user, number and clock. */
const alike = ({ text }: Seen, accountId: string) =>
  text
    .replaceAll(accountId, "<account>")
    .replaceAll(/C-[A-Z0-9]{4,6}/g, "<case>")
    .replaceAll(/\d+/g, "#")

const marks = (blocks: unknown): string => [...JSON.stringify(blocks ?? []).matchAll(/[○◐●]/g)].join("").slice(0, 11)

/** Where Slack opens no modal, the same is said in the direct messages. */
const insteadOfModal = "rekey_case_opened"

/** A customer who is linked, and what becomes of their journey. */
const journey = Effect.fnUntraced(function* (user: string, before: (step: string) => Effect.Effect<void>) {
  const slack = yield* FakeSlack
  const door = yield* FrontDoor
  const account = yield* door.anAccount({ twoFactor: "SMS" })
  const { accountId, phone, email } = account
  const direct = directOf(user)
  const guideIn = () => byBot(slack, direct).find((message) => kindOf(message) === "rekey_guide")
  const millis: Array<number> = []
  const timed = <A, E, R>(asked: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const from = performance.now()
      const answer = yield* asked
      millis.push(performance.now() - from)
      return answer
    })

  yield* before("link")
  yield* linked(account, user)
  const grant = yield* door.grantOf(accountId, phone)
  yield* before("change")
  yield* slack.command({ user, text: "change", channel: generalChannel })
  yield* inTheEnd(guideIn, "the checklist")
  yield* before("disable")
  const off = yield* timed(door.post(door.of(accountId, "/two-factor/disable"), { password, grant }))
  assert.strictEqual(off.status, 200, off.text)
  yield* before("set up")
  const setUp = yield* timed(door.post(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password }))
  assert.strictEqual(setUp.status, 201, setUp.text)
  const { pending } = yield* timed(door.twoFactor(accountId))
  // A person reads the mail before they say that they are stuck.
  const code = yield* door.codeOf(pending?.challengeId ?? "", email)
  yield* inTheEnd(() => (marks(guideIn()?.blocks).startsWith("●".repeat(8)) ? true : undefined), "eight ticks")
  yield* before("stuck")
  yield* slack.press({
    user,
    actionId: "stuck",
    ...(guideIn() === undefined ? {} : { messageTs: guideIn()?.ts ?? "" })
  })
  yield* inTheEnd(
    () =>
      byBot(slack, supportChannel).find((it) => kindOf(it) === "rekey_case" && it.text.includes(`\`${accountId}\``)),
    "the case"
  )
  yield* before("verify")
  const done = yield* timed(door.verify(pending?.challengeId ?? "", code))
  assert.strictEqual(done.status, 200, done.text)
  const ofMine = () => byBot(slack, supportChannel).filter(({ text }) => text.includes(`\`${accountId}\``))
  yield* inTheEnd(() => (marks(guideIn()?.blocks) === "●".repeat(11) ? true : undefined), "all ticks")
  yield* inTheEnd(() => ofMine().find(({ text }) => text.includes("EMAIL")), "the end of the way")
  yield* inTheEnd(
    () => ofMine().find((it) => kindOf(it) === "rekey_case" && /closed/i.test(it.text)),
    "the case closed"
  )
  yield* inTheEnd(
    () => (byBot(slack, direct).filter((it) => kindOf(it) === "rekey_notice").length === 2 ? true : undefined),
    "both notices"
  )
  return {
    accountId,
    millis,
    direct: byBot(slack, direct),
    support: ofMine(),
    /** Everything that both journeys show alike, in the order of its place. */
    shown: [...byBot(slack, direct), ...ofMine()]
      .filter((message) => kindOf(message) !== insteadOfModal)
      .map((message) => `${kindOf(message)}: ${alike(message, accountId)}`)
  }
})

const median = (numbers: ReadonlyArray<number>) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0

const readiness = Effect.gen(function* () {
  const door = yield* FrontDoor
  const answer = yield* door.call("GET", "/health/ready", { key: null })
  const { body } = answer
  return {
    status: answer.status,
    whole: fieldOf(body, "status"),
    slack: fieldOf(fieldOf(body, "dependencies"), "slack")
  }
})

const isOnce = (messages: ReadonlyArray<Seen>) => {
  assert.strictEqual(new Set(messages.map(idOf)).size, messages.length, "a message is there twice")
}

const long = { timeout: 120_000 }

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("Slack is ill", (it) => {
  it.effect(
    "every message of a journey is there in the end, once, in order and at its newest, whatever Slack did meanwhile",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.recover()
        const healthy = yield* journey(casey, () => Effect.void)

        const direct = directOf(stranger)
        const ill: Readonly<Record<string, ReadonlyArray<readonly [Fault, { method: string; channel?: string }]>>> = {
          link: [[faults.rateLimited(3), { method: "chat.postMessage", channel: direct }]],
          change: [[faults.afterwards.cut, { method: "chat.postMessage", channel: direct }]],
          disable: [
            [faults.rateLimited(4), { method: "chat.postMessage", channel: supportChannel }],
            [faults.broken, { method: "chat.update", channel: direct }]
          ],
          stuck: [
            [faults.hanging, { method: "views.open" }],
            [faults.afterwards.broken, { method: "chat.postMessage", channel: supportChannel }]
          ],
          verify: [
            [faults.afterwards.hanging, { method: "chat.update", channel: direct }],
            [faults.afterwards.cut, { method: "chat.update", channel: supportChannel }]
          ]
        }
        const from = slack.calls().length
        const seen = yield* journey(stranger, (step) =>
          Effect.forEach(ill[step] ?? [], ([fault, where]) => slack.fault(fault, { ...where, times: 1 }), {
            discard: true
          })
        )
        assert.deepStrictEqual(seen.shown, healthy.shown)
        for (const one of [healthy, seen]) {
          isOnce(one.direct)
          isOnce(one.support)
          assert.deepStrictEqual(
            one.direct.map(kindOf).filter((kind) => kind !== insteadOfModal),
            ["rekey_number", "rekey_linked", "rekey_guide", "rekey_notice", "rekey_notice"]
          )
          assert.deepStrictEqual(one.support.map(kindOf), ["rekey_journey", "rekey_case"])
        }
        // What fell ill was met: each fault has struck, and the person who was stuck was told in another way.
        const outcomes = slack
          .calls()
          .slice(from)
          .map(({ method, outcome }) => `${method} ${outcome}`)
        for (const [fault, { method }] of Object.values(ill).flat()) {
          const word =
            fault.kind === "rateLimited" ? "ratelimited" : fault.kind === "afterwards" ? "afterwards" : fault.kind
          assert.isTrue(
            outcomes.some((it) => it.startsWith(method) && it.includes(word)),
            `${method} ${word}`
          )
        }
        const told = (channel: string) => byBot(slack, channel).filter((it) => kindOf(it) === insteadOfModal)
        assert.isEmpty(told(directOf(casey)))
        yield* inTheEnd(() => told(direct)[0], "the answer without a modal")
        assert.lengthOf(told(direct), 1)
        assert.lengthOf(slack.modals(casey), 1)

        // Retry-After: nothing to that channel before its time.
        for (const [channel, seconds] of [
          [direct, 3],
          [supportChannel, 4]
        ] as const) {
          const calls = slack
            .calls()
            .slice(from)
            .filter(({ args }) => args["channel"] === channel)
          const limited = calls.findIndex(({ outcome }) => outcome === "ratelimited")
          const wait = (calls[limited + 1]?.at ?? 0) - (calls[limited]?.at ?? 0)
          assert.isAtLeast(wait, seconds * 1000 - 20, `${channel} was called too early`)
        }
        assert.deepStrictEqual(slack.pacingViolations, [])
        assert.deepStrictEqual(slack.blockFaults, [])
        yield* slack.recover()
      }),
    long
  )

  it.effect(
    "the portal does not get slower while Slack hangs, and what waited meanwhile comes once",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        yield* slack.recover()
        const calls = Effect.fnUntraced(function* () {
          const millis: Array<number> = []
          for (let one = 0; one < 12; one += 1) {
            const { accountId } = yield* door.anAccount({ twoFactor: "EMAIL" })
            const from = performance.now()
            const read = yield* door.twoFactor(accountId)
            const signIn = yield* door.post(door.of(accountId, "/sign-in"), { password })
            millis.push(performance.now() - from)
            assert.strictEqual(`${read.status} ${signIn.status}`, "enabled 201")
          }
          return median(millis)
        })
        const healthy = yield* calls()

        yield* slack.fault(faults.hanging)
        // Eight people are being answered at once, more wait, and messages are on their way.
        for (let one = 0; one < 12; one += 1) {
          for (const user of [casey, stranger, support]) {
            const asked = yield* slack.command({ user, text: "help", channel: generalChannel })
            assert.isTrue(asked.status === 200 && asked.millis < 1000, `acknowledged after ${asked.millis} ms`)
          }
        }
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        yield* door.post(
          door.of(accountId, "/two-factor/reset"),
          { reason: "lost", requestedBy: "robin" },
          {
            key: "support-key-of-the-tests-0123456789abcdef"
          }
        )
        yield* inTheEnd(
          () => slack.calls("chat.postMessage").find(({ outcome }) => outcome === "hanging"),
          "it to hang"
        )
        yield* inTheEnd(
          () => slack.calls("response_url").filter(({ outcome }) => outcome === "hanging")[6],
          "more of it"
        )
        const ill = yield* calls()
        assert.isBelow(ill, healthy * 3 + 150, `${ill} ms instead of ${healthy} ms`)
        yield* slack.recover()
        yield* inTheEnd(
          () => byBot(slack, supportChannel).find(({ text }) => text.includes(`\`${accountId}\``)),
          "what waited"
        )
        isOnce(byBot(slack, supportChannel))
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    long
  )

  it.effect(
    "the service is ready while Slack is ill, and its report names Slack",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.recover()
        const says = (whole: string) =>
          eventually(
            Effect.map(readiness, (now) => (now.whole === whole ? now : undefined)),
            `the report to say ${whole}`
          )
        const open = slack.event({ type: "app_home_opened", user: support })
        yield* open
        yield* eventually(
          Effect.map(readiness, ({ slack: now }) => (now === "ok" ? true : undefined)),
          "the report to know Slack"
        )
        assert.deepStrictEqual(yield* says("ok"), { status: 200, whole: "ok", slack: "ok" })
        for (const fault of [faults.broken, faults.refused("invalid_auth"), faults.hanging]) {
          yield* slack.fault(fault)
          yield* open
          assert.deepStrictEqual(yield* says("degraded"), { status: 200, whole: "degraded", slack: "degraded" })
          yield* slack.recover()
          yield* open
          yield* says("ok")
        }
      }),
    long
  )

  for (const [what, fault] of [
    ["before Slack has taken it", faults.hanging],
    ["after Slack has taken it", faults.afterwards.hanging]
  ] as const) {
    it.effect(
      `a message is there once when Rekey is killed while it is being posted, ${what}`,
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const door = yield* FrontDoor
          yield* slack.recover()
          const rekey = yield* Rekey
          const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
          const grant = yield* door.grantOf(accountId, phone)
          const looks = slack.calls("conversations.history").length
          const onItsWay = () =>
            slack
              .calls("chat.postMessage")
              .find(
                ({ args, outcome }) => outcome.includes("hanging") && String(args["text"]).includes(`\`${accountId}\``)
              )
          yield* slack.fault(fault, { method: "chat.postMessage", channel: supportChannel })
          yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
          yield* inTheEnd(onItsWay, "the message to be on its way")
          yield* rekey.kill
          yield* slack.recover()
          yield* rekey.start
          // What comes later edits the message that the process before may have posted.
          const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
          yield* door.answerRightly(id, phone)
          const mine = () => byBot(slack, supportChannel).filter(({ text }) => text.includes(`\`${accountId}\``))
          yield* inTheEnd(
            () => mine().find(({ text }) => text.includes("set up again: SMS")),
            "the message at its newest"
          )
          assert.lengthOf(mine(), 1)
          assert.isAbove(slack.calls("conversations.history").length, looks, "it looks before it posts again")
          assert.deepStrictEqual(slack.pacingViolations, [])
        }),
      long
    )
  }

  it.effect(
    "a message that somebody deleted stops neither its journey nor what is said after it",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        yield* slack.recover()
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const grant = yield* door.grantOf(accountId, phone)
        yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
        const mine = () => byBot(slack, supportChannel).find(({ text }) => text.includes(`\`${accountId}\``))
        const first = yield* inTheEnd(mine, "the message")
        const deleted = yield* Effect.promise(() =>
          fetch(`${slack.apiUrl}chat.delete`, {
            method: "POST",
            headers: { authorization: `Bearer ${slack.botToken}`, "content-type": "application/json" },
            body: JSON.stringify({ channel: supportChannel, ts: first.ts })
          }).then((answer) => answer.text())
        )
        assert.include(deleted, `"ok":true`)
        const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
        yield* door.answerRightly(id, phone)
        yield* inTheEnd(
          () =>
            slack
              .calls("chat.update")
              .find(({ args, outcome }) => args["ts"] === first.ts && outcome === "message_not_found"),
          "the edit in vain"
        )
        const other = yield* door.anAccount({ twoFactor: "SMS" })
        const otherGrant = yield* door.grantOf(other.accountId, other.phone)
        yield* door.post(door.of(other.accountId, "/two-factor/disable"), { password, grant: otherGrant })
        yield* inTheEnd(
          () => byBot(slack, supportChannel).find(({ text }) => text.includes(`\`${other.accountId}\``)),
          "what is said after it"
        )
        const tries = slack.calls("chat.update").filter(({ args }) => args["ts"] === first.ts)
        assert.lengthOf(tries, 1)
        assert.include(yield* readiness, { status: 200, whole: "ok" })
      }),
    long
  )
})
