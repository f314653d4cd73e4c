import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor, password } from "../../kit/frontDoor.ts"
import { linked, slackDoor } from "../../kit/slackDoor.ts"
import { casey, directOf, supportChannel } from "../../kit/slack/people.ts"

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
})
