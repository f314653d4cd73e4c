import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { en } from "../../../src/words/pages/en.ts"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor, password } from "../../kit/frontDoor.ts"
import { eventually } from "../../kit/process.ts"
import { linked, slackDoor } from "../../kit/slackDoor.ts"
import { casey, directOf, stranger, supportChannel } from "../../kit/slack/people.ts"

const marks = (blocks: unknown): string => [...JSON.stringify(blocks).matchAll(/[○◐●]/g)].join("")

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("guided by Slack", (it) => {
  it.effect(
    "S-68: linked at the portal, the checklist ticks itself while the portal changes the method",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const { accountId, phone, email } = account
        yield* linked(account)

        yield* slack.command({ user: casey, text: "change", channel: "C0GENERAL" })
        const guide = yield* slack.messageIn(
          directOf(casey),
          ({ blocks }) => marks(blocks).includes("◐"),
          "the checklist"
        )
        const seen = () => slack.direct(casey).find(({ ts }) => ts === guide.ts)
        assert.strictEqual(marks(seen()?.blocks).slice(0, 11), `◐${"○".repeat(10)}`)

        const grant = yield* door.grantOf(accountId, phone)
        const off = yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
        assert.strictEqual(off.status, 200, off.text)
        yield* slack.until(() => (marks(seen()?.blocks).startsWith("●●●●●◐") ? true : undefined), "five ticks")
        const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
        yield* slack.until(() => (marks(seen()?.blocks).startsWith("●●●●●●●●◐") ? true : undefined), "eight ticks")
        yield* door.answerRightly(id, email)
        yield* slack.until(() => (marks(seen()?.blocks).startsWith("●".repeat(11)) ? true : undefined), "all ticked")

        yield* slack.messageIn(
          supportChannel,
          ({ text }) => text.includes(accountId) && text.includes("EMAIL"),
          "the way"
        )
        assert.lengthOf(slack.messages(supportChannel), 1)
        assert.deepStrictEqual(slack.blockFaults, [])
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    { timeout: 60_000 }
  )

  it.effect("whoever does not know the Slack user removes them on the pages, and is told by mail", () =>
    Effect.gen(function* () {
      const slack = yield* FakeSlack
      const door = yield* FrontDoor
      const account = yield* door.anAccount({ twoFactor: "SMS" })
      const { browser } = yield* linked(account, stranger)
      const home = "/account/security"
      const { text } = yield* browser.ask("GET", home)
      assert.include(text, en.overview.slack(1))
      const removed = yield* browser.ask("POST", `${home}/slack/unlink`, yield* browser.form(home))
      assert.strictEqual(removed.status, 303, removed.text)
      const now = yield* browser.ask("GET", removed.headers.get("location") ?? "")
      assert.include(now.text, en.overview.slackUnlinked)
      assert.notInclude(now.text, en.overview.unlinkSlack)
      const [last] = (yield* door.events(account.accountId)).toReversed()
      assert.strictEqual(last?.type, "slack.unlinked")
      yield* eventually(
        Effect.map(door.inbox(account.email), (letters) =>
          letters.find(({ subject }) => subject?.includes("can no longer see your two-factor status"))
        ),
        "the mail about it"
      )
      const before = slack.ephemerals(stranger).length
      yield* slack.command({ user: stranger, text: "status", channel: "C0GENERAL" })
      const answer = yield* slack.until(() => slack.ephemerals(stranger)[before], "the answer")
      assert.notInclude(answer.text, account.accountId)
    })
  )
})
