import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor } from "../../kit/frontDoor.ts"
import { eventually, keys } from "../../kit/process.ts"
import { aMailServer } from "../../kit/smtp.ts"
import { faults } from "../../kit/slack/faults.ts"
import { casey, stranger, support, supportChannel } from "../../kit/slack/people.ts"
import { slackDoor } from "../../kit/slackDoor.ts"
import {
  afterSteps,
  aGuide,
  ask,
  aStuckCase,
  buttonsIn,
  caseByApi,
  caseIn,
  caseMessage,
  changedToEmail,
  linkedBefore,
  lockedOut,
  marked,
  marksIn,
  modalBy,
  newGuide,
  noticeLinkTo,
  report,
  setUpBegun,
  turnedOff,
  wholeOf
} from "../../kit/slackStories.ts"
import { reply } from "../../services/mailServer.ts"

const slow = { timeout: 60_000 }
const forSupport = "That is for support, so nothing was done."
const aboutCases = (buttons: ReadonlyArray<string>) => buttons.filter((id) => id.startsWith("case-"))

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("support in Slack", (it) => {
  it.effect(
    "S-67: I'm stuck opens a modal at once and one case without name, address or number; asked again it is the same one",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS", name: "Alexandra Tan" })
        yield* linkedBefore(account)
        const guide = yield* aGuide()
        const opened = slack.calls("views.open").length
        const { modal, text } = yield* modalBy({ actionId: "stuck" })
        const id = caseIn(text) ?? assert.fail(text)
        assert.include(text, "Support knows now.")
        assert.include(text, "Step 1 of 11")
        const atFirst = JSON.stringify(slack.calls("views.open").slice(opened))
        assert.include(atFirst, "One moment…")
        assert.notInclude(atFirst, id)
        assert.lengthOf(modal.updates, 1)

        const message = yield* caseMessage(id)
        assert.deepStrictEqual(aboutCases(buttonsIn(message.blocks)), ["case-claim", "case-guide", "case-close"])
        for (const said of [account.accountId, "Stuck", "Open", "Step 1 of 11", "No code asked for"])
          assert.include(message.text, said)
        assert.deepInclude(yield* caseByApi(id), {
          accountId: account.accountId,
          kind: "stuck",
          status: "opened",
          step: "menu",
          verdict: null,
          protection: "on",
          claimedBy: null
        })

        yield* turnedOff(account, account.phone)
        const { id: challengeId } = yield* setUpBegun(account)
        yield* door.codeOf(challengeId, account.email)
        yield* marked(guide, afterSteps(8))
        const again = yield* modalBy({ actionId: "stuck" })
        assert.include(again.text, id)
        assert.include(again.text, "is open already. Support sees that you asked again.")
        yield* slack.until(() => (message.text.includes("Handed over") ? true : undefined), "the newer verdict")
        for (const said of ["Step 9 of 11", "Off: password only"]) assert.include(message.text, said)
        assert.deepInclude(yield* caseByApi(id), { step: "verify", verdict: "handed_over", protection: "off" })
        assert.lengthOf(
          slack
            .messages(supportChannel)
            .filter(({ text: said }) => said.includes(account.accountId) && said.includes("C-")),
          1
        )

        for (const personal of ["Alexandra", account.email, account.phone, "customer.example", account.phone.slice(-4)])
          assert.notInclude(slack.messages(supportChannel).map(wholeOf).join("\n"), personal)
        for (const personal of ["Alexandra", account.email, account.phone])
          assert.notInclude(slack.everything(), personal)
        assert.deepStrictEqual(slack.blockFaults, [])
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    slow
  )

  it.effect(
    "S-55: a case is claimed and closed by members of the support group only; a stranger changes nothing",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const { id, message } = yield* aStuckCase(yield* door.anAccount({ twoFactor: "SMS" }))
        const before = yield* caseByApi(id)
        for (const [user, actionId] of [
          [stranger, "case-claim"],
          [stranger, "case-guide"],
          [stranger, "case-close"],
          [casey, "case-close"]
        ] as const) {
          const said = slack.ephemerals(user).length
          yield* slack.press({ user, channel: supportChannel, actionId, value: id })
          const refused = yield* slack.until(() => slack.ephemerals(user)[said], "a refusal")
          assert.include(refused.text, forSupport)
        }
        assert.deepStrictEqual(yield* caseByApi(id), before)
        assert.lengthOf(message.edits, 0)

        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-claim", value: id })
        yield* slack.until(() => (message.text.includes("Claimed by") ? true : undefined), "who has claimed it")
        assert.include(JSON.stringify(message.blocks), `<@${support}>`)
        assert.deepStrictEqual(aboutCases(buttonsIn(message.blocks)), ["case-guide", "case-close"])
        assert.deepInclude(yield* caseByApi(id), { status: "claimed", claimedBy: support })

        const told = slack.ephemerals(support).length
        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-claim", value: id, anyway: true })
        const moved = yield* slack.until(() => slack.ephemerals(support)[told], "that it has moved on")
        assert.include(moved.text, "has moved on in the meantime, so nothing was done")

        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-close", value: id })
        yield* slack.until(() => (message.text.includes("Closed") ? true : undefined), "that it is closed")
        assert.deepStrictEqual(buttonsIn(message.blocks), [])
        assert.deepInclude(yield* caseByApi(id), { status: "closed", claimedBy: support })
        assert.strictEqual((yield* door.call("GET", "/v1/cases", { key: keys.support })).text.includes(id), false)
        assert.lengthOf(
          slack.messages(supportChannel).filter(({ text }) => text.includes(id)),
          1
        )
      }),
    slow
  )

  it.effect(
    "Send guide gives the customer a fresh checklist; the old one says that it was replaced",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const { id, guide, message } = yield* aStuckCase(account)
        const before = slack.direct(casey).length
        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-guide", value: id })
        const fresh = yield* newGuide(before)
        assert.strictEqual(marksIn(fresh.blocks), afterSteps(0))
        yield* slack.until(
          () => (guide.text.includes("A newer checklist took the place of this one") ? true : undefined),
          "the end of the old checklist"
        )
        yield* slack.until(() => (message.text.includes("Checklist sent") ? true : undefined), "the state of the case")
        assert.deepStrictEqual(aboutCases(buttonsIn(message.blocks)), ["case-claim", "case-guide", "case-close"])
        assert.strictEqual((yield* caseByApi(id)).status, "guided")
      }),
    slow
  )

  it.effect(
    "cases, case, find and nudge answer support, without any address, and nobody else",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS", name: "Alexandra Tan" })
        const { accountId, email, phone } = account
        const { id, direct } = yield* aStuckCase(account)
        const staff = { user: support }
        const words = ["cases", `case ${id}`, `find ${accountId}`, `nudge ${id}`]

        const before = direct().length
        for (const user of [stranger, casey])
          for (const word of words) {
            const refused = yield* ask(word, { user })
            assert.include(refused.text, forSupport, word)
            assert.notInclude(wholeOf(refused), id)
            assert.notInclude(wholeOf(refused), accountId)
          }
        assert.lengthOf(direct(), before)

        const list = yield* ask("cases", staff)
        for (const said of [id, accountId, "Stuck", "Open"]) assert.include(list.text, said)
        for (const typed of [id, id.toLowerCase()]) {
          const one = yield* ask(`case ${typed}`, staff)
          for (const said of [id, accountId, "Step 1 of 11", "No code asked for"]) assert.include(one.text, said)
          assert.deepStrictEqual(aboutCases(buttonsIn(one.blocks)), ["case-claim", "case-guide", "case-close"])
        }
        const found = yield* ask(`find ${accountId}`, staff)
        for (const said of [accountId, "On", "SMS", "Account registered"]) assert.include(found.text, said)
        for (const answer of [list, found])
          for (const personal of ["Alexandra", email, phone, "@", "•"]) assert.notInclude(wholeOf(answer), personal)

        assert.include((yield* ask(`nudge ${id.toLowerCase()}`, staff)).text, `The customer of *${id}* was asked`)
        const asked = yield* slack.until(
          () =>
            direct()
              .slice(before)
              .find(({ text }) => text.includes(`are you still stuck? Your case is *${id}*`)),
          "the question"
        )
        assert.notInclude(wholeOf(asked), phone)
        yield* ask(`nudge ${id}`, staff)

        assert.include((yield* ask("case C-2222", staff)).text, "There is no such case, so nothing was done.")
        assert.include((yield* ask("nudge C-2222", staff)).text, "There is no such case, so nothing was done.")
        const unknown = yield* ask(`find ${accountId.toUpperCase()}`, staff)
        assert.include(unknown.text, "There is no account with that id.")

        // whatever a second question would have put into the direct messages is there before this
        const unlinked = yield* door.anAccount({ twoFactor: "SMS" })
        yield* aGuide()
        assert.lengthOf(
          direct().filter(({ text }) => text.includes(`Your case is *${id}*`)),
          1
        )

        yield* linkedBefore(unlinked)
        assert.include((yield* ask(`nudge ${id}`, staff)).text, "so nothing was sent. Reach the customer another way.")
        yield* slack.press({ user: support, channel: supportChannel, actionId: "case-close", value: id })
        yield* eventually(
          Effect.map(caseByApi(id), ({ status }) => (status === "closed" ? true : undefined)),
          "the end of the case"
        )
        assert.include((yield* ask(`nudge ${id}`, staff)).text, "has moved on in the meantime, so nothing was done")
      }),
    slow
  )

  it.effect(
    "when the change is finished, the stuck case is closed by itself, and its message says so",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const { id, guide, message } = yield* aStuckCase(account)
        yield* changedToEmail(account)
        yield* marked(guide, afterSteps(11))
        yield* slack.until(() => (message.text.includes("Closed") ? true : undefined), "the closed case")
        assert.deepStrictEqual(buttonsIn(message.blocks), [])
        assert.deepInclude(yield* caseByApi(id), { status: "closed", claimedBy: null })
      }),
    slow
  )

  it.effect(
    "lost shows the ways that there are, and Tell support opens a case beside the one that is open",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const stuck = yield* aStuckCase(account)
        const before = yield* door.everythingOf(account.accountId)
        const ways = yield* ask("lost")
        assert.include(ways.text, "press *Tell support*")
        const { text } = yield* modalBy({ actionId: "lost", channel: "C0GENERAL" })
        const id = caseIn(text) ?? assert.fail(text)
        assert.notStrictEqual(id, stuck.id)
        const message = yield* caseMessage(id)
        assert.include(message.text, "Phone or mailbox lost")
        assert.deepInclude(yield* caseByApi(id), { kind: "lost", accountId: account.accountId, status: "opened" })
        assert.strictEqual(yield* door.everythingOf(account.accountId), before)

        assert.include((yield* ask("lost", { user: stranger })).text, "nothing can be asked of support from here")
        assert.notInclude(buttonsIn(slack.ephemerals(stranger).at(-1)?.blocks), "lost")
      }),
    slow
  )

  it.effect(
    "S-44: This wasn't me opens a case, and a line in the thread of the case that was open",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const stuck = yield* aStuckCase(account)
        yield* turnedOff(account, account.phone)
        yield* report(yield* noticeLinkTo(account.email))
        const message = yield* slack.messageIn(
          supportChannel,
          ({ text }) => text.includes("A change was not theirs") && text.includes(account.accountId),
          "a case"
        )
        const id = caseIn(message.text) ?? assert.fail(message.text)
        assert.deepInclude(yield* caseByApi(id), { kind: "reported", status: "opened" })
        const line = yield* slack.until(
          () => slack.replies(supportChannel, stuck.message.ts)[0],
          "a line in the thread"
        )
        assert.include(line.text, "The owner says that a change was not theirs")
        assert.include(line.text, stuck.id)
        assert.lengthOf(slack.replies(supportChannel, message.ts), 0)

        const lifted = yield* door.call("DELETE", door.of(account.accountId, "/two-factor/report"), {
          key: keys.support
        })
        assert.strictEqual(lifted.status, 204, lifted.text)
        yield* slack.until(() => (message.text.includes("Closed") ? true : undefined), "the end of the case")
        assert.strictEqual((yield* caseByApi(stuck.id)).status, "opened")
      }),
    slow
  )

  it.effect(
    "one message an account and journey: disabling posts it and the set-up edits it, a change is one of its own",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const about = () => slack.messages(supportChannel).filter(({ text }) => text.includes(account.accountId))
        yield* turnedOff(account, account.phone)
        const first = yield* slack.until(() => about()[0], "the journey")
        assert.include(
          first.text,
          `Two-factor authentication by SMS was turned off for account \`${account.accountId}\``
        )
        assert.include(first.text, "not set up again yet")
        const { id } = yield* setUpBegun(account)
        yield* door.answerRightly(id, account.email)
        yield* slack.until(() => (first.text.includes("set up again: EMAIL") ? true : undefined), "the set-up")
        assert.lengthOf(about(), 1)

        yield* door.grantOf(account.accountId, account.email)
        const other = yield* door.anAccount({ twoFactor: "SMS" })
        yield* changedToEmail(other)
        const change = yield* slack.messageIn(
          supportChannel,
          ({ text }) => text.includes(other.accountId),
          "the change"
        )
        assert.include(change.text, `Account \`${other.accountId}\` changed its method: SMS to EMAIL`)

        yield* turnedOff(account, account.email)
        yield* slack.until(() => about()[1], "the next journey")
        assert.include(about()[1]?.text ?? "", "by email was turned off")
        assert.include(first.text, "set up again: EMAIL")
        assert.notInclude([first, change, ...about()].map(wholeOf).join(), "customer.example")
      }),
    slow
  )

  it.effect(
    "S-59: a reset by support is one message, edited to what became of it",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const sql = yield* SqlClient.SqlClient
        const asked = { reason: "the phone was lost", requestedBy: "Dana of the desk" }
        const about = ({ accountId }: { readonly accountId: string }) =>
          slack.messages(supportChannel).filter(({ text }) => text.includes(accountId))
        const resetOf = Effect.fnUntraced(function* () {
          const account = yield* door.anAccount({ twoFactor: "SMS" })
          const path = door.of(account.accountId, "/two-factor/reset")
          assert.strictEqual((yield* door.post(path, asked, { key: keys.support })).status, 202)
          const message = yield* slack.until(() => about(account)[0], "the reset")
          assert.include(message.text, "It waits, and its owner can stop it.")
          return { account, path, message }
        })
        const stopped = yield* resetOf()
        assert.strictEqual((yield* door.call("DELETE", stopped.path, { key: keys.support })).status, 204)
        const done = yield* resetOf()
        yield* Effect.orDie(sql`update resets set executes_at = now(), requested_at = now() - interval '1 day'
          where account_id = ${done.account.accountId}`)
        yield* slack.until(() => (stopped.message.text.includes("was stopped") ? true : undefined), "the stop")
        yield* slack.until(() => (done.message.text.includes("was carried out") ? true : undefined), "the end")
        for (const { account } of [stopped, done]) assert.lengthOf(about(account), 1)
        assert.notInclude(slack.everything(), "Dana")
        assert.notInclude(slack.everything(), "the phone was lost")
      }),
    slow
  )

  it.effect(
    "S-22: lock-outs are one alert with a counter and the accounts, and a line in the thread of an open case",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const [one, other] = [
          yield* door.anAccount({ twoFactor: "SMS" }),
          yield* door.anAccount({ twoFactor: "EMAIL" })
        ]
        const stuck = yield* aStuckCase(one)
        yield* lockedOut(one, one.phone)
        const alert = yield* slack.messageIn(supportChannel, ({ text }) => text.includes("Code entry was paused"))
        assert.include(alert.text, one.accountId)
        assert.include(alert.text, "Raised once")
        const line = yield* slack.until(() => slack.replies(supportChannel, stuck.message.ts)[0], "a line")
        assert.include(line.text, "Code entry was paused on this account")
        yield* lockedOut(other, other.email)
        yield* slack.until(() => (alert.text.includes("Raised 2 times") ? true : undefined), "the counter")
        for (const { accountId } of [one, other]) assert.include(alert.text, accountId)
        assert.lengthOf(
          slack.messages(supportChannel).filter(({ text }) => text.includes("Code entry was paused")),
          1
        )
        assert.lengthOf(slack.replies(supportChannel, alert.ts), 0)
      }),
    slow
  )
})

