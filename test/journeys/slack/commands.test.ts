import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { en as pages } from "../../../src/words/pages/en.ts"
import { ms as msPages } from "../../../src/words/pages/ms.ts"
import { ms } from "../../../src/words/slack/ms.ts"
import { aBrowser } from "../../kit/formBrowser.ts"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { FrontDoor, password } from "../../kit/frontDoor.ts"
import { reported, settingUp, suspended } from "../../kit/situations.ts"
import type { Whose } from "../../kit/slack/asked.ts"
import { casey, generalChannel, harborEnterprise, stranger, support } from "../../kit/slack/people.ts"
import { slackDoor, urlsIn } from "../../kit/slackDoor.ts"
import { ask, buttonsIn, linkedBefore, marksIn, wholeOf } from "../../kit/slackStories.ts"

const slow = { timeout: 60_000 }
const notLinked = "This Slack user is not linked with an account, so there is nothing to show. Nothing was changed."
const noGuide = "No checklist was begun, and nothing was changed."

/** Types it under the name that the command has here. */
const type = (text: string, whose: Whose = { user: casey }) => ask(text, whose, "/rekey")

/** Somebody who is linked with nothing. */
const unlinked = (team: string): Whose => ({ user: stranger, team })

layer(slackDoor({ SLACK_COMMAND: "/rekey" }), { excludeTestServices: true, timeout: "60 seconds" })(
  "the words of the slash command",
  (it) => {
    it.effect("help names the words under the configured name, for support its own words too", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        yield* linkedBefore(yield* door.anAccount({ twoFactor: "SMS" }))
        const forAll = ["help", "status", "change", "lost", "why", "link", "unlink"]
        const forSupport = ["cases", "case C-", "find", "nudge C-"]
        const linked = yield* type("help")
        const nobody = yield* type("", unlinked("T0HELP"))
        const staff = yield* type("HELP", { user: support })
        for (const { text } of [linked, nobody, staff]) {
          for (const word of forAll) assert.include(text, `\`/rekey ${word}`)
          assert.include(text, "Never type a code or password into Slack.")
        }
        for (const word of forSupport) {
          assert.include(staff.text, `\`/rekey ${word}`)
          for (const { text } of [linked, nobody]) assert.notInclude(text, `\`/rekey ${word}`)
        }
        assert.deepStrictEqual(buttonsIn(linked.blocks), [])
        assert.deepStrictEqual(buttonsIn(nobody.blocks), ["link"])
        assert.notInclude(slack.everything(), "/2fa")
      })
    )

    it.effect("an unknown word changes nothing, is not repeated, and gets Did you mean where it was a slip", () =>
      Effect.gen(function* () {
        const slip = yield* type("stauts")
        assert.include(slip.text, "There is no such word, so nothing was done.")
        assert.include(slip.text, "Did you mean `/rekey status`?")
        assert.notInclude(wholeOf(slip), "stauts")
        const other = yield* type("xyzzy frobnicate")
        assert.include(other.text, "There is no such word, so nothing was done.")
        assert.notInclude(other.text, "Did you mean")
        assert.include(other.text, "`/rekey help`")
        assert.notInclude(wholeOf(other), "xyzzy")
      })
    )

    it.effect(
      "status says how the account stands, in every state; masked or not, no address and no number",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const changing = yield* door.anAccount({ twoFactor: "SMS" })
          const grant = yield* door.grantOf(changing.accountId, changing.phone)
          const path = door.of(changing.accountId, "/two-factor/change")
          yield* door.started(path, { method: "EMAIL", password, grant })
          const states = [
            [yield* door.anAccount(), [pages.overview.off]],
            [yield* settingUp(door), [pages.overview.off, "Your new method, codes by email, waits for its code until"]],
            [yield* door.anAccount({ twoFactor: "SMS" }), ["Two-factor authentication is on", "by text message"]],
            [changing, ["by text message", "Your new method, codes by email, waits for its code until"]],
            [yield* suspended(door), [pages.overview.suspended]],
            [yield* reported(door), ["Your codes come by email", pages.overview.reported]]
          ] as const
          for (const [{ accountId }, said] of states) {
            yield* linkedBefore({ accountId })
            const answer = yield* type("status")
            for (const sentence of [...said, accountId]) assert.include(answer.text, sentence)
            for (const personal of ["customer.example", "@", "•", "+60"]) assert.notInclude(wholeOf(answer), personal)
          }
          assert.include((yield* type("status", unlinked("T0STATUS"))).text, notLinked)
        }),
      slow
    )

    it.effect(
      "change gives whoever is not linked the eleven steps with links, and refuses where there is nothing to guide to",
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const door = yield* FrontDoor
          const steps = yield* type("change", unlinked("T0CHANGE"))
          assert.lengthOf(
            urlsIn(steps.blocks).filter((url) => url.startsWith(`${door.base}/`)),
            11
          )
          for (const step of Object.values(pages.steps)) assert.include(steps.text, step.control)
          assert.strictEqual(marksIn(steps.blocks), "")
          const before = slack.direct(casey).length
          for (const [{ accountId }, why] of [
            [yield* door.anAccount({ twoFactor: "EMAIL" }), "Your codes come by email already"],
            [yield* suspended(door), pages.overview.suspended],
            [yield* reported(door), pages.overview.reported]
          ] as const) {
            yield* linkedBefore({ accountId })
            const unchanged = yield* door.everythingOf(accountId)
            const answer = yield* type("change email")
            assert.include(answer.text, noGuide)
            assert.include(answer.text, why)
            assert.strictEqual(yield* door.everythingOf(accountId), unchanged)
          }
          yield* linkedBefore(yield* door.anAccount({ twoFactor: "SMS" }))
          assert.include((yield* type("change sms")).text, "The checklist leads from text messages to email.")
          assert.lengthOf(slack.direct(casey), before)
          assert.include((yield* type("sms to email")).text, "Your checklist is in your direct messages with this bot.")
        }),
      slow
    )

    it.effect("why tells the last five events, newest first, from nowhere", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const client = { ip: "203.0.113.77", userAgent: "Lynx/2.9" }
        for (const _ of [1, 2, 3])
          yield* door.post(door.of(account.accountId, "/two-factor/disable"), { password: "wrong horse", client })
        yield* door.grantOf(account.accountId, account.phone)
        yield* linkedBefore(account)
        const answer = yield* type("why")
        const lines = answer.text.split("\n").filter((line) => line.startsWith("•"))
        assert.lengthOf(lines, 5)
        const happened = (yield* door.events(account.accountId)).toReversed().slice(0, 5)
        for (const [place, { type: event, method, purpose, outcome }] of happened.entries()) {
          const said = pages.activity.events[event]({ method, purpose, refused: outcome === "refused" })
          assert.include(lines[place] ?? "", said)
        }
        for (const secret of [client.ip, "Lynx", account.phone, account.email])
          assert.notInclude(wholeOf(answer), secret)
        assert.include((yield* type("why", unlinked("T0WHY"))).text, notLinked)
      })
    )

    it.effect("S-68: whoever is linked gets no second link; of two invitations only the newer one opens", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        yield* linkedBefore(account)
        const already = yield* type("link")
        assert.include(already.text, `linked with account \`${account.accountId}\` already. Nothing was changed.`)
        assert.deepStrictEqual(urlsIn(already.blocks), [])

        const whose = unlinked("T0LINK")
        const offers = [yield* type("link", whose), yield* type("link", whose)]
        const [older = "", newer = ""] = offers.map(({ blocks }) => new URL(urlsIn(blocks)[0] ?? "").pathname)
        assert.notStrictEqual(older, newer)
        const grant = yield* door.grantOf(account.accountId, account.phone)
        const browser = yield* aBrowser(account.accountId, grant)
        const before = yield* door.everythingOf(account.accountId)
        const form = yield* browser.form(newer)
        const over = yield* browser.ask("POST", older, form)
        assert.notInclude(over.headers.get("location") ?? "", "number")
        assert.strictEqual((yield* browser.ask("GET", older)).text.includes('name="number"'), false)
        assert.strictEqual((yield* browser.ask("POST", newer, yield* browser.form(newer))).status, 303)
        assert.strictEqual((yield* browser.ask("GET", newer)).text.includes('name="number"'), true)
        assert.strictEqual(yield* door.everythingOf(account.accountId), before)
      })
    )

    it.effect("S-68: a wrong number links nothing, and neither why, find nor the activity page says that it did", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        const whose = { user: support, team: "T0WRONG" }
        const offer = yield* type("link", whose)
        const { pathname: path } = new URL(urlsIn(offer.blocks)[0] ?? "")
        const browser = yield* aBrowser(account.accountId, yield* door.grantOf(account.accountId, account.phone))
        yield* browser.ask("POST", path, yield* browser.form(path))
        const shown = yield* slack.until(
          () => /\b(\d\d)\b/.exec(slack.direct(support).find(({ text }) => /number/.test(text))?.text ?? "")?.[1],
          "the number"
        )
        const page = yield* browser.ask("GET", path)
        const wrong = [...page.text.matchAll(/name="number"[^>]*value="(\d\d)"/g)].find(([, one]) => one !== shown)?.[1]
        yield* browser.ask("POST", `${path}/number`, { ...(yield* browser.form(path)), number: wrong ?? "" })
        const [last] = (yield* door.events(account.accountId)).toReversed()
        assert.deepInclude(last, { type: "slack.linked", outcome: "refused" })
        assert.include((yield* type("status", whose)).text, notLinked)

        yield* linkedBefore(account)
        const linkedNow = pages.activity.events["slack.linked"]({ refused: false })
        assert.notInclude((yield* type("why")).text, linkedNow)
        assert.notInclude((yield* browser.ask("GET", "/account/security/activity")).text, linkedNow)
        assert.notInclude((yield* type(`find ${account.accountId}`, { user: support })).text, "Slack user linked")
      })
    )

    it.effect("S-37: the eleventh invitation within an hour is refused", () =>
      Effect.gen(function* () {
        const whose = unlinked("T0MANY")
        for (const _ of Array.from({ length: 10 })) assert.lengthOf(urlsIn((yield* type("link", whose)).blocks), 1)
        const eleventh = yield* type("link", whose)
        assert.include(eleventh.text, "your last request was not carried out. Nothing was changed.")
        assert.deepStrictEqual(urlsIn(eleventh.blocks), [])
        assert.lengthOf(urlsIn((yield* type("link", unlinked("T0FEW"))).blocks), 1)
      })
    )

    it.effect("unlink where nothing is linked says so", () =>
      Effect.gen(function* () {
        assert.include((yield* type("unlink", unlinked("T0UNLINK"))).text, notLinked)
      })
    )

    it.effect("S-68: the same user id in another workspace or enterprise is another person", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const [one, other] = [
          yield* door.anAccount({ twoFactor: "SMS" }),
          yield* door.anAccount({ twoFactor: "EMAIL" })
        ]
        const grid = { user: casey, enterprise: harborEnterprise }
        yield* linkedBefore(one)
        yield* linkedBefore(other, grid)
        assert.include((yield* type("status")).text, one.accountId)
        assert.include((yield* type("status", grid)).text, other.accountId)
        assert.notInclude((yield* type("status", grid)).text, one.accountId)
        for (const whose of [
          { user: casey, team: "T0ELSEWHERE" },
          { user: casey, team: "T0ELSEWHERE", enterprise: harborEnterprise },
          { user: casey, enterprise: "E0ELSEWHERE" }
        ])
          for (const word of ["status", "why", "unlink"]) assert.include((yield* type(word, whose)).text, notLinked)
        assert.include((yield* type("status")).text, one.accountId)
        assert.include((yield* type("unlink", grid)).text, other.accountId)
        assert.include((yield* type("status")).text, one.accountId)
      })
    )

    it.effect("S-68: an equal e-mail address links nothing, and Slack is not asked for it", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const answer = yield* door.call("PUT", door.of("casey"), {
          body: { email: "casey@harbor.example", name: "Casey Rivers", password, twoFactor: "EMAIL" }
        })
        assert.strictEqual(answer.status, 201)
        const whose = { user: casey, team: "T0EQUAL" }
        for (const word of ["status", "why", "unlink"]) assert.include((yield* type(word, whose)).text, notLinked)
        for (const method of ["users.info", "users.lookupByEmail", "users.profile.get"])
          assert.lengthOf(slack.calls(method), 0)
      })
    )

    it.effect("an account whose language is Malay is answered in Malay", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        yield* linkedBefore(yield* door.anAccount({ twoFactor: "SMS", locale: "ms-MY", timeZone: "Asia/Kuala_Lumpur" }))
        const answer = yield* type("status")
        assert.include(answer.text, ms.status.heading)
        assert.include(answer.text, ms.status.on("SMS"))
        const before = slack.direct(casey).length
        yield* type("change")
        const guide = yield* slack.until(
          () =>
            slack
              .direct(casey)
              .slice(before)
              .find(({ text }) => text.includes(msPages.guide.heading)),
          "the checklist in Malay"
        )
        assert.include(JSON.stringify(guide.blocks), ms.buttons.stuck)
        assert.include((yield* type("help")).text, ms.help.heading)
      })
    )

    it.effect("S-67: every answer in a channel is for the person alone, and none is to be refused by Slack", () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        for (const word of ["help", "status", "change", "lost", "why", "link", "unlink", "cases", "nonsense"])
          yield* type(word, unlinked("T0ALONE"))
        assert.lengthOf(slack.messages(generalChannel), 0)
        assert.deepStrictEqual(slack.blockFaults, [])
      })
    )
  }
)
