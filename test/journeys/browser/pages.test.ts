import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Page } from "playwright-core"
import { en } from "../../../src/words/pages/en.ts"
import { assertAccessible } from "../../kit/axe.ts"
import { Browser, faultsOf } from "../../kit/browser.ts"
import { FrontDoor, wrong } from "../../kit/frontDoor.ts"
import { onThePages } from "../../kit/person.ts"
import { codeLapses, delaysPass, waitPasses } from "../../kit/stories.ts"
import type { ChallengeId } from "../../../src/domain/ids.ts"
import { AccountId } from "../../../src/domain/ids.ts"

const { steps, verify, overview, manage, proof, change } = en
type Person = Effect.Success<ReturnType<typeof onThePages>>

const standardOf = ({ door, accountId }: Person) =>
  Effect.map(door.twoFactor(accountId), ({ securityStandard }) => securityStandard)

/** The challenge that the address names. */
const challengeOf = ({ path }: Person) => Effect.map(path, (at) => at.split("/").at(-1) as ChallengeId)

/** To the code of a set-up by e-mail; answers the code. */
const toTheCode = Effect.fnUntraced(function* (person: Person) {
  yield* person.open("/account/security/setup/email")
  yield* person.typePassword
  const before = yield* person.lettersTo(person.email)
  yield* person.press(steps.confirm.control)
  return yield* person.codeTo(person.email, before)
})

const enter = Effect.fnUntraced(function* (person: Person, code: string) {
  yield* person.type(en.code, code)
  yield* person.press(steps.verify.control)
})

