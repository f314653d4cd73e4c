import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { connect } from "node:net"
import { gzipSync } from "node:zlib"
import { aBrowser } from "../kit/formBrowser.ts"
import { type Answer, FrontDoor, password, pointersIn } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"
import { allRefused, inVain, protectionHolds, request, served, speak, statusesIn } from "./attack.ts"

const json = "Content-Type: application/json"

/** A customer, and a way to sign in with any body. */
const signingIn = Effect.gen(function* () {
  const door = yield* FrontDoor
  const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
  const path = door.of(accountId, "/sign-in")
  const raw = (headers: ReadonlyArray<string>, body: string) =>
    Effect.map(speak(door.base, request(`POST ${path}`, [json, ...headers], body)), statusesIn)
  return { door, accountId, path, raw, post: (body: unknown, headers = {}) => door.post(path, body, { headers }) }
})

const bad: string = "400 validation_failed"

layer(FrontDoor.layer(), { excludeTestServices: true })("input", (it) => {
  it.effect(
    "duplicated input (S-57, CVE-2017-12635, CVE-2023-7028): a field twice or a list of two is one value or none",
    () =>
      Effect.gen(function* () {
        const { door, accountId, path, post } = yield* signingIn
        const two = (what: string, body: string) => door.post(door.of(accountId, `/two-factor/${what}`), body)
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            yield* allRefused<never, never>({
              "a list of addresses": [
                bad,
                two("setup", `{"method":"EMAIL","password":"${password}","destination":["a@b.example","c@d.example"]}`)
              ],
              "a list of methods": [bad, two("setup", `{"method":["SMS","EMAIL"],"password":"${password}"}`)],
              "a list of passwords": [bad, post(`{"password":["${password}","x"]}`)],
              "an object": [bad, post(`{"password":{"$ne":""}}`)],
              "the last of two counts": [
                "409 already_enabled",
                two("setup", `{"method":"PIGEON","method":"EMAIL","password":"x","password":"${password}"}`)
              ],
              "in another case": [bad, post(`{"Password":"${password}"}`)],
              "by brackets": [bad, post(`{"password[]":"${password}"}`)],
              "in the query": [bad, door.post(`${path}?password=${encodeURIComponent(password)}`, {})],
              "a limit twice": [bad, door.call("GET", door.of(accountId, "/events?limit=1&limit=200"))],
              "a limit in brackets": [bad, door.call("GET", door.of(accountId, "/events?limit[]=1"))]
            })
            for (const header of ["Content-Length: 3", "Host: localhost"]) {
              const heard = yield* speak(door.base, request(`POST ${path}`, [json, header], "{}"))
              assert.deepStrictEqual(statusesIn(heard), [400], header)
            }
            const keyed = ["Authorization: Bearer x", `Authorization: Bearer ${keys.portal}`, json]
            assert.deepStrictEqual(
              statusesIn(yield* speak(door.base, request(`POST ${path}`, keyed, "{}", null))),
              [401]
            )
          })
        )
      })
  )

  it.effect("mass assignment (S-57, CVE-2026-22594): no field of ours is taken from outside, wherever it stands", () =>
    Effect.gen(function* () {
      const { door, accountId, path } = yield* signingIn
      const ours = {
        accountId: "sam",
        epoch: 0,
        version: 0,
        status: "disabled",
        methods: [],
        lock: null,
        mustEnrol: false,
        demo: true,
        failures: 0,
        reportedAt: null,
        passwordFailures: 0,
        importedHash: "",
        actor: "support",
        role: "support",
        session: { id: crypto.randomUUID() },
        idempotency: [],
        attemptsRemaining: 99,
        expiresAt: "2099-01-01T00:00:00Z"
      }
      const none = `/v1/challenges/${crypto.randomUUID()}`
      const bodies: ReadonlyArray<readonly [method: string, to: string, body: object]> = [
        ["PUT", door.of(accountId), {}],
        ["POST", path, { password }],
        ["POST", door.of(accountId, "/step-up"), {}],
        ["POST", door.of(accountId, "/two-factor/disable"), { password }],
        ["POST", door.of(accountId, "/two-factor/setup"), { password, method: "EMAIL" }],
        ["POST", door.of(accountId, "/two-factor/change"), { password, method: "EMAIL" }],
        ["POST", `${none}/verify`, { code: "123456" }],
        ["POST", `${none}/resend`, {}],
        ["POST", "/v1/portal-sessions", { accountId }]
      ]
      yield* inVain(
        [accountId],
        Effect.gen(function* () {
          for (const [method, to, body] of bodies) {
            for (const [field, value] of Object.entries(ours).filter(([name]) => !(name in body))) {
              const direct = { pointer: `/${field}`, sent: { ...body, [field]: value } }
              const nested = { pointer: `/client/${field}`, sent: { ...body, client: { [field]: value } } }
              for (const { pointer, sent } of method === "PUT" ? [direct] : [direct, nested]) {
                const answer = yield* door.call(method, to, { body: sent })
                assert.deepStrictEqual([answer.status, ...pointersIn(answer)], [400, pointer], `${method} ${to}`)
              }
            }
          }
        })
      )
    })
  )

  it.effect(
    "prototype pollution (S-57, CVE-2019-10744, CVE-2026-22594): neither a request nor the next one has more rights",
    () =>
      Effect.gen(function* () {
        const { door, accountId, post } = yield* signingIn
        const polluting = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"]
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const name of polluting) {
              for (const value of [`{"role":"support"}`, `{"prototype":{"role":"support"}}`, `"x"`, "null"]) {
                const answer = yield* post(
                  `{"password":"${password}","${name}":${value},"client":{"${name}":${value}}}`
                )
                assert.strictEqual(answer.status, 400)
                assert.sameMembers([...pointersIn(answer)], [`/${name}`, `/client/${name}`])
              }
              const of = door.call("GET", `/v1/accounts/${name}`)
              assert.strictEqual((yield* of).status, 404, name)
              assert.strictEqual((yield* door.call("GET", `/v1/events?${name}[role]=support`)).status, 400, name)
              assert.strictEqual((yield* door.call("GET", `/problems/${name}`)).status, 404, name)
            }
            const reset = door.post(door.of(accountId, "/two-factor/reset"), { reason: "x", requestedBy: "x" })
            assert.strictEqual((yield* reset).status, 403)
          })
        )
      })
  )

  it.effect(
    "malformed text (S-25, S-57, CVE-2025-1094): NUL, half characters and bytes that are no UTF-8 reach no column",
    () =>
      Effect.gen(function* () {
        const { door, accountId, post } = yield* signingIn
        const hostile = ["\\u0000", "\\ud83d", "\\udc00\\ud83d", "\\u2028", "\\u0085", "\\ufffe\\u0000"]
        const registered = (field: string, text: string) =>
          door.call("PUT", door.of(accountId), { body: `{"${field}":"a${text}b"}` })
        yield* inVain(
          [accountId],
          Effect.gen(function* () {
            for (const text of hostile) {
              for (const field of ["name", "locale", "timeZone", "email", "phone", "passwordHash"])
                assert.strictEqual((yield* registered(field, text)).status, 400, `${field} ${text}`)
            }
            for (const bytes of [[0xc0, 0x80], [0xff], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
              const body = Buffer.concat([Buffer.from('{"password":"'), Buffer.from(bytes), Buffer.from('\\u0000"}')])
              const head = request(`POST ${door.of(accountId, "/sign-in")}`, [json, `Content-Length: ${body.length}`])
              assert.deepStrictEqual(
                statusesIn(yield* speak(door.base, Buffer.concat([Buffer.from(head), body]))),
                [400]
              )
            }
            for (const body of [
              "\ufeff{}",
              `{"password":"x"`,
              `{'password':'x'}`,
              `{"password":NaN}`,
              `{"password":"x",}`,
              "[[[[",
              "\0"
            ])
              assert.strictEqual((yield* post(body)).status, 400, body)
          })
        )
      })
  )

  it.effect("oversized and deep input (S-80, CVE-2020-36518): what is too much is refused before it is work", () =>
    Effect.gen(function* () {
      const { door, accountId, post, raw } = yield* signingIn
      const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 0x20))
      yield* inVain(
        [accountId],
        Effect.gen(function* () {
          // Lists in each other, objects in each other, and many names.
          assert.strictEqual((yield* post(`{"password":${"[".repeat(8000)}${"]".repeat(8000)}}`)).status, 400)
          assert.strictEqual((yield* post(`{"a":`.repeat(2000) + "1" + "}".repeat(2000))).status, 400)
          const many = Object.fromEntries(Array.from({ length: 1500 }, (_, place) => [`f${place}`, 1]))
          assert.isAtMost((yield* post(many)).text.length, 8 * 1024)
          assert.strictEqual((yield* post({ password: "p".repeat(17_000) })).status, 413)
          assert.strictEqual((yield* post({ password: "\ud83d\ude00".repeat(1025) })).status, 400)
          for (const encoding of ["gzip", "br", "deflate", "gzip, gzip", "identity, gzip"]) {
            const head = request(`POST ${door.of(accountId, "/sign-in")}`, [
              json,
              `Content-Encoding: ${encoding}`,
              `Content-Length: ${bomb.length}`
            ])
            const heard = yield* speak(door.base, Buffer.concat([Buffer.from(head), bomb]))
            assert.deepStrictEqual(statusesIn(heard), [415], encoding)
          }
          assert.deepStrictEqual(yield* raw([`X-Long: ${"x".repeat(17_000)}`], "{}"), [431])
          assert.deepStrictEqual(
            yield* raw(
              Array.from({ length: 3000 }, (_, n) => `X${n}: 1`),
              "{}"
            ),
            [431]
          )
          assert.deepStrictEqual(yield* raw(["Content-Length: 99999999999999999999"], ""), [400])
          const long = yield* speak(door.base, request(`GET /v1/${"a".repeat(15_000)}`))
          assert.deepStrictEqual(statusesIn(long), [404])
        })
      )
    })
  )

  it.effect("smuggled requests (CVE-2022-32213, CVE-2021-22960): where one request ends is never in doubt", () =>
    Effect.gen(function* () {
      const { door, accountId } = yield* signingIn
      const hidden = `DELETE ${door.of(accountId)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${keys.portal}\r\n\r\n`
      const outer = (headers: ReadonlyArray<string>, rest: string) =>
        [`POST ${door.of(accountId, "/step-up")} HTTP/1.1`, "Host: localhost", json, ...headers, "", rest].join("\r\n")
      const size = Buffer.byteLength(hidden)
      const doubtful: Readonly<Record<string, string>> = {
        "both lengths": outer(["Content-Length: 4", "Transfer-Encoding: chunked"], `0\r\n\r\n${hidden}`),
        "both, the other way": outer(
          ["Transfer-Encoding: chunked", `Content-Length: ${size + 5}`],
          `0\r\n\r\n${hidden}`
        ),
        "two lengths": outer(["Content-Length: 0", `Content-Length: ${size}`], hidden),
        "a list of lengths": outer([`Content-Length: 0, ${size}`], hidden),
        "a signed length": outer([`Content-Length: +${size}`], hidden),
        "chunked and more": outer(["Transfer-Encoding: chunked, identity"], `0\r\n\r\n${hidden}`),
        "chunked by another name": outer(["Transfer-Encoding: xchunked"], `0\r\n\r\n${hidden}`),
        "chunked twice": outer(["Transfer-Encoding: chunked", "Transfer-Encoding: cow"], `0\r\n\r\n${hidden}`),
        "a blank before the colon": outer(["Transfer-Encoding : chunked"], `0\r\n\r\n${hidden}`),
        "a tab in front": outer(["Content-Length: 0", "X: y\n Transfer-Encoding: chunked"], hidden),
        "a bare line feed": outer(["Content-Length: 0\nTransfer-Encoding: chunked"], hidden),
        "a folded header": outer(["Transfer-Encoding:\r\n chunked"], `0\r\n\r\n${hidden}`),
        "a chunk that is no number": outer(["Transfer-Encoding: chunked"], `0x0\r\n\r\n${hidden}`),
        "a huge chunk": outer(["Transfer-Encoding: chunked"], `ffffffffffffffff1\r\n${hidden}`),
        "a chunk without its end": outer(["Transfer-Encoding: chunked"], `1\r\n{xx\r\n0\r\n\r\n${hidden}`)
      }
      yield* inVain(
        [accountId],
        Effect.gen(function* () {
          for (const [what, bytes] of Object.entries(doubtful)) {
            const statuses = statusesIn(yield* speak(door.base, bytes))
            assert.lengthOf(statuses, 1, `${what}: ${statuses.join()}`)
            assert.include([400, 401, 413, 415], statuses[0], what)
          }
        })
      )
    })
  )

  it.effect(
    "slow and idle clients (S-80, CVE-2018-12122, CVE-2024-22019): three hundred of them keep nobody else waiting",
    () =>
      Effect.gen(function* () {
        const { door, accountId } = yield* signingIn
        const port = Number(new URL(door.base).port)
        const drips = [
          "",
          "G",
          "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
          request(`POST ${door.of(accountId, "/sign-in")}`, [json, "Content-Length: 1000"]),
          request(`POST ${door.of(accountId, "/sign-in")}`, [json, "Transfer-Encoding: chunked"]) +
            "1;" +
            "x".repeat(4000)
        ]
        const sockets = Array.from({ length: 300 }, (_, place) => {
          const socket = connect(port, "127.0.0.1", () => socket.write(drips[place % drips.length] ?? ""))
          return socket.on("error", () => undefined)
        })
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            for (const socket of sockets) socket.destroy()
          })
        )
        const before = performance.now()
        yield* protectionHolds(
          [accountId],
          Effect.forEach(Array.from({ length: 5 }), () => served)
        )
        assert.isBelow(performance.now() - before, 10_000)
      })
  )

  it.effect("malformed forms (S-57): what is no form of ours does nothing on the pages", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const person = yield* aBrowser(accountId)
      const path = "/account/security/setup/email"
      const { csrf } = yield* person.form("/account/security/disable")
      const cookie = { cookie: person.cookie(), "content-type": "application/x-www-form-urlencoded" }
      const sent = (body: string, headers: Record<string, string> = {}): Effect.Effect<Answer> =>
        door.call("POST", path, { body, headers: { ...cookie, ...headers }, key: null })
      yield* inVain(
        [accountId],
        Effect.gen(function* () {
          for (const [body, status] of [
            ["", 403],
            [`csrf=${csrf}&csrf=${csrf}&password=x`, 403],
            [`csrf[]=${csrf}&password=x`, 403],
            [`csrf=${csrf}%00&password=x`, 403],
            [`csrf=${csrf}`, 400],
            [`csrf=${csrf}&password=${"%F0%9F%98%80".repeat(1025)}`, 400],
            [`csrf=${csrf}&password=${"x".repeat(17_000)}`, 403],
            [`csrf=${csrf}&password=&__proto__=x&constructor=y`, 400],
            [`${"a=1&".repeat(4000)}csrf=${csrf}`, 403]
          ] as const) {
            const seen = yield* sent(body)
            assert.strictEqual(seen.status, status, `${body.slice(0, 60)} ${seen.text.slice(0, 200)}`)
          }
          for (const odd of [
            `${person.cookie()}%00`,
            "rekey=",
            "rekey=..",
            `rekey=${"a".repeat(4000)}`,
            "rekey=__proto__.x"
          ])
            assert.strictEqual((yield* sent(`csrf=${csrf}&password=x`, { cookie: odd })).status, 403, odd)
        })
      )
    })
  )
})
