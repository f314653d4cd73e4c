import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, member, password, pointersIn, wrongPassword } from "../kit/frontDoor.ts"
import { noticeLinkTo, turnedOff } from "../kit/slackStories.ts"
import { budgetsPass, inVain, protectionHolds, request, speak, statusesIn } from "./attack.ts"

/** All that a proxy might say of where a request comes from, said by nobody that is trusted. */
const forged = (place: number): Record<string, string> => ({
  "x-forwarded-for": `198.51.100.${place}`,
  forwarded: `for=198.51.100.${place};host=evil.example`,
  "x-real-ip": `198.51.100.${place}`,
  "x-client-ip": `198.51.100.${place}`,
  "cf-connecting-ip": `198.51.100.${place}`,
  "true-client-ip": `198.51.100.${place}`,
  "x-user-id": "sam",
  "x-forwarded-user": "sam"
})

const security = "/account/security"

/** Every form of the hosted pages that does something. */
const forms = [
  "/disable",
  "/change",
  "/setup/email",
  "/setup/sms",
  "/prove/disable",
  "/frozen",
  "/reset/stop",
  "/slack/unlink",
  "/sign-out"
].map((path) => `${security}${path}`)

layer(FrontDoor.layer(), { excludeTestServices: true })("the web", (it) => {
  it.effect(
    "forged proxy headers (S-34, CVE-2024-47070, CVE-2025-69615, CVE-2026-96445): they are no other source and no other person",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const accounts = yield* Effect.forEach(Array.from({ length: 9 }), () => door.anAccount())
        yield* budgetsPass
        const statuses: Array<number> = []
        yield* protectionHolds(
          accounts.map(({ accountId }) => accountId),
          Effect.gen(function* () {
            for (const { accountId } of accounts) {
              const person = yield* aBrowser(accountId)
              const fields = yield* person.form(`${security}/setup/email`)
              for (let place = 0; place < 4; place++) {
                const form = { ...fields, once: "", password: wrongPassword }
                const sent = person.ask("POST", `${security}/setup/email`, form, forged(statuses.length))
                statuses.push((yield* sent).status)
              }
            }
          })
        )
        // One source has thirty in an hour, whatever it calls itself.
        assert.deepStrictEqual(
          statuses,
          statuses.map((_, place) => (place < 30 ? 403 : 429))
        )
        for (const { accountId } of accounts)
          assert.notInclude(JSON.stringify(yield* door.events(accountId)), "198.51.100.")
        yield* budgetsPass
      }),
    60_000
  )

  it.effect(
    "host header in links (S-53, CVE-2012-4520, CVE-2017-8295): neither mail nor redirect nor page names another host",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ twoFactor: "EMAIL" })
        const { accountId, email } = account
        yield* turnedOff(account, email)
        const link = new URL(yield* noticeLinkTo(email)).pathname
        const entrance = member(yield* door.post("/v1/portal-sessions", { accountId }), "url")
        const lies = ["X-Forwarded-Host: evil.example", "X-Host: evil.example", "X-Forwarded-Server: evil.example"]
        const page = (path: string, host: string, method = "GET") =>
          speak(door.base, request(`${method} ${path}`, lies, "", null).replace("Host: localhost", `Host: ${host}`))
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            const { pathname: enter } = new URL(String(entrance))
            const { host } = new URL(door.base)
            for (const path of [link, enter, "/", security, "/dev/inbox", "/problems/not_found"]) {
              for (const evil of [
                "evil.example",
                `${host}.evil.example`,
                `evil.example#@${host}`,
                `${host}@evil.example`
              ])
                assert.deepStrictEqual(statusesIn(yield* page(path, evil)), [421], `${path} under ${evil}`)
              assert.notInclude(yield* page(path, host), "evil.example", path)
            }
            // Two of them, none, and one in the request line that says otherwise.
            const two = request("GET /", [`Host: evil.example`], "", null)
            assert.deepStrictEqual(statusesIn(yield* speak(door.base, two)), [400])
            const absolute = request(`GET http://evil.example${link}`, lies, "", null)
            const heard = yield* speak(door.base, absolute)
            assert.notInclude(heard, "evil.example")
            const asked = request(
              `POST /v1/portal-sessions`,
              ["Content-Type: application/json", ...lies],
              JSON.stringify({ accountId })
            )
            assert.include(
              yield* speak(door.base, asked.replace("Host: localhost", "Host: evil.example")),
              `"url":"${door.base}/enter/`
            )
          })
        )
      }),
    60_000
  )

  it.effect(
    "open redirect (S-53, GHSA-2wmj-46rj-qm2w, CVE-2024-56734, CVE-2025-27143): nobody is led off these pages",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const person = yield* aBrowser(accountId)
        const { host } = new URL(door.base)
        const elsewhere = [
          "https://evil.example/",
          "//evil.example",
          "/\\evil.example",
          "\\\\evil.example",
          "https:evil.example",
          `${door.base}@evil.example`,
          `${door.base}.evil.example`,
          `https://${host}/`,
          "javascript:alert(1)",
          `http:\t//evil.example`,
          "data:text/html,x"
        ]
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const returnUrl of elsewhere) {
              const asked = yield* door.post("/v1/portal-sessions", { accountId, returnUrl })
              assert.deepStrictEqual([asked.status, ...pointersIn(asked)], [400, "/returnUrl"], returnUrl)
            }
          })
        )
        yield* protectionHolds(
          [accountId],
          Effect.gen(function* () {
            const fields = yield* person.form(`${security}/disable`)
            for (const where of elsewhere) {
              yield* budgetsPass
              const next = encodeURIComponent(where)
              for (const [method, path] of [
                ["GET", `${security}/prove/${next}`],
                ["POST", `${security}/prove/${next}`],
                ["GET", `/code?next=${next}&returnUrl=${next}`]
              ] as const) {
                const seen = yield* person.ask(method, path, method === "POST" ? fields : undefined)
                const to = seen.headers.get("location") ?? "/"
                assert.match(to, /^\/(?![/\\])/, `${method} ${path} leads to ${to}`)
                assert.strictEqual(new URL(to, door.base).origin, door.base, path)
              }
            }
            for (const path of ["//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "//evil.example/code"]) {
              const heard = yield* speak(door.base, request(`GET ${path}`, [`Cookie: ${person.cookie()}`], "", null))
              assert.notMatch(heard, /^location:/im, path)
            }
            yield* budgetsPass
            const proof = yield* person.ask(
              "POST",
              `${security}/prove/disable`,
              yield* person.form(`${security}/disable`)
            )
            const page = (proof.headers.get("location") ?? "").split("?")[0] ?? ""
            const code = yield* door.codeOf(page.split("/").at(-1) ?? "", phone)
            const entered = { ...(yield* person.form(page)), code }
            const seen = yield* person.ask("POST", `${page}?next=${encodeURIComponent("//evil.example")}`, entered)
            assert.strictEqual(seen.headers.get("location"), `${security}/manage`)
          })
        )
      }),
    60_000
  )

  it.effect(
    "response splitting (S-53, CVE-2016-5325): what stands in the path breaks no header of a redirect",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const person = yield* aBrowser(accountId)
        const broken = [
          "%0d%0aSet-Cookie:%20x=y",
          "%0aLocation:%20//evil.example",
          "%00",
          "%e2%80%a8",
          "%f0%9f%98%80",
          "%c3%a4"
        ]
        const faults = yield* inVain(
          [accountId],
          Effect.gen(function* () {
            const found: Array<string> = []
            for (const token of broken) {
              for (const path of [
                ...["", "/report", "/stop", "/turn-back-on", "/go-back", "/verify/x"].map(
                  (way) => `/notice/${token}${way}`
                ),
                ...["", "/number", "/linked"].map((way) => `/account/slack/${token}${way}`),
                ...["", "/resend", "/cancel"].map((way) => `${security}/verify/${token}${way}`),
                `${security}/prove/${token}`,
                `${security}/done/${token}`,
                `/enter/${token}`
              ]) {
                const { status, headers } = yield* person.ask("GET", path)
                if (status >= 500 || headers.get("set-cookie")?.includes("x=y") === true)
                  found.push(`${status} ${path}`)
              }
            }
            return found
          })
        )
        assert.deepStrictEqual(faults, [])
      }),
    60_000
  )

  it.effect(
    "cross-site forms (S-51, GHSA-4px8-7p53-282r): no form of another site does anything, cookie or not",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const person = yield* aBrowser(accountId, yield* door.grantOf(accountId, phone))
        const other = yield* aBrowser((yield* door.anAccount()).accountId)
        const own = yield* person.form(`${security}/disable`)
        const foreign = yield* other.form(security)
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const path of forms) {
              for (const [form, headers] of [
                [{ password }, {}],
                [{ ...foreign, password }, {}],
                [
                  { ...own, password },
                  { origin: "https://evil.example", "sec-fetch-site": "cross-site" }
                ],
                [{ ...own, password }, { origin: "null" }],
                [{ ...own, password }, { origin: "https://localhost.evil.example" }],
                [
                  { ...own, password },
                  { origin: door.base, "sec-fetch-site": "cross-site" }
                ],
                [{ ...own, password }, { "content-type": "text/plain" }],
                [{ ...own, password }, { "content-type": "multipart/form-data; boundary=x" }]
              ] as const) {
                const seen = yield* person.ask("POST", path, { ...form, method: "EMAIL" }, headers)
                assert.strictEqual(seen.status, 403, `${path} ${JSON.stringify(headers)}`)
              }
              // The API is no way round: a cookie is no key there.
              const bare = { "content-type": "text/plain", cookie: person.cookie() }
              const asked = door.call("POST", door.of(accountId, "/step-up"), { body: "{}", key: null, headers: bare })
              assert.strictEqual((yield* asked).status, 401)
            }
            // A scanner or an image opens addresses: none of them does what its form does.
            for (const path of forms)
              for (const method of ["GET", "HEAD"])
                assert.include([200, 303], (yield* person.ask(method, `${path}?password=${password}`)).status, path)
            const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" }
            const { headers } = yield* door.call("OPTIONS", door.of(accountId, "/sign-in"), { headers: preflight })
            assert.notInclude([...headers.keys()].join(), "access-control")
          })
        )
      }),
    60_000
  )

  it.effect(
    "method and path overrides (CVE-2019-10913, CVE-2018-14773, CVE-2025-29927): a header makes no other request of this one",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const path = door.of(accountId)
        const { link } = yield* aBrowser(accountId)
        const overrides = ["x-http-method-override", "x-http-method", "x-method-override"]
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const header of overrides) {
              const headers = { [header]: "DELETE" }
              assert.strictEqual((yield* door.call("GET", path, { headers })).status, 200, header)
              const post = { headers, body: { _method: "DELETE" } }
              assert.strictEqual((yield* door.call("POST", `${path}?_method=DELETE`, post)).status, 405, header)
              const asPost = { headers: { [header]: "POST" }, key: null }
              assert.include([200, 410], (yield* door.call("GET", link.pathname, asPost)).status, header)
            }
            for (const header of ["x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-forwarded-prefix"]) {
              const open = yield* door.call("GET", "/health/live", { headers: { [header]: path }, key: null })
              assert.notInclude(open.text, accountId, header)
              const closed = yield* door.call("GET", path, { headers: { [header]: "/health/live" }, key: null })
              assert.strictEqual(closed.status, 401, header)
            }
            const skips = { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" }
            assert.strictEqual((yield* door.call("GET", path, { headers: skips, key: null })).status, 401)
          })
        )
      }),
    60_000
  )

  it.effect(
    "path tricks around the key (CVE-2021-41773, CVE-2020-1957): however the path is written, without a key it is closed",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const tricks = [
          "//v1/accounts/ID",
          "/v1//accounts/ID",
          "/./v1/accounts/ID",
          "/health/../v1/accounts/ID",
          "/health/%2e%2e/v1/accounts/ID",
          "/health/..%2fv1/accounts/ID",
          "/health/..;/v1/accounts/ID",
          "/docs/..\\v1/accounts/ID",
          "/;/v1/accounts/ID",
          "/v1;x=1/accounts/ID",
          "/v1/accounts/ID;x=.css",
          "/v1/accounts/ID/",
          "/v1/accounts/ID%20",
          "/v1/accounts/ID?x=/health/live",
          "/v1/accounts/ID#/health/live",
          "/V1/accounts/ID",
          "/%76%31/accounts/ID",
          "/%2576%2531/accounts/ID",
          "/v1%2faccounts%2fID",
          "/v1/accounts%00/ID",
          "/\u2215v1/accounts/ID",
          "http://localhost/v1/accounts/ID",
          "http://localhost//v1/accounts/ID",
          "https://localhost:1/v1/accounts/ID",
          "//localhost/v1/accounts/ID",
          "v1/accounts/ID",
          "?/v1/accounts/ID",
          "*"
        ].map((path) => path.replace("ID", accountId))
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const path of tricks) {
              for (const method of ["GET", "DELETE", "get", "GET\t", "HEAD"]) {
                const heard = yield* speak(door.base, request(`${method} ${path}`, [], "", null))
                const [status = 0, ...more] = statusesIn(heard)
                assert.deepStrictEqual(more, [])
                assert.include([400, 401, 404, 405, 421], status, `${method} ${path}`)
                assert.notInclude(heard, "twoFactor", `${method} ${path}`)
              }
            }
            const odd = ["bearer", "Bearer\t", "Basic", "Bearer ,"].map((scheme) => `Authorization: ${scheme} x`)
            for (const header of [...odd, "Authorization: Bearer", "X-Api-Key: x", "Proxy-Authorization: Bearer x"]) {
              const heard = yield* speak(door.base, request(`GET ${door.of(accountId)}`, [header], "", null))
              assert.deepStrictEqual(statusesIn(heard), [401], header)
            }
          })
        )
      }),
    60_000
  )

  it.effect(
    "cache and content sniffing (S-52): nothing personal is kept or taken for something else, refusals neither",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS", name: "<script>alert(1)</script>" })
        const person = yield* aBrowser(accountId)
        const accept = { accept: "text/html", "if-none-match": "*", "if-modified-since": new Date(0).toUTCString() }
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            const page = (path: string) => person.ask("GET", path, undefined, accept)
            const api = (path: string) => door.call("GET", path, { headers: { ...accept, range: "bytes=0-9" } })
            for (const seen of [
              yield* page(security),
              // What a cache would take for a style sheet or a picture.
              yield* page(`${security}/x.css`),
              yield* page(`${security}/activity/..%2fx.js`),
              yield* page(`${security}?x=.png`),
              yield* page(`${security}/activity?before=<script>`),
              yield* page("/<script>alert(1)</script>"),
              yield* api(door.of(accountId)),
              yield* api(`${door.of(accountId)}/x.css`),
              yield* api("/v1/events?limit=<script>"),
              yield* api("/problems/<script>alert(1)</script>"),
              yield* door.call("POST", door.of(accountId, "/sign-in"), { body: "<script>alert(1)</script>" })
            ]) {
              assert.notStrictEqual(seen.status, 206)
              assert.notStrictEqual(seen.status, 304)
              assert.strictEqual(seen.headers.get("cache-control"), "no-store")
              assert.strictEqual(seen.headers.get("x-content-type-options"), "nosniff")
              assert.strictEqual(seen.headers.get("cross-origin-resource-policy"), "same-origin")
              const type = seen.headers.get("content-type") ?? ""
              assert.match(type, /^(application\/(problem\+)?json|text\/html; charset=utf-8)$/)
              if (type.startsWith("text/html")) assert.notInclude(seen.text, "<script>alert")
              assert.isNull(seen.headers.get("etag"))
            }
          })
        )
      }),
    60_000
  )
})