layer(Layer.merge(FrontDoor.layer(), Browser.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "the pages in a browser",
  (it) => {
    it.effect("Change method is offered first, and SMS stays on until the code by e-mail is accepted", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        yield* person.follow(steps.manage.control)
        const offered = yield* person.act((page) => page.locator("main a.button").allInnerTexts())
        assert.deepStrictEqual(offered, [manage.change, steps.disable.control])
        yield* person.follow(manage.change)
        assert.include(yield* person.text, change.stays("SMS"))
        yield* person.act((page) => page.getByLabel("Email", { exact: true }).check())
        yield* person.typePassword
        const before = yield* person.lettersTo(person.email)
        yield* person.press(steps.confirm.control)
        const code = yield* person.codeTo(person.email, before)
        assert.include(yield* person.text, verify.stays("SMS"))
        assert.strictEqual(yield* standardOf(person), "SMS")
        yield* enter(person, code)
        assert.include(yield* person.text, overview.updated("EMAIL"))
        yield* person.press(steps.done.control)
        assert.strictEqual(yield* standardOf(person), "EMAIL")
        assert.deepStrictEqual(faultsOf(person.page), [])
      })
    )

    it.effect("S-07: without a fresh proof the current method is asked first; the proof serves once", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        yield* person.open("/account/security/disable")
        yield* person.typePassword
        yield* person.press(steps.disable.control)
        assert.strictEqual(yield* standardOf(person), "NONE")
        yield* enter(person, yield* toTheCode(person))
        yield* person.open("/account/security/disable")
        assert.strictEqual(yield* person.act((page) => page.getByLabel(en.password).count()), 0)
        yield* person.enterCodeOf(person.press(proof.send), person.email)
        assert.strictEqual(yield* person.path, "/account/security/disable")
        yield* person.typePassword
        yield* person.press(steps.disable.control)
        assert.include(yield* person.text, overview.turnedOff)
      })
    )

    it.effect("a wrong password changes nothing and says so, at the top and at the field", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        yield* person.open("/account/security/disable")
        yield* person.type(en.password, "incorrect horse")
        yield* person.press(steps.disable.control)
        assert.match(yield* person.act((page) => page.title()), /^Error: /)
        const sentence = "That password is not right. Nothing was changed. SMS is still on."
        assert.strictEqual(yield* person.act((page) => page.getByRole("alert").getByRole("link").innerText()), sentence)
        assert.strictEqual(yield* person.act((page) => page.locator("#password-fault").innerText()), sentence)
        assert.strictEqual(
          yield* person.act((page) => page.evaluate("document.activeElement.id")),
          "problem",
          "the summary has no focus"
        )
        assert.strictEqual(yield* standardOf(person), "SMS")
      })
    )

    it.effect("each state of the code page says its sentence: wrong, not a code, used up", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        const code = yield* toTheCode(person)
        assert.include(yield* person.text, verify.nothingOn)
        // The line is live: it changes while the page is open.
        yield* person.act((page) => page.getByText(/Handed to the mail server at \d\d:\d\d:\d\d/).waitFor())
        yield* enter(person, "12345")
        assert.include(yield* person.text, "The code is 6 digits")
        yield* enter(person, wrong(code))
        assert.include(yield* person.text, "That code is not right. 4 tries left.")
        for (const left of ["3 tries", "2 tries", "1 try"]) {
          yield* enter(person, wrong(code))
          assert.include(yield* person.text, `That code is not right. ${left} left.`)
        }
        yield* enter(person, wrong(code))
        assert.match(
          yield* person.text,
          /Too many tries. Two-factor authentication is still off. Start again after \d\d:\d\d/
        )
        yield* person.act((page) => assertAccessible(page, "verify, used up"))
        assert.strictEqual(yield* standardOf(person), "NONE")
      })
    )

    it.effect("what is pasted with the code around it is taken", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        const code = yield* toTheCode(person)
        yield* enter(person, `Your code: ${code.slice(0, 3)} ${code.slice(3)}`)
        assert.include(yield* person.text, overview.updated("EMAIL"))
      })
    )

    it.effect("an expired code offers a new one by one press, and the new one works", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        const old = yield* toTheCode(person)
        yield* codeLapses(yield* challengeOf(person))
        yield* enter(person, old)
        assert.include(yield* person.text, "has expired")
        yield* person.enterCodeOf(person.press(verify.fresh), person.email)
        assert.include(yield* person.text, overview.updated("EMAIL"))
      })
    )

    it.effect("sending again too early explains when, and the code that was sent still works", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        const code = yield* toTheCode(person)
        // It is focusable and can be pressed, although it says that it is too early.
        const id = yield* challengeOf(person)
        const again = (page: Page) => page.getByRole("button", { name: verify.again })
        yield* person.act((page) => again(page).click({ force: true }))
        assert.match(yield* person.text, /You can ask for it again in \d+ seconds/)
        const before = yield* person.lettersTo(person.email)
        yield* waitPasses(id)
        yield* person.act((page) => again(page).click({ force: true }))
        assert.strictEqual(yield* person.codeTo(person.email, before), code)
        yield* enter(person, code)
        assert.include(yield* person.text, overview.updated("EMAIL"))
      })
    )

    it.effect("the code of the sign-in costs a try and is called what it is", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        const other = yield* person.codeTo(person.phone)
        yield* person.open("/account/security/change")
        yield* person.act((page) => page.getByLabel("Email", { exact: true }).check())
        yield* person.typePassword
        yield* person.press(steps.confirm.control)
        yield* enter(person, other)
        assert.match(yield* person.text, /That code belongs to a sign-in from \d\d:\d\d UTC, not to this. 4 tries left/)
        yield* delaysPass(AccountId.make(person.accountId))
      })
    )

    it.effect("done in a second tab: this one says so and leads on; the back button repeats nothing", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        const code = yield* toTheCode(person)
        const address = yield* person.act((page) => Promise.resolve(page.url()))
        const second = yield* person.act((page) => page.context().newPage())
        yield* Effect.promise(async () => {
          await second.goto(address)
          await second.getByLabel(en.code, { exact: true }).fill(code)
          await second.getByRole("button", { name: steps.verify.control }).click()
          await second.waitForURL("**/done/**")
        })
        yield* enter(person, code)
        assert.match(yield* person.text, /Already done at \d\d:\d\d/)
        yield* person.press(steps.done.control)
        yield* person.act((page) => page.goBack())
        yield* person.act((page) => page.goBack())
        const events = yield* person.door.events(person.accountId)
        assert.lengthOf(
          events.filter(({ type }) => type === "method.enabled"),
          1
        )
      })
    )

    it.effect("a double click is one press: one code is sent, and one change is made", () =>
      Effect.gen(function* () {
        const person = yield* onThePages(undefined)
        yield* person.open("/account/security/setup/email")
        yield* person.typePassword
        yield* person.act((page) => page.getByRole("button", { name: steps.confirm.control }).dblclick())
        const code = yield* person.codeTo(person.email)
        yield* person.type(en.code, code)
        yield* person.act((page) => page.getByRole("button", { name: steps.verify.control }).dblclick())
        yield* person.act((page) => page.waitForURL("**/done/**"))
        const types = (yield* person.door.events(person.accountId)).map(({ type }) => type)
        assert.lengthOf(
          types.filter((type) => type === "code.requested"),
          1
        )
        assert.lengthOf(
          types.filter((type) => type === "method.enabled"),
          1
        )
      })
    )

    it.effect("S-09: a step that is typed ahead of its turn leads to what can be done now, and changes nothing", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        const before = yield* person.door.everythingOf(person.accountId)
        for (const path of ["setup", "setup/email", "setup/sms", "frozen"]) {
          yield* person.open(`/account/security/${path}`)
          assert.strictEqual(yield* person.path, "/account/security", path)
        }
        for (const path of ["verify/none", "done/00000000-0000-4000-8000-000000000000"]) {
          yield* person.open(`/account/security/${path}`)
          assert.strictEqual(yield* person.heading, en.notFound.heading, path)
        }
        assert.strictEqual(yield* person.door.everythingOf(person.accountId), before)
      })
    )

    it.effect("S-48: a change elsewhere ends the session here, and the page says what to do", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        const grant = yield* person.door.grantOf(person.accountId, person.phone)
        const path = person.door.of(person.accountId, "/two-factor/disable")
        yield* person.door.post(path, { password: "correct horse battery staple", grant })
        yield* person.act((page) => page.reload())
        assert.strictEqual(yield* person.heading, en.sessionEnded.heading)
      })
    )

    it.effect(
      "a person whose language is Malay reads Malay; one that is not known reads what the browser asks for",
      () =>
        Effect.gen(function* () {
          const person = yield* onThePages("SMS", {}, { locale: "ms-MY" })
          assert.strictEqual(yield* person.act((page) => page.locator("html").getAttribute("lang")), "ms-MY")
          assert.strictEqual(yield* person.heading, "Keselamatan Akaun")
          const browser = yield* Browser
          const stranger = yield* browser.page({ baseURL: person.door.base, locale: "ms-MY" })
          yield* Effect.promise(() => stranger.goto("/account/security"))
          assert.strictEqual(yield* Effect.promise(() => stranger.locator("html").getAttribute("lang")), "ms-MY")
        })
    )
  }
)
