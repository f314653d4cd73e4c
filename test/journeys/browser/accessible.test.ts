import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { ChallengeId } from "../../../src/domain/ids.ts"
import { en } from "../../../src/words/pages/en.ts"
import { assertAccessible } from "../../kit/axe.ts"
import { Browser } from "../../kit/browser.ts"
import { FrontDoor, wrong } from "../../kit/frontDoor.ts"
import { onThePages } from "../../kit/person.ts"
import { codeLapses } from "../../kit/stories.ts"

const { steps } = en

layer(Layer.merge(FrontDoor.layer(), Browser.layer), { excludeTestServices: true, timeout: "120 seconds" })(
  "what axe finds (WCAG 2.2 AA and best practice)",
  (it) => {
    it.effect(
      "nothing on the pages of an account that is protected, and no sideways scroll",
      () =>
        Effect.gen(function* () {
          const person = yield* onThePages("SMS", {}, { name: "A very long name ".repeat(4).trim() })
          const look = (what: string) => person.act((page) => assertAccessible(page, what))
          yield* look("overview, on")
          for (const path of ["manage", "disable", "change", "activity", "nowhere"]) {
            yield* person.open(`/account/security/${path}`)
            yield* look(path)
          }
          yield* person.open("/account/security/disable")
          yield* person.type(en.password, "incorrect horse")
          yield* person.press(steps.disable.control)
          yield* look("disable, refused")
          yield* person.open("/account/security/change")
          yield* person.act((page) => page.getByLabel("Email", { exact: true }).check())
          yield* person.typePassword
          yield* person.press(steps.confirm.control)
          yield* look("verify of a change")
          yield* person.open("/account/security")
          yield* look("overview, pending")
        }),
      { timeout: 120_000 }
    )

    it.effect(
      "nothing on the way of a set-up, in each state of its code",
      () =>
        Effect.gen(function* () {
          const person = yield* onThePages(undefined, {}, { phone: null })
          const look = (what: string) => person.act((page) => assertAccessible(page, what))
          yield* look("overview, off")
          for (const path of ["setup", "setup/sms", "setup/email"]) {
            yield* person.open(`/account/security/${path}`)
            yield* look(path)
          }
          yield* person.typePassword
          yield* person.press(steps.confirm.control)
          const code = yield* person.codeTo(person.email)
          yield* look("verify, sent")
          yield* person.type(en.code, wrong(code))
          yield* person.press(steps.verify.control)
          yield* look("verify, wrong")
          const id = (yield* person.path).split("/").at(-1) as ChallengeId
          yield* codeLapses(id)
          yield* person.open(`/account/security/verify/${id}`)
          yield* look("verify, expired")
          yield* person.enterCodeOf(person.press(en.verify.fresh), person.email)
          yield* look("done")
          yield* person.press(steps.done.control)
          yield* look("overview with its banner")
          yield* person.act((page) => page.locator("details.menu summary").click())
          yield* look("the menu, open")
        }),
      { timeout: 120_000 }
    )

    it.effect(
      "nothing where code entry is paused, where a method has to be set up, and where a code bounced",
      () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const person = yield* onThePages("SMS")
          const { accountId } = person
          const look = (what: string) => person.act((page) => assertAccessible(page, what))
          yield* sql`update enrolments set suspended_at = now(), failures = 50 where account_id = ${accountId}`
          yield* person.act((page) => page.reload())
          assert.include(yield* person.text, en.overview.suspended)
          yield* look("overview, suspended")
          yield* sql`update enrolments set ended_at = now() where account_id = ${accountId}`
          yield* sql`update accounts set must_enrol = true where account_id = ${accountId}`
          yield* person.act((page) => page.reload())
          assert.include(yield* person.text, en.overview.mustEnrol)
          yield* look("overview, a method has to be set up")
          yield* person.open("/account/security/setup/email")
          yield* person.typePassword
          yield* person.press(steps.confirm.control)
          yield* person.codeTo(person.email)
          yield* sql`update outbox set state = 'failed', lease = null, leased_until = null, detail = 'The mail server says that this address does not exist'
            where account_id = ${accountId} and challenge_id is not null`
          yield* person.act((page) => page.reload())
          assert.include(
            yield* person.text,
            "The mail server says that this address does not exist. Use another method"
          )
          yield* look("verify, bounced")
        }),
      { timeout: 120_000 }
    )

    it.effect(
      "nothing on the pages for whoever is not signed in, nor on those of local mode",
      () =>
        Effect.gen(function* () {
          const door = yield* FrontDoor
          const browser = yield* Browser
          const page = yield* browser.page({ baseURL: door.base })
          for (const path of [
            "/",
            "/account/security",
            "/enter/none",
            "/notice/none",
            "/dev/inbox",
            "/docs/guide",
            "/docs/lost"
          ])
            yield* Effect.promise(async () => {
              await page.goto(path)
              await assertAccessible(page, path)
            })
        }),
      { timeout: 120_000 }
    )

    it.effect("a page is under 60 kB all told and three requests, and its script under 8 kB", () =>
      Effect.gen(function* () {
        const person = yield* onThePages("SMS")
        for (const path of ["", "/manage", "/disable", "/change", "/activity"]) {
          const [requests, bytes, script] = yield* person.act(async (page) => {
            const bodies: Array<Promise<{ readonly url: string; readonly size: number }>> = []
            const note = (response: import("playwright-core").Response) =>
              bodies.push(response.body().then((body) => ({ url: response.url(), size: body.length })))
            page.on("response", note)
            await page.goto(`/account/security${path}`, { waitUntil: "networkidle" })
            page.off("response", note)
            const all = await Promise.all(bodies)
            const sum = (some: typeof all) => some.reduce((total, { size }) => total + size, 0)
            return [all.length, sum(all), sum(all.filter(({ url }) => url.endsWith(".js")))] as const
          })
          assert.isAtMost(requests, 3, path)
          assert.isBelow(bytes, 60 * 1024, path)
          assert.isBelow(script, 8 * 1024, path)
        }
      })
    )
  }
)
