import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FrontDoor, password, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"
import {
  aBrowser,
  atThePortal,
  type Fields,
  halfWay,
  headingOf,
  portalUrl,
  rekeyForPortal,
  type Seen,
  signedIn,
  told
} from "./demoPortalKit.ts"

const paths = ["/", "/sign-in", "/code", "/code/resend", "/account", "/account-security", "/sign-out", "/portal.css"]

layer(rekeyForPortal, { excludeTestServices: true })("the demo portal, as an example to copy", (it) => {
  it.effect("every POST to Rekey bears a key of its own, the API key and who asks", () =>
    Effect.gen(function* () {
      const { wire, browser, open, submit } = yield* signedIn
      yield* open("/account")
      yield* submit("/account-security")
      const posts = wire.posts()
      assert.lengthOf(posts, 3)
      assert.strictEqual(new Set(posts.map(({ key }) => key)).size, 3)
      for (const { key, authorization, body } of posts) {
        assert.match(key ?? "", /^[\x21-\x7e]{20,255}$/)
        assert.strictEqual(authorization, `Bearer ${keys.portal}`)
        assert.deepInclude(body["client"], { ip: browser.ip })
      }
    })
  )

  it.effect("S-26: neither API key, password, code nor grant is in anything that the browser gets", () =>
    Effect.gen(function* () {
      const { wire, browser, open, submit, code } = yield* signedIn
      const secrets = [keys.portal, password, yield* code]
      yield* open("/account")
      yield* submit("/account-security")
      secrets.push(String(wire.posts().at(-1)?.body["grant"]))
      assert.isAtLeast(browser.shown.length, 6)
      for (const secret of secrets) assert.notInclude(browser.shown.join("\n"), secret)
    })
  )

  it.effect("S-15: forms sent twice are one request: one code, one try, and both answers lead on", () =>
    Effect.gen(function* () {
      const { door, browser, accountId, signIn, open, code, challengeId } = yield* atThePortal()
      const twice = (action: string, fields: Fields) => Effect.promise(() => browser.submitTwice(action, fields))
      const where = (seen: ReadonlyArray<Seen>) => seen.map(({ status, location }) => `${status} ${location}`)
      assert.deepStrictEqual(where(yield* twice("/sign-in", signIn)), ["303 /code", "303 /code"])
      const asked = (yield* door.events(accountId)).filter(({ type }) => type === "code.requested")
      assert.lengthOf(asked, 1)
      const right = yield* code
      yield* open("/code")
      yield* twice("/code", { code: wrong(right) })
      assert.strictEqual((yield* door.challenge(challengeId())).attemptsRemaining, 4)
      yield* open("/code")
      assert.deepStrictEqual(where(yield* twice("/code", { code: right })), ["303 /", "303 /"])
      assert.strictEqual(headingOf(yield* open("/")), "Welcome, Mia Wong")
    })
  )

  it.effect("an old form with something else in it is a new request", () =>
    Effect.gen(function* () {
      const { browser, accountId, signIn } = yield* atThePortal()
      const former = browser.bodyTo("/sign-in", { account: accountId, password: wrongPassword })
      const send = (body: string) => Effect.promise(() => browser.send("POST", "/sign-in", body))
      assert.strictEqual((yield* send(former)).status, 403)
      const corrected = new URLSearchParams(former)
      corrected.set("password", signIn.password)
      assert.strictEqual((yield* send(corrected.toString())).location, "/code")
    })
  )

  it.effect("P6: where Rekey's answer is lost the call is repeated with its key, and nothing counts twice", () =>
    Effect.gen(function* () {
      const { wire, door, submit, code, challengeId } = yield* halfWay
      const right = yield* code
      wire.cut(2)
      const seen = yield* submit("/code", { code: wrong(right) })
      assert.deepStrictEqual(told(seen), [422, "That code is not right. 4 tries left."])
      const tries = wire.posts().filter(({ line }) => line.endsWith("/verify"))
      assert.lengthOf(tries, 3)
      assert.lengthOf([...new Set(tries.map(({ key }) => key))], 1)
      assert.strictEqual((yield* door.challenge(challengeId())).attemptsRemaining, 4)
      // Lost for good: the person's own repeat of the same code is the same request.
      wire.cut(3)
      assert.strictEqual((yield* submit("/code", { code: wrong(right, 2) })).status, 503)
      const repeated = yield* submit("/code", { code: wrong(right, 2) })
      assert.deepStrictEqual(told(repeated), [422, "That code is not right. 3 tries left."])
    })
  )

  it.effect("the session has a new id after the password and after the code; former ones are worth nothing", () =>
    Effect.gen(function* () {
      const { browser, submit, open, signIn, code } = yield* atThePortal()
      const ids = [browser.cookie()]
      yield* submit("/sign-in", signIn)
      ids.push(browser.cookie())
      yield* submit("/code", { code: yield* code })
      ids.push(browser.cookie())
      assert.strictEqual(new Set(ids).size, 3)
      for (const id of ids) assert.match(id ?? "", /^__Host-portal=[A-Za-z0-9_-]{43}$/)
      for (const former of [...ids.slice(0, 2), "__Host-portal=x", undefined]) {
        browser.bring(former)
        assert.strictEqual((yield* open("/account")).location, "/")
        assert.strictEqual(headingOf(yield* open("/")), "Sign in to Harbor")
      }
    })
  )

  it.effect("the cookie is HttpOnly, SameSite and Secure; over http on loopback it has the plain name", () =>
    Effect.gen(function* () {
      const { base } = yield* FrontDoor
      const cookieOf = async (publicUrl: string) =>
        (await aBrowser({ rekeyUrl: base, publicUrl }).open("/")).headers.getSetCookie()
      const [secure, plain] = yield* Effect.promise(() => Promise.all([portalUrl, base].map(cookieOf)))
      assert.lengthOf(secure ?? [], 1)
      assert.match(secure?.[0] ?? "", /^__Host-portal=[^;]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
      assert.match(plain?.[0] ?? "", /^portal=[^;]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    })
  )

  it.effect("no GET changes anything, half-way or signed in", () =>
    Effect.gen(function* () {
      for (const there of [yield* halfWay, yield* signedIn]) {
        const { wire, door, accountId, open, browser } = there
        const [before, cookie, posts] = [yield* door.everythingOf(accountId), browser.cookie(), wire.posts().length]
        for (const path of paths) yield* open(path)
        for (const path of paths) yield* Effect.promise(() => browser.send("HEAD", path))
        assert.strictEqual(yield* door.everythingOf(accountId), before)
        assert.deepStrictEqual([browser.cookie(), wire.posts().length], [cookie, posts])
      }
    })
  )

  it.effect("a form of another site, of another session or without its token does nothing", () =>
    Effect.gen(function* () {
      const { wire, browser, open, signIn } = yield* atThePortal()
      const other = yield* atThePortal()
      const body = browser.bodyTo("/sign-in", signIn)
      const post = (given: string, headers: Record<string, string> = {}) =>
        Effect.promise(() => browser.send("POST", "/sign-in", given, headers))
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site", origin: portalUrl },
        { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
        { origin: "https://evil.example" },
        { origin: `${portalUrl}.evil.example` },
        { origin: "null" }
      ]) {
        const seen = yield* post(body, headers)
        assert.deepStrictEqual(
          [seen.status, headingOf(seen)],
          [403, "That came from elsewhere"],
          JSON.stringify(headers)
        )
        assert.isNull(seen.headers.get("set-cookie"))
      }
      const without = new URLSearchParams(body)
      without.delete("csrf")
      for (const given of [without.toString(), other.browser.bodyTo("/sign-in", signIn)]) {
        const seen = yield* post(given)
        assert.deepStrictEqual(told(seen), [403, "That page was out of date. Nothing was changed: please try again."])
      }
      for (const [given, type] of [
        [JSON.stringify({ ...signIn }), "application/json"],
        [`${body}&pad=${"x".repeat(17_000)}`, "application/x-www-form-urlencoded"]
      ] as const)
        assert.strictEqual((yield* post(given, { "content-type": type })).status, 400)
      assert.lengthOf(wire.calls, 0)
      assert.strictEqual((yield* post(body, { "sec-fetch-site": "same-origin", origin: portalUrl })).location, "/code")
      assert.strictEqual(headingOf(yield* open("/code")), "Enter your verification code")
    })
  )

  it.effect("every answer has its headers, and no page needs a script or a style of its own", () =>
    Effect.gen(function* () {
      const { base } = yield* FrontDoor
      const { browser, open } = yield* signedIn
      for (const path of [...paths, "/no-such-page"]) {
        const { headers, text } = yield* open(path)
        const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${portalUrl} `
        assert.include(headers.get("content-security-policy") ?? "", policy)
        assert.match(headers.get("content-security-policy") ?? "", /base-uri 'none'; frame-ancestors 'none'$/)
        assert.strictEqual(headers.get("cache-control"), "no-store")
        assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
        assert.strictEqual(headers.get("referrer-policy"), "same-origin")
        assert.match(headers.get("strict-transport-security") ?? "", /^max-age=\d{8}/)
        assert.notMatch(text, /<script|<style|\sstyle=|\son[a-z]+=/)
      }
      assert.strictEqual((yield* open("/no-such-page")).status, 404)
      assert.strictEqual((yield* Effect.promise(() => browser.send("POST", "/account", ""))).status, 405)
      const local = aBrowser({ rekeyUrl: base, publicUrl: base })
      const { headers } = yield* Effect.promise(() => local.open("/"))
      assert.include(headers.get("content-security-policy") ?? "", `form-action 'self' ${base};`)
      assert.isNull(headers.get("strict-transport-security"))
    })
  )

  it.effect("a name or an account that is markup is shown as the text that it is", () =>
    Effect.gen(function* () {
      const canary = `"><script>alert('x')</script>&amp;`
      const escaped = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;"
      const { submit, open, signIn } = yield* atThePortal({ name: canary })
      const refused = yield* submit("/sign-in", { account: canary, password })
      const home = yield* submit("/sign-in", signIn)
      for (const seen of [refused, home, yield* open("/account")]) {
        assert.notInclude(seen.text, "<script>")
        assert.include(seen.text, escaped)
      }
    })
  )
})
