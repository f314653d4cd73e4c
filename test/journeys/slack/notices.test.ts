import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { en } from "../../../src/words/pages/en.ts"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor } from "../../kit/frontDoor.ts"
import { eventually } from "../../kit/process.ts"
import { casey, harborEnterprise, stranger, support } from "../../kit/slack/people.ts"
import { linked, slackDoor, urlsIn } from "../../kit/slackDoor.ts"
import {
  aGuide,
  ask,
  changedToEmail,
  linkedBefore,
  lockedOut,
  marksIn,
  report,
  setUpBegun,
  turnedOff,
  wholeOf
} from "../../kit/slackStories.ts"

const slow = { timeout: 60_000 }
const notYou = "This wasn't me"

/** What somebody was told of an account in their direct messages, oldest first. */
const toldOf = Effect.fnUntraced(function* ({ accountId }: { readonly accountId: string }, user: string = casey) {
  const slack = yield* FakeSlack
  return () =>
    slack
      .direct(user)
      .filter((message) => wholeOf(message).includes(notYou) && message.text.includes(`\`${accountId}\``))
})

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("notices in Slack", (it) => {
  it.effect(
    "S-42: the linked customer is told what was disabled, enabled and locked; each notice leads to its page",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS", name: "Alexandra Tan" })
        yield* linkedBefore(account)
        const told = yield* toldOf(account)
        yield* turnedOff(account, account.phone)
        const off = yield* slack.until(() => told()[0], "that it was turned off")
        assert.include(off.text, "Two-factor authentication was turned off")
        assert.include(off.text, "protected by its password only, until")
        const { id } = yield* setUpBegun(account)
        yield* door.answerRightly(id, account.email)
        const on = yield* slack.until(() => told()[1], "that it was turned on")
        assert.include(on.text, "Two-factor authentication by email was turned on")
        yield* lockedOut(account, account.email)
        const locked = yield* slack.until(() => told()[2], "that it is locked")
        assert.include(locked.text, "no code is sent and none is accepted")
        for (const notice of told()) {
          for (const personal of ["Alexandra", "customer.example", account.phone.slice(-4)])
            assert.notInclude(wholeOf(notice), personal)
          const [url = ""] = urlsIn(notice.blocks)
          assert.isTrue(url.startsWith(`${door.base}/`), url)
        }
        for (const notice of [off, on]) {
          const [url = ""] = urlsIn(notice.blocks)
          assert.match(new URL(url).pathname, /^\/notice\/[\w-]{22}\.[\w-]{22}$/)
        }
        assert.lengthOf(told(), 3)
        assert.deepStrictEqual(slack.blockFaults, [])
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  it.effect(
    "S-44: This wasn't me in Slack opens the page of the notice; opening changes nothing, pressing there freezes",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        yield* linkedBefore(account)
        const told = yield* toldOf(account)
        yield* changedToEmail(account)
        const changed = yield* slack.until(() => told()[0], "that it was changed")
        assert.include(changed.text, "changed")
        const [url = ""] = urlsIn(changed.blocks)
        const before = yield* door.everythingOf(account.accountId)
        // Slack tells of the press, too
        yield* slack.press({ user: casey, actionId: "open", messageTs: changed.ts })
        const page = yield* door.call("GET", new URL(url).pathname, { key: null })
        assert.strictEqual(page.status, 200)
        assert.include(page.text, en.notice.happened.changed("SMS", "EMAIL"))
        assert.strictEqual(yield* door.everythingOf(account.accountId), before)

        yield* report(url)
        assert.strictEqual((yield* door.twoFactor(account.accountId)).lock?.reason, "reported")
        const frozen = yield* slack.until(() => told()[1], "that it is frozen")
        assert.include(frozen.text, "All further changes are stopped. Signing in still works.")
      }),
    slow
  )

  it.effect(
    "two Slack users who are linked with one account are told both; one who is not linked is told nothing",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const nobodys = yield* door.anAccount({ twoFactor: "SMS" })
        yield* linkedBefore(account)
        yield* linkedBefore(account, { user: stranger })
        yield* changedToEmail(nobodys)
        yield* changedToEmail(account)
        for (const user of [casey, stranger]) {
          const told = yield* toldOf(account, user)
          yield* slack.until(() => told()[0], `a notice to ${user}`)
          assert.lengthOf(told(), 1)
          assert.lengthOf(
            slack.direct(user).filter(({ text }) => text.includes(`\`${nobodys.accountId}\``)),
            0
          )
        }
        // whoever is linked with another account hears of that one only
        yield* linkedBefore(nobodys, { user: stranger })
        yield* turnedOff(account, account.email)
        const caseys = yield* toldOf(account, casey)
        const strangers = yield* toldOf(account, stranger)
        yield* slack.until(() => caseys()[1], "the next notice")
        assert.lengthOf(strangers(), 1)
      }),
    slow
  )

  it.effect(
    "unlink ends the notices and the checklist; the account is as it was, and its owner has a mail",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        yield* linked(account, support)
        // who stays linked shows that what concerns the account goes on
        yield* linkedBefore(account, { user: stranger, enterprise: harborEnterprise })
        const guide = yield* aGuide({ user: support })
        const protection = yield* door.twoFactor(account.accountId)
        const bye = yield* ask("unlink", { user: support })
        assert.include(bye.text, `no longer linked with account \`${account.accountId}\``)
        assert.deepInclude(yield* door.twoFactor(account.accountId), {
          status: protection.status,
          epoch: protection.epoch
        })
        assert.include(
          (yield* door.events(account.accountId)).map(({ type }) => type),
          "slack.unlinked"
        )
        assert.include((yield* ask("status", { user: support })).text, "not linked with an account")
        yield* eventually(
          Effect.map(door.inbox(account.email), (letters) =>
            letters.find(({ subject }) => (subject ?? "").includes("no longer"))
          ),
          "the mail of the unlinking"
        )

        const shown = guide.text
        const told = yield* toldOf(account, support)
        yield* changedToEmail(account)
        const others = yield* toldOf(account, stranger)
        yield* slack.until(() => others()[0], "the notice of the other")
        // what would have come to these direct messages has come before this
        yield* linkedBefore(yield* door.anAccount({ twoFactor: "SMS" }), { user: support })
        yield* aGuide({ user: support })
        assert.lengthOf(told(), 0)
        assert.strictEqual(marksIn(guide.blocks).includes("●"), false)
        assert.strictEqual(guide.text, shown)
      }),
    slow
  )
})
