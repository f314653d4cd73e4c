import { Effect } from "effect"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { en } from "../../src/words/pages/en.ts"
import { Browser, type Visiting } from "./browser.ts"
import { codeIn, FrontDoor, password } from "./frontDoor.ts"
import { eventually } from "./process.ts"

const { steps, enter, code, password: passwordLabel } = en

/** A person at a browser: what they press and type, by role and label. */
export const aPerson = Effect.fn("aPerson")(function* (visiting: Visiting = {}) {
  const door = yield* FrontDoor
  const browser = yield* Browser
  const page = yield* browser.page({ ...visiting, baseURL: door.base })
  const act = <A>(what: (page: Page) => Promise<A>) => Effect.promise(() => what(page))

  const press = (name: string) => act((it) => it.getByRole("button", { name, exact: true }).click())
  const follow = (name: string) => act((it) => it.getByRole("link", { name, exact: true }).click())
  const type = (label: string, text: string) => act((it) => it.getByLabel(label, { exact: true }).fill(text))
  const open = (path: string) => act((it) => it.goto(path))
  const heading = act((it) => it.locator("h1").innerText())
  const text = act((it) => it.locator("body").innerText())
  const path = act(async (it) => new URL(it.url()).pathname)

  /** A picture of the page for the guide and the README, where a run is asked for them. */
  const picture = (name: string) =>
    Effect.promise(async () => {
      const folder = process.env["REKEY_PICTURES"]
      if (folder === undefined) return
      await page.setViewportSize({ width: 640, height: 720 })
      await page.screenshot({ path: join(folder, `${name}.png`) })
    })

  /** The newest code that has arrived there since so many letters. */
  const codeTo = (to: string, after = 0) =>
    eventually(
      Effect.map(door.inbox(to), (letters) => {
        const codes = letters.map((letter) => codeIn(letter.text)).filter((found) => found !== "")
        return codes.length > after ? codes[0] : undefined
      }),
      `a code to ${to}`
    )
  const lettersTo = (to: string) =>
    Effect.map(door.inbox(to), (letters) => letters.filter((letter) => codeIn(letter.text) !== "").length)

  /** Does what sends a code there, and enters it. */
  const enterCodeOf = <E, R>(sends: Effect.Effect<unknown, E, R>, to: string) =>
    Effect.gen(function* () {
      const before = yield* lettersTo(to)
      yield* sends
      yield* type(code, yield* codeTo(to, before))
      yield* press(steps.verify.control)
    })

  /** Signs in at the demo portal; with the code where a method is on. */
  const signIn = Effect.fnUntraced(function* (accountId: string, to?: string, secret = password) {
    yield* open("/")
    yield* type("Account", accountId)
    yield* type("Password", secret)
    const submit = press("Sign in")
    yield* to === undefined ? submit : enterCodeOf(submit, to)
  })

  /** Without a script the button of the link has to be pressed. */
  const arrive = Effect.gen(function* () {
    if (visiting.javaScriptEnabled === false) yield* press(enter.control)
    yield* act((it) => it.waitForURL("**/account/security"))
  })

  /** From the portal to the hosted pages. */
  const openSecurity = Effect.gen(function* () {
    yield* open("/account")
    yield* press(steps.security.control)
    yield* arrive
  })

  return {
    page,
    act,
    press,
    follow,
    type,
    open,
    heading,
    text,
    path,
    codeTo,
    picture,
    lettersTo,
    enterCodeOf,
    signIn,
    arrive,
    openSecurity,
    typePassword: type(passwordLabel, password)
  }
})

/** A person who is signed in at the portal and on the hosted pages, with a new account. */
export const onThePages = Effect.fn("onThePages")(function* (
  twoFactor: "SMS" | "EMAIL" | undefined,
  visiting: Visiting = {},
  more: Readonly<Record<string, unknown>> = {}
) {
  const door = yield* FrontDoor
  const account = yield* door.anAccount({ ...(twoFactor === undefined ? {} : { twoFactor }), ...more })
  const person = yield* aPerson(visiting)
  const to = twoFactor === undefined ? undefined : twoFactor === "SMS" ? account.phone : account.email
  yield* person.signIn(account.accountId, to)
  yield* person.openSecurity
  return { ...person, ...account, door }
})
