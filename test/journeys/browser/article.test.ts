import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Page } from "playwright-core"
import { demoPassword } from "../../../src/account/demo.ts"
import { en } from "../../../src/words/pages/en.ts"
import { Browser, faultsOf, type Visiting } from "../../kit/browser.ts"
import { FrontDoor } from "../../kit/frontDoor.ts"
import { aPerson } from "../../kit/person.ts"
import { eventually } from "../../kit/process.ts"

const { steps } = en
const phone = "+60125550101"
const email = "alex@customer.example"
const said = "Your security standard has been updated to EMAIL"

/** The eleven steps of the article, as the person takes them: by the labels of the list that the pages have theirs from. */
const walk = Effect.fnUntraced(function* (visiting: Visiting) {
  const door = yield* FrontDoor
  yield* Effect.promise(() => fetch(`${door.base}/dev/demo/reset`, { method: "POST" }))
  const alex = yield* aPerson(visiting)
  yield* alex.signIn("alex", phone, demoPassword)
  yield* alex.act((page) => page.locator("summary", { hasText: "Alex Tan" }).click())
  yield* alex.picture("menu")
  yield* alex.follow(steps.account.control)
  yield* alex.picture("account")
  yield* alex.press(steps.security.control)
  yield* alex.arrive
  yield* alex.picture("security")
  yield* alex.follow(steps.manage.control)
  yield* alex.picture("manage")
  yield* alex.follow(steps.disable.control)
  yield* alex.picture("disable")
  yield* alex.type(en.password, demoPassword)
  yield* alex.press(steps.disable.control)
  assert.include(yield* alex.text, "Two-factor authentication is off")
  assert.strictEqual(
    yield* alex.act((page) => page.getByRole("link", { name: steps.manage.control }).count()),
    0,
    "managing is offered while it is off"
  )
  yield* alex.picture("again")
  yield* alex.follow(steps.again.control)
  yield* alex.picture("choose")
  yield* alex.follow(steps.choose.control)
  yield* alex.picture("confirm")
  yield* alex.type(en.password, demoPassword)
  yield* alex.enterCodeOf(Effect.andThen(alex.press(steps.confirm.control), alex.picture("verify")), email)
  assert.include(yield* alex.text, said)
  yield* alex.picture("done")
  yield* alex.press(steps.done.control)
  assert.strictEqual(yield* alex.path, "/account/security")
  assert.strictEqual(yield* alex.act((page) => page.getByRole("status").innerText()), said)
  yield* alex.picture("success")
  const subjects = yield* eventually(
    Effect.map(door.inbox(email), (letters) => {
      const found = letters.map(({ subject }) => subject)
      return found.includes(said) ? found : undefined
    }),
    "the confirmation"
  )
  assert.include(subjects, said)
  assert.strictEqual((yield* door.twoFactor("alex")).securityStandard, "EMAIL")
  assert.deepStrictEqual(faultsOf(alex.page), [])
})

/** The same by keyboard: only Tab, Enter and what is typed. */
const tabTo = (name: string) => async (page: Page) => {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab")
    const at = await page.evaluate(
      `(() => { const it = document.activeElement; return it.labels?.[0]?.innerText ?? it.innerText ?? "" })()`
    )
    if (String(at).trim() === name) return
  }
  assert.fail(`${name} cannot be reached by Tab`)
}

layer(Layer.merge(FrontDoor.layer(), Browser.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "the article in a browser",
  (it) => {
    it.effect("alex takes the eleven steps, by role and label", () => walk({}), { timeout: 60_000 })
    it("the labels are those of the article, to the letter", () => {
      const labels = [steps.account, steps.security, steps.manage, steps.disable, steps.again, steps.choose]
      assert.deepStrictEqual(
        [...labels, steps.confirm, steps.verify, steps.done].map(({ control }) => control),
        [
          "My Account",
          "Account Security",
          "Manage two-factor authentication",
          "Disable 2FA",
          "Setup Two-Factor Authentication",
          "Email Authentication",
          "Confirm",
          "Verify",
          "Okay"
        ]
      )
      assert.deepStrictEqual([en.password, en.code], ["Password", "Verification code"])
    })

    it.effect("the same with JavaScript off", () => walk({ javaScriptEnabled: false }), { timeout: 60_000 })

    it.effect(
      "the same by keyboard alone",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const account = yield* door.anAccount({ twoFactor: "SMS", name: "Kim Lee" })
          const kim = yield* aPerson()
          yield* kim.signIn(account.accountId, account.phone)
          const enter = async (page: Page) => {
            const from = page.url()
            await page.keyboard.press("Enter")
            await page.waitForURL((url) => url.href !== from)
          }
          const go = (name: string) =>
            kim.act(async (page) => {
              await tabTo(name)(page)
              await enter(page)
            })
          const fill = (label: string, text: string) =>
            kim.act(async (page) => {
              await tabTo(label)(page)
              await page.keyboard.type(text)
              await enter(page)
            })
          yield* kim.act(async (page) => {
            await page.waitForURL("**/")
            await tabTo("Kim Lee")(page)
            await page.keyboard.press("Enter")
          })
          yield* go("My Account")
          yield* go("Account Security")
          yield* kim.arrive
          yield* go(steps.manage.control)
          yield* go(steps.disable.control)
          yield* fill(en.password, "correct horse battery staple")
          yield* go(steps.again.control)
          yield* go(steps.choose.control)
          yield* fill(en.password, "correct horse battery staple")
          yield* fill(en.code, yield* kim.codeTo(account.email))
          yield* go(steps.done.control)
          assert.strictEqual((yield* door.twoFactor(account.accountId)).securityStandard, "EMAIL")
        }),
      { timeout: 60_000 }
    )
  }
)
