import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FakeSlack } from "../../kit/fakeSlack.ts"
import { aBrowser } from "../../kit/formBrowser.ts"
import { codeIn, FrontDoor, password } from "../../kit/frontDoor.ts"
import { eventually } from "../../kit/process.ts"
import { casey } from "../../kit/slack/people.ts"
import { linked, slackDoor, urlsIn } from "../../kit/slackDoor.ts"
import { afterSteps, aGuide, linkedBefore, marked, marksIn, setUpBegun } from "../../kit/slackStories.ts"

/** Signs in at the demo portal, with the code; answers the cookie. */
const atThePortal = Effect.fnUntraced(function* (accountId: string, phone: string) {
  const door = yield* FrontDoor
  let cookie = ""
  const ask = (path: string, form?: Readonly<Record<string, string>>) =>
    Effect.promise(async () => {
      const response = await fetch(new URL(path, door.base), {
        redirect: "manual",
        headers: cookie === "" ? {} : { cookie },
        ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) })
      })
      cookie = response.headers.get("set-cookie")?.replace(/;.*$/s, "") ?? cookie
      return response.text()
    })
  const send = Effect.fnUntraced(function* (path: string, form: Readonly<Record<string, string>>) {
    const page = yield* ask("/")
    const hidden = [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value
    ])
    return yield* ask(path, { ...(Object.fromEntries(hidden) as Record<string, string>), ...form })
  })
  const codes = Effect.map(door.inbox(phone), (letters) => letters.map(({ text }) => codeIn(text)).filter(Boolean))
  const before = (yield* codes).length
  yield* send("/sign-in", { account: accountId, password })
  const code = yield* eventually(
    Effect.map(codes, (all) => (all.length > before ? all[0] : undefined)),
    "a code to sign in with"
  )
  yield* send("/code", { code })
  return cookie
})

layer(slackDoor(), { excludeTestServices: true, timeout: "60 seconds" })("the checklist and the hosted pages", (it) => {
  it.effect(
    "S-69: page by page, the checklist follows a linked customer through the portal and ends all ticked",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "SMS" })
        yield* linked(account)
        const guide = yield* aGuide()
        yield* marked(guide, afterSteps(0))
        const browser = yield* aBrowser(account.accountId, yield* door.grantOf(account.accountId, account.phone))
        const open = (path: string) =>
          Effect.map(browser.ask("GET", path), ({ status }) => assert.strictEqual(status, 200))
        const send = Effect.fnUntraced(function* (path: string, form: Readonly<Record<string, string>>) {
          const answer = yield* browser.ask("POST", path, { ...(yield* browser.form(path)), ...form })
          assert.strictEqual(answer.status, 303, answer.text)
          return answer.headers.get("location") ?? ""
        })

        const portal = yield* atThePortal(account.accountId, account.phone)
        const both = { cookie: `${portal}; ${browser.cookie()}` }
        assert.strictEqual((yield* browser.ask("GET", "/account", undefined, both)).status, 200)
        yield* marked(guide, afterSteps(2))
        yield* open("/account/security")
        yield* marked(guide, afterSteps(3))
        yield* open("/account/security/manage")
        yield* marked(guide, afterSteps(4))
        yield* send("/account/security/disable", { password })
        yield* marked(guide, afterSteps(5))
        yield* open("/account/security/setup")
        yield* marked(guide, afterSteps(6))
        yield* open("/account/security/setup/email")
        yield* marked(guide, afterSteps(7))
        const verify = yield* send("/account/security/setup/email", { password })
        yield* marked(guide, afterSteps(8))
        yield* slack.until(
          () => (urlsIn(guide.blocks).includes(`${door.base}${verify}`) ? true : undefined),
          "the page of the code behind Open this step"
        )
        // whoever looks back loses no step
        yield* open("/account/security")
        const code = yield* door.codeOf(verify.split("/").at(-1) ?? "", account.email)
        yield* send(verify, { code })
        yield* marked(guide, afterSteps(11))
        assert.include(guide.text, "All steps are done.")

        assert.lengthOf(
          slack.direct(casey).filter(({ blocks }) => marksIn(blocks).length === 11),
          1
        )
        const done = guide.edits.map(({ blocks }) => (marksIn(blocks).match(/●/g) ?? []).length)
        assert.deepStrictEqual(
          done,
          done.toSorted((one, other) => one - other)
        )
        assert.notInclude(slack.everything(), code)
        assert.deepStrictEqual(slack.pacingViolations, [])
      }),
    { timeout: 60_000 }
  )

  it.effect(
    "whoever begins the checklist and clicks on at once skips no step for good: the later page ticks the earlier ones",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const account = yield* door.anAccount()
        yield* linkedBefore(account, { user: casey, team: "T0PAGES" })
        const guide = yield* aGuide({ user: casey, team: "T0PAGES" })
        const browser = yield* aBrowser(account.accountId)
        yield* browser.ask("GET", "/account/security/setup/email")
        yield* marked(guide, afterSteps(7))
        yield* browser.ask("GET", "/account/security")
        yield* setUpBegun(account)
        yield* marked(guide, afterSteps(8))
        const done = guide.edits.map(({ blocks }) => (marksIn(blocks).match(/●/g) ?? []).length)
        assert.deepStrictEqual(done, [7, 8])
      }),
    { timeout: 60_000 }
  )
})
