import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { en } from "../../../src/words/pages/en.ts"
import { assertAccessible } from "../../kit/axe.ts"
import { Browser } from "../../kit/browser.ts"
import { FrontDoor, password } from "../../kit/frontDoor.ts"
import { aPerson, onThePages } from "../../kit/person.ts"
import { eventually, keys } from "../../kit/process.ts"

const { steps, notice, overview, proof } = en
type Door = FrontDoor["Service"]

/** The address in the newest mail of this subject. */
const linkIn = (door: Door, to: string, subject: string) =>
  eventually(
    Effect.map(door.inbox(to), (letters) => {
      const letter = letters.find((one) => one.subject === subject)
      return /https?:\/\/\S+\/notice\/\S+/.exec(letter?.text ?? "")?.[0]
    }),
    `a link in ${subject}`
  )

const disabled = Effect.fnUntraced(function* (door: Door) {
  const account = yield* door.anAccount({ twoFactor: "EMAIL" })
  const grant = yield* door.grantOf(account.accountId, account.email)
  yield* door.post(door.of(account.accountId, "/two-factor/disable"), { password, grant })
  return { ...account, link: yield* linkIn(door, account.email, "Two-factor authentication was turned off") }
})

/** From SMS to e-mail; the link that the old phone's owner gets stands in the mail. */
const changed = Effect.fnUntraced(function* (door: Door) {
  const account = yield* door.anAccount({ twoFactor: "SMS" })
  const grant = yield* door.grantOf(account.accountId, account.phone)
  const path = door.of(account.accountId, "/two-factor/change")
  const { id } = yield* door.started(path, { method: "EMAIL", password, grant })
  yield* door.answerRightly(id, account.email)
  return { ...account, link: yield* linkIn(door, account.email, "Your security standard has been updated to EMAIL") }
})

layer(Layer.merge(FrontDoor.layer(), Browser.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "the pages behind the links of mails",
  (it) => {
    it.effect("S-51: whoever opens a link, as scanners do, changes nothing", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        for (const { accountId, link } of [yield* disabled(door), yield* changed(door)]) {
          const before = yield* door.everythingOf(accountId)
          for (const path of [link, `${link}/report`, `${link}/turn-back-on`, `${link}/go-back`, `${link}?x=1`]) {
            const { pathname, search } = new URL(path)
            yield* door.call("GET", pathname + search, { key: null })
            yield* door.call("HEAD", pathname + search, { key: null })
          }
          assert.strictEqual(yield* door.everythingOf(accountId), before)
        }
      })
    )

    it.effect("Turn it back on: signed out, with the password; the method protects again, and the link is used", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, link } = yield* disabled(door)
        const person = yield* aPerson()
        yield* person.open(link)
        assert.include(yield* person.text, notice.happened.disabled("EMAIL"))
        yield* person.act((page) => assertAccessible(page, "notice of a disable"))
        yield* person.type(en.password, "incorrect horse")
        yield* person.press(notice.turnBackOn.control)
        assert.include(yield* person.text, "That password is not right. Nothing was changed.")
        yield* person.typePassword
        yield* person.press(notice.turnBackOn.control)
        assert.include(yield* person.text, notice.turnedBackOn("EMAIL"))
        assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "EMAIL")
        yield* person.open(link)
        assert.include(yield* person.text, notice.used)
        assert.strictEqual(yield* person.act((page) => page.getByRole("button").count()), 0)
      })
    )

    it.effect(
      "S-43: Go back undoes a change by the password and a code to the old phone, and the mailbox is told too",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const { accountId, phone, email, link } = yield* changed(door)
          const person = yield* aPerson()
          yield* person.open(link)
          assert.include(yield* person.text, notice.happened.changed("SMS", "EMAIL"))
          yield* person.act((page) => assertAccessible(page, "notice of a change"))
          yield* person.typePassword
          yield* person.enterCodeOf(person.press(notice.goBack.control), phone)
          assert.include(yield* person.text, notice.wentBack("SMS"))
          assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "SMS")
          yield* linkIn(door, email, "Your security standard has been updated to SMS")
        })
    )

    it.effect("S-44: This wasn't me only freezes; It was me lifts that, with the password and a code", () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, email, link } = yield* changed(door)
        const person = yield* aPerson()
        yield* person.open(link)
        yield* person.press(notice.report.control)
        assert.include(yield* person.text, notice.reported)
        const frozen = yield* door.twoFactor(accountId)
        assert.include(frozen, { status: "enabled", securityStandard: "EMAIL" })
        assert.strictEqual(frozen.lock?.reason, "reported")
        yield* person.signIn(accountId, email)
        yield* person.openSecurity
        assert.include(yield* person.text, overview.reported)
        yield* person.act((page) => assertAccessible(page, "overview, frozen"))
        yield* person.follow(overview.itWasMe)
        yield* person.act((page) => assertAccessible(page, "It was me"))
        if ((yield* person.act((page) => page.getByRole("button", { name: proof.send }).count())) > 0)
          yield* person.enterCodeOf(person.press(proof.send), email)
        yield* person.typePassword
        yield* person.press(overview.itWasMe)
        yield* person.act((page) => page.waitForURL("**/account/security"))
        assert.isNull((yield* door.twoFactor(accountId)).lock)
        assert.include(yield* person.text, steps.manage.control)
      })
    )

    it.effect("S-59: a reset by support is told everywhere, shown on the overview, and stopped by a press", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        const { door, accountId, email } = person
        const asked = { reason: "lost phone", requestedBy: "Dana of support" }
        const reset = yield* door.post(door.of(accountId, "/two-factor/reset"), asked, { key: keys.support })
        assert.strictEqual(reset.status, 202, reset.text)
        yield* person.act((page) => page.reload())
        assert.match(yield* person.text, /Dana of support asked to reset your two-factor authentication/)
        yield* person.act((page) => assertAccessible(page, "overview, a reset waits"))
        const stranger = yield* aPerson()
        yield* stranger.open(yield* linkIn(door, email, "Support was asked to reset your two-factor authentication"))
        assert.include(yield* stranger.text, "Dana of support")
        yield* stranger.press(notice.stop.control)
        assert.include(yield* stranger.text, notice.stopped)
        yield* stranger.act((page) => assertAccessible(page, "notice of a reset, stopped"))
        assert.isNull((yield* door.twoFactor(accountId)).reset)
        assert.strictEqual((yield* door.twoFactor(accountId)).securityStandard, "SMS")
      })
    )
  }
)
