import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { acknowledgements } from "../../src/domain/acknowledgements.ts"
import { en } from "../../src/words/pages/en.ts"
import { FrontDoor, password, pointersIn, refusal } from "../kit/frontDoor.ts"
import { aBrowser } from "../kit/formBrowser.ts"
import { eventually, keys } from "../kit/process.ts"

type Door = FrontDoor["Service"]

const asked = { reason: "lost phone", requestedBy: "Dana of support" }
const canary = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`

layer(FrontDoor.layer(), { excludeTestServices: true, timeout: "60 seconds" })("the hosted pages over HTTP", (it) => {
  it.effect("S-50: the cookie is HttpOnly and SameSite, holds no personal data, and over http has the plain name", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const { entered } = yield* aBrowser(accountId)
      assert.match(
        entered.set ?? "",
        /^rekey=[0-9a-f-]{36}\.[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/
      )
      assert.notInclude(entered.set ?? "", accountId)
    })
  )

  it.effect("S-49: a link opens once; what it opened is shown, and a second press opens nothing", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const { ask, link, entered } = yield* aBrowser(accountId)
      assert.strictEqual(entered.status, 303)
      assert.strictEqual(entered.headers.get("location"), "/account/security")
      assert.include((yield* ask("GET", "/account/security")).text, en.overview.lastChange("").slice(0, 12))
      const second = yield* ask("POST", link.pathname, {})
      assert.strictEqual(second.status, 410)
      assert.isNull(second.set)
    })
  )

  it.effect("S-51: a form needs the token of the session and a place of origin that is ours", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(accountId, phone)
      const browser = yield* aBrowser(accountId, grant)
      const other = yield* aBrowser((yield* door.anAccount()).accountId)
      const path = "/account/security/disable"
      const good = { ...(yield* browser.form(path)), password }
      const { csrf: foreign } = yield* other.form("/account/security")
      const before = yield* door.everythingOf(accountId)
      for (const [form, headers] of [
        [{ ...good, csrf: "" }, {}],
        [{ ...good, csrf: foreign }, {}],
        [{ password }, {}],
        [good, { origin: "https://evil.example" }],
        [good, { origin: "null" }],
        [good, { "sec-fetch-site": "cross-site" }],
        [good, { "sec-fetch-site": "same-site" }]
      ] as const) {
        const answer = yield* browser.ask("POST", path, form, headers)
        assert.strictEqual(answer.status, 403, JSON.stringify(headers))
        assert.include(answer.text, en.misuse.heading)
      }
      assert.strictEqual(yield* door.everythingOf(accountId), before)
      const done = yield* browser.ask("POST", path, good, { origin: door.base, "sec-fetch-site": "same-origin" })
      assert.strictEqual(done.headers.get("location"), "/account/security?done=turned-off")
    })
  )

  it.effect("S-51, S-57: what is no form, or has a field twice, is refused; GET changes nothing", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
      const browser = yield* aBrowser(accountId, yield* door.grantOf(accountId, phone))
      const path = "/account/security/disable"
      const { csrf, once } = yield* browser.form(path)
      const before = yield* door.everythingOf(accountId)
      const cookie = browser.cookie()
      const bodies: ReadonlyArray<readonly [string, string]> = [
        ["application/json", JSON.stringify({ csrf, once, password })],
        ["text/plain", `csrf=${csrf}&once=${once}&password=${password}`],
        ["application/x-www-form-urlencoded", `csrf=${csrf}&once=${once}&password=x&password=${password}`]
      ]
      for (const [type, body] of bodies) {
        const answer = yield* Effect.promise(() =>
          fetch(new URL(path, door.base), { method: "POST", headers: { cookie, "content-type": type }, body })
        )
        assert.strictEqual(answer.status, 403, type)
      }
      for (const page of ["", "/manage", "/disable", "/change", "/activity", "/disable?password=x"])
        yield* browser.ask("GET", `/account/security${page}`)
      assert.strictEqual(yield* door.everythingOf(accountId), before)
    })
  )

  it.effect("S-52: every page forbids frames, inline script and other hosts, and is kept by no cache", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const browser = yield* aBrowser(accountId)
      for (const path of ["/account/security", "/account/security/nowhere", "/notice/none", "/docs/guide"]) {
        const { headers } = yield* browser.ask("GET", path, undefined, { accept: "text/html" })
        const policy = headers.get("content-security-policy") ?? ""
        assert.include(policy, "default-src 'none'", path)
        assert.include(policy, "frame-ancestors 'none'", path)
        assert.notMatch(policy, /unsafe|\*|http/, path)
        assert.strictEqual(headers.get("cache-control"), "no-store", path)
        assert.strictEqual(headers.get("x-content-type-options"), "nosniff", path)
      }
      const { headers } = yield* browser.ask("GET", "/notice/none")
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
      assert.strictEqual((yield* browser.ask("GET", "/account/security")).headers.get("referrer-policy"), "same-origin")
    })
  )

  it.effect("S-53: a return address outside the allow-list is refused by name, and nothing is made", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      for (const returnUrl of ["https://evil.example", "//evil.example", "https:evil.example", "\\\\evil.example"]) {
        const answer = yield* door.post("/v1/portal-sessions", { accountId, returnUrl })
        assert.deepStrictEqual(pointersIn(refusal(answer, 400, "validation_failed", door.base)), ["/returnUrl"])
      }
      refusal(yield* door.post("/v1/portal-sessions", { accountId: "nobody" }), 404, "not_found", door.base)
      const grant = `${crypto.randomUUID()}.x`
      refusal(yield* door.post("/v1/portal-sessions", { accountId, grant }), 403, "grant_invalid", door.base)
    })
  )

  it.effect("S-15: the same Idempotency-Key makes the same link", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const headers = { "idempotency-key": crypto.randomUUID() }
      const first = yield* door.post("/v1/portal-sessions", { accountId }, { headers })
      const second = yield* door.post("/v1/portal-sessions", { accountId }, { headers })
      assert.strictEqual(second.text, first.text)
      assert.strictEqual(second.headers.get("idempotent-replayed"), "true")
    })
  )

  it.effect("S-54: a challenge of somebody else is not found, and its tries stay as they are", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const other = yield* door.anAccount()
      const { id } = yield* door.started(door.of(other.accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const browser = yield* aBrowser(accountId)
      const fields = yield* browser.form("/account/security")
      for (const [method, path, form] of [
        ["GET", `/account/security/verify/${id}`, undefined],
        ["GET", `/account/security/verify/${id}/delivery`, undefined],
        ["POST", `/account/security/verify/${id}`, { ...fields, code: "123456" }],
        ["POST", `/account/security/verify/${id}/resend`, fields],
        ["POST", `/account/security/verify/${id}/cancel`, fields],
        ["GET", `/account/security/done/${id}`, undefined]
      ] as const) {
        assert.strictEqual((yield* browser.ask(method, path, form)).status, 404, `${method} ${path}`)
      }
      assert.include(yield* door.challenge(id), { status: "open", attemptsRemaining: 5 })
    })
  )

  it.effect("S-02: pressing Confirm beside the sentence acknowledges it: the audit trail has its version", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const browser = yield* aBrowser(accountId)
      const page = yield* browser.ask("GET", "/account/security/setup/email")
      assert.include(page.text, en.strength.EMAIL)
      const fields = yield* browser.form("/account/security/setup/email")
      const acknowledged = /name="acknowledged" value="([^"]+)"/.exec(page.text)?.[1] ?? ""
      assert.strictEqual(acknowledged, acknowledgements.EMAIL)
      yield* browser.ask("POST", "/account/security/setup/email", { ...fields, acknowledged, password })
      const events = yield* door.events(accountId)
      assert.deepInclude(
        events.filter(({ type }) => type === "code.requested").map(({ reason }) => reason),
        `acknowledged: ${acknowledgements.EMAIL}`
      )
    })
  )

  it.effect("S-06: where the code's mailbox is the one that resets the password, the page warns", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const browser = yield* aBrowser(accountId)
      assert.include((yield* browser.ask("GET", "/account/security/setup/email")).text, en.setUp.sameMailbox)
      assert.notInclude((yield* browser.ask("GET", "/account/security/setup/sms")).text, en.setUp.sameMailbox)
    })
  )

  it.effect("whatever a portal states of an account is text on the pages, and no markup", () =>
    Effect.gen(function* () {
      const door: Door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS", name: canary })
      const client = { ip: "203.0.113.9", userAgent: canary }
      yield* door.post(door.of(accountId, "/sign-in"), { password, client })
      const reset = { reason: canary, requestedBy: canary }
      yield* door.post(door.of(accountId, "/two-factor/reset"), reset, { key: keys.support })
      const browser = yield* aBrowser(accountId)
      for (const path of ["", "/manage", "/disable", "/change", "/activity"]) {
        const { text } = yield* browser.ask("GET", `/account/security${path}`)
        if (path === "") assert.include(text, "&lt;script&gt;alert(1)")
        assert.notInclude(text, "<script>alert", path)
        assert.notInclude(text, "<img src=x", path)
      }
      const bad = { ...(yield* browser.form("/account/security/change")), method: canary, destination: canary }
      assert.notInclude((yield* browser.ask("POST", "/account/security/change", bad)).text, "<img src=x")
    })
  )

  it.effect("S-51: whoever follows every link of every page, as scanners do, changes nothing", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount({ twoFactor: "SMS" })
      yield* door.post(door.of(accountId, "/two-factor/reset"), asked, { key: keys.support })
      const mail = yield* eventually(
        Effect.map(door.inbox(email), (letters) => letters.find(({ text }) => text.includes("/notice/"))),
        "the mail of the reset"
      )
      const browser = yield* aBrowser(accountId)
      const before = yield* door.everythingOf(accountId)
      const linksIn = (text: string) =>
        [...text.matchAll(/(?:href|action|src)="(\/[^"#]*)"/g)].map(([, path = ""]) => path)
      const inMail = [...mail.text.matchAll(/https?:\/\/[^/\s]+(\/\S+)/g)].map(([, path = ""]) => path)
      const waiting = ["/account/security", "/account/security/disable", "/account/security/change", ...inMail]
      const seen = new Set<string>()
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        if (seen.has(path)) continue
        seen.add(path)
        const { text } = yield* browser.ask("GET", path)
        waiting.push(...linksIn(text))
      }
      assert.includeMembers([...seen], ["/account/security/manage", "/account/security/prove/disable", ...inMail])
      assert.strictEqual(yield* door.everythingOf(accountId), before)
    })
  )

  it.effect("S-48: signing out ends the session", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const browser = yield* aBrowser(accountId)
      const kept = browser.cookie()
      const fields = yield* browser.form("/account/security")
      const answer = yield* browser.ask("POST", "/account/security/sign-out", fields)
      assert.include(answer.text, en.signedOut.heading)
      assert.match(answer.set ?? "", /^rekey=; Max-Age=0;/)
      const again = yield* browser.ask("GET", "/account/security", undefined, { cookie: kept })
      assert.strictEqual(again.status, 403)
    })
  )
})
