import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { demoPassword } from "../../src/account/demo.ts"
import type { ChallengeId } from "../../src/domain/ids.ts"
import { FrontDoor, password, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { sql } from "../kit/situations.ts"
import { challengeLapses, codeLapses } from "../kit/stories.ts"
import {
  aBrowser,
  atThePortal,
  halfWay,
  headingOf,
  portalUrl,
  problemOf,
  rekeyForPortal,
  type Seen,
  signedIn,
  told
} from "./demoPortalKit.ts"

layer(rekeyForPortal, { excludeTestServices: true })("the demo portal", (it) => {
  it.effect("alex signs in with password and code, and finds My Account and Account Security by their labels", () =>
    Effect.gen(function* () {
      const { door, wire, browser, submit, open, challengeId } = yield* atThePortal()
      const first = yield* open("/")
      for (const part of [
        `<html lang="en">`,
        `<label for="account">Account</label>`,
        `<label for="password">Password</label>`,
        `<button>Sign in</button>`,
        `<h2>Demo accounts</h2>`,
        `<strong>robin</strong>`,
        demoPassword
      ])
        assert.include(first.text, part)
      const asked = yield* submit("/sign-in", { account: " alex ", password: demoPassword })
      assert.match(asked.text, /We sent a 6-digit code to\s+<bdi>[^<]*01<\/bdi>\.\s+It works for 10 minutes\./)
      assert.include(asked.text, `<label for="code">Verification code</label>`)
      assert.include(asked.text, `type="text" inputmode="numeric" autocomplete="one-time-code"`)
      assert.include(asked.text, `<button>Verify</button>`)
      const code = yield* door.codeOf(challengeId(), "+60125550101")
      const home = yield* submit("/code", { code: `Your code: ${code}` })
      assert.match(home.text, /<details class="menu">\s*<summary><bdi>Alex Tan<\/bdi><\/summary>/)
      assert.include(home.text, `<a href="/account">My Account</a>`)
      const mine = yield* open("/account")
      assert.strictEqual(headingOf(mine), "My Account")
      assert.match(mine.text, /<form method="post" action="\/account-security">.*>Account Security<\/button>/s)
      const away = yield* submit("/account-security")
      assert.strictEqual(away.status, 303)
      assert.match(away.location ?? "", new RegExp(`^${door.base}/enter/[^/]+$`))
      const { body } = wire.calls.at(-1) ?? {}
      assert.deepInclude(body, { accountId: "alex", returnUrl: `${portalUrl}/account` })
      assert.deepStrictEqual(body?.["client"], { ip: browser.ip, userAgent: "Firefox of the tests" })
      const events = yield* door.events("alex")
      assert.deepInclude(events.at(-1), { type: "signed_in" })
    })
  )

  it.effect("who has no second factor is signed in by the password, and signs out", () =>
    Effect.gen(function* () {
      const { submit, open, signIn, browser } = yield* atThePortal({ twoFactor: undefined })
      assert.strictEqual(headingOf(yield* submit("/sign-in", signIn)), "Welcome, Mia Wong")
      const kept = browser.cookie()
      const out = yield* submit("/sign-out")
      assert.strictEqual(headingOf(out), "Sign in to Harbor")
      browser.bring(kept)
      assert.strictEqual((yield* open("/account")).location, "/")
    })
  )

  it.effect("Account Security takes the grant of the sign-in along; once that is spent, it goes without", () =>
    Effect.gen(function* () {
      const { door, wire, accountId, submit, open } = yield* signedIn
      const links = () => wire.posts().filter(({ line }) => line === "POST /v1/portal-sessions")
      yield* open("/account")
      assert.match((yield* submit("/account-security")).location ?? "", /\/enter\//)
      const grant = links()[0]?.body["grant"]
      assert.isString(grant)
      // Spent elsewhere, as by opening the link.
      const spent = yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
      assert.strictEqual(spent.status, 200)
      yield* open("/account")
      assert.match((yield* submit("/account-security")).location ?? "", /\/enter\//)
      yield* open("/account")
      yield* submit("/account-security")
      assert.deepStrictEqual(
        links().map(({ body, answer }) => [body["grant"], answer["code"] ?? "made"]),
        [
          [grant, "made"],
          [grant, "grant_invalid"],
          [undefined, "made"],
          [undefined, "made"]
        ]
      )
    })
  )

  it.effect("S-39: a wrong password, an unknown account and a malformed one are told in the same words", () =>
    Effect.gen(function* () {
      const { accountId, submit, open } = yield* atThePortal()
      const same = (seen: Seen, account: string) =>
        seen.text.replace(/name="(csrf|once)" value="[^"]*"/g, "").replace(`value="${account}"`, "")
      const right = yield* submit("/sign-in", { account: accountId, password: wrongPassword })
      assert.deepStrictEqual(told(right), [403, "That account and password do not fit."])
      assert.match(right.text, /<title>Error: /)
      assert.include(right.text, `aria-invalid="true" aria-describedby="password-wrong"`)
      assert.notInclude(right.text, wrongPassword)
      for (const account of ["nobody-of-that-name", ".", "..", "alex/../sam", "x y", "x".repeat(129)]) {
        yield* open("/")
        const seen = yield* submit("/sign-in", { account, password: wrongPassword })
        assert.strictEqual(seen.status, 403)
        assert.strictEqual(same(seen, account), same(right, accountId), account)
      }
      yield* open("/")
      assert.deepStrictEqual(told(yield* submit("/sign-in", { password })), [400, "Enter your account"])
      assert.deepStrictEqual(told(yield* submit("/sign-in", { account: "x" })), [400, "Enter your password"])
    })
  )

  it.effect("a wrong code tells the tries left; no code at all costs none; after five it is over", () =>
    Effect.gen(function* () {
      const { submit, code, signIn, door, challengeId } = yield* halfWay
      const right = yield* code
      assert.deepStrictEqual(told(yield* submit("/code", { code: "12 34" })), [400, "The code is 6 digits"])
      assert.strictEqual((yield* door.challenge(challengeId())).attemptsRemaining, 5)
      for (const [by, left] of [
        [1, "4 tries left"],
        [2, "3 tries left"],
        [3, "2 tries left"],
        [4, "1 try left"]
      ] as const) {
        const seen = yield* submit("/code", { code: wrong(right, by) })
        assert.deepStrictEqual(told(seen), [422, `That code is not right. ${left}.`])
        assert.include(seen.text, `<a href="#code">`)
      }
      const last = yield* submit("/code", { code: wrong(right, 5) })
      assert.deepStrictEqual(told(last), [
        422,
        "That code is not right, and no tries are left. Sign in again for a new one."
      ])
      assert.strictEqual(headingOf(last), "Sign in to Harbor")
      const [status, words] = told(yield* submit("/sign-in", signIn))
      assert.strictEqual(status, 429)
      assert.match(String(words), /^Too many tries\. Wait \d+ seconds, then try again\.$/)
    })
  )

  it.effect("S-20: tries that another browser used up end this sign-in too, also with the right code", () =>
    Effect.gen(function* () {
      const { submit, code, door, challengeId } = yield* halfWay
      const right = yield* code
      for (const by of [1, 2, 3, 4, 5]) yield* door.verify(challengeId(), wrong(right, by))
      const [status, words] = told(yield* submit("/code", { code: right }))
      assert.strictEqual(status, 429)
      assert.match(String(words), /^Too many tries\. Wait \d+ seconds, then sign in again\.$/)
    })
  )

  it.effect("an expired code is told, and one press on Send a new code brings another", () =>
    Effect.gen(function* () {
      const { submit, code, challengeId } = yield* halfWay
      const old = yield* code
      yield* Effect.orDie(codeLapses(challengeId() as ChallengeId))
      const seen = yield* submit("/code", { code: old })
      assert.deepStrictEqual(told(seen), [410, "That code has expired. The try was not counted."])
      assert.notInclude(seen.text, `name="code"`)
      assert.include(seen.text, ">Send a new code</button>")
      const again = yield* submit("/code/resend")
      assert.match(again.text, /We sent a 6-digit code to\s+<bdi>[^<]*<\/bdi>\s+again\./)
      const fresh = yield* code
      assert.strictEqual(headingOf(yield* submit("/code", { code: fresh })), "Welcome, Mia Wong")
    })
  )

  it.effect("Send again too soon says when; a sign-in that is over elsewhere starts again", () =>
    Effect.gen(function* () {
      const { submit, challengeId, door, signIn } = yield* halfWay
      const [status, words] = told(yield* submit("/code/resend"))
      assert.strictEqual(status, 429)
      assert.match(String(words), /^The code was sent a moment ago\. You can ask for it again in \d+ seconds\.$/)
      yield* door.call("DELETE", `/v1/challenges/${challengeId()}`)
      const over = [410, "That sign-in is over, and its code with it. Sign in again."]
      assert.deepStrictEqual(told(yield* submit("/code", { code: "123456" })), over)
      yield* submit("/sign-in", signIn)
      yield* Effect.orDie(challengeLapses(challengeId() as ChallengeId))
      assert.deepStrictEqual(told(yield* submit("/code", { code: "123456" })), over)
    })
  )

  it.effect("S-39: after five wrong passwords a name has to wait, whether there is such an account or not", () =>
    Effect.gen(function* () {
      const { accountId, submit } = yield* atThePortal()
      const seen = []
      for (const account of [accountId, "nobody-of-that-name"]) {
        const answers = []
        for (let tries = 0; tries < 7; tries++)
          answers.push(told(yield* submit("/sign-in", { account, password: wrongPassword })))
        seen.push(answers.map(([status, words]) => `${status} ${String(words).replace(/\d+ seconds/, "… seconds")}`))
      }
      assert.deepStrictEqual(seen[0], seen[1])
      assert.include(seen[0]?.at(-1) ?? "", "429 Too many tries. Wait … seconds")
    })
  )

  it.effect("too many wrong passwords, paused code entry and a silent Rekey are told as what they are", () =>
    Effect.gen(function* () {
      const { accountId, submit, signIn, browser } = yield* atThePortal()
      yield* sql(
        (db) => db`update accounts set password_blocked_until = now() + interval '290 s'
        where account_id = ${accountId}`
      )
      assert.deepStrictEqual(told(yield* submit("/sign-in", signIn)), [
        429,
        "Too many tries. Wait 5 minutes, then try again."
      ])
      yield* sql((db) => db`update accounts set password_blocked_until = null where account_id = ${accountId}`)
      yield* sql((db) => db`update enrolments set suspended_at = now(), failures = 50 where account_id = ${accountId}`)
      const [status, words] = told(yield* submit("/sign-in", signIn))
      assert.strictEqual(status, 403)
      assert.match(String(words), /^Too many wrong codes were entered, so we paused code entry on your account\./)
      const alone = aBrowser({ rekeyUrl: "http://127.0.0.1:1" })
      yield* Effect.promise(() => alone.open("/"))
      const silent = yield* Effect.promise(() => alone.submit("/sign-in", signIn))
      assert.deepStrictEqual(told(silent), [503, "We cannot do that right now. Wait a moment, then try again."])
      assert.notInclude(browser.shown.join("\n"), password)
    })
  )

  it.effect("a wrong API key is the portal's trouble, not the person's: they are told that it does not work now", () =>
    Effect.gen(function* () {
      const { base } = yield* FrontDoor
      const misconfigured = aBrowser({ rekeyUrl: base, apiKey: "not-the-key-that-was-agreed-0123456789" })
      yield* Effect.promise(() => misconfigured.open("/"))
      const seen = yield* Effect.promise(() => misconfigured.submit("/sign-in", { account: "alex", password: "x" }))
      assert.strictEqual(seen.status, 503)
      assert.match(problemOf(seen), /^We cannot do that right now\. .* reference E-[0-9A-Z]{6}\.$/)
    })
  )
})