const refusing = aMailServer({
  onRcptTo: ({ address }, _session, done) => done(address.startsWith("customer-") ? reply(550, "5.1.1 none") : null)
})

layer(Layer.unwrap(Effect.map(refusing, ({ url }) => slackDoor({ SMTP_URL: url }))), {
  excludeTestServices: true,
  timeout: "60 seconds"
})("support in Slack, in trouble", (it) => {
  it.effect(
    "S-55: while Slack does not tell who is in the group nobody is; as soon as it does, its members are",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        yield* slack.fault(faults.broken, { method: "usergroups.users.list" })
        assert.include((yield* ask("cases", { user: support })).text, forSupport)
        assert.notInclude((yield* ask("help", { user: support })).text, "nudge")
        yield* slack.recover("usergroups.users.list")
        assert.notInclude((yield* ask("cases", { user: support })).text, forSupport)
        assert.include((yield* ask("cases", { user: stranger })).text, forSupport)
      }),
    slow
  )

  it.effect(
    "messages that fail for good are one alert with a counter, and it names accounts, no addresses",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const alerts = () =>
          slack.messages(supportChannel).filter(({ text }) => text.includes("Messages could not be delivered"))
        const one = yield* door.anAccount()
        yield* setUpBegun(one)
        const alert = yield* slack.until(() => alerts()[0], "the alert")
        assert.include(alert.text, "Raised once")
        const other = yield* door.anAccount()
        for (const times of [2, 3]) {
          // one after the other: a code that is superseded before it is sent is not sent at all
          yield* setUpBegun(other)
          yield* slack.until(() => (alert.text.includes(`Raised ${times} times`) ? true : undefined), "the counter")
        }
        for (const { accountId, email } of [one, other]) {
          assert.lengthOf(alert.text.split(accountId), 2)
          assert.notInclude(slack.everything(), email)
        }
        assert.lengthOf(alerts(), 1)
      }),
    slow
  )
})
