import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { ask, keyOf, server } from "./form.ts"
import { aChallenge, type Call, calls, goodBody, ofBoth, ofSupport, posts, rules } from "./rules.ts"

const send = (call: Call, options: Parameters<typeof ask>[2] = {}) => {
  const [method, path] = calls[call]
  const body = goodBody[call]
  const key = ofSupport.includes(call) ? { key: keyOf("support") } : {}
  return ask(method, path, { ...key, ...(body === undefined ? {} : { body }), ...options })
}
const passed = 503

const withField = (body: object, field: string, value: unknown): object => {
  const [first = "", second] = field.split("/")
  return { ...body, [first]: second === undefined ? value : { [second]: value } }
}

layer(server, { excludeTestServices: true })("the form of requests", (it) => {
  for (const { call, field, good, bad } of rules) {
    it.effect(`${call}: /${field} takes what the contract says and refuses the rest, without saying what it was`, () =>
      Effect.gen(function* () {
        for (const value of good) {
          const { status, text } = yield* send(call, { body: withField(goodBody[call] ?? {}, field, value) })
          assert.strictEqual(status, passed, `${JSON.stringify(value)} ${text}`)
        }
        for (const value of bad) {
          const { status, body, text } = yield* send(call, { body: withField(goodBody[call] ?? {}, field, value) })
          assert.strictEqual(status, 400, JSON.stringify(value))
          assert.strictEqual(body.code, "validation_failed")
          assert.deepStrictEqual([...new Set(body.errors?.map(({ pointer }) => pointer))], [`/${field}`])
          if (typeof value === "string" && value.length > 9) {
            assert.notInclude(text, value.slice(0, 10).replace(/\r/, "\\r").replace(/\n/, "\\n"))
          }
        }
      })
    )
  }

  it.effect("S-57: an unknown field is refused wherever it stands, and every fault is named at once", () =>
    Effect.gen(function* () {
      for (const call of ["register", ...posts] as const) {
        const { status, body } = yield* send(call, { body: { ...goodBody[call], role: "admin" } })
        assert.strictEqual(status, 400, call)
        assert.deepStrictEqual(body.errors, [{ pointer: "/role", detail: "is not a known field" }])
      }
      const several = yield* send("setup", {
        body: { method: "PIGEON", client: { ip: "x", country: "MY" }, "a/b~c": 1 }
      })
      assert.deepStrictEqual(several.body.errors?.map(({ pointer }) => pointer).toSorted(), [
        "/a~1b~0c",
        "/client/country",
        "/client/ip",
        "/method",
        "/password"
      ])
      const polluted = yield* send("stepUp", { body: '{"__proto__":{"client":{}},"constructor":1}' })
      assert.deepStrictEqual(polluted.body.errors?.map(({ pointer }) => pointer).toSorted(), [
        "/__proto__",
        "/constructor"
      ])
    })
  )

  it.effect("a fault is told in plain words, without the value", () =>
    Effect.gen(function* () {
      const told = (answer: Effect.Success<ReturnType<typeof send>>) =>
        Object.fromEntries(answer.body.errors?.map(({ pointer, detail }) => [pointer, detail]) ?? [])
      assert.deepStrictEqual(
        told(yield* send("setup", { body: { method: "PIGEON", destination: 1, client: [], a: 1 } })),
        {
          "/a": "is not a known field",
          "/method": "must be one of SMS, EMAIL",
          "/destination": "must be a text",
          "/client": "must be an object",
          "/password": "is missing"
        }
      )
      assert.deepStrictEqual(told(yield* send("register", { body: { phone: 60125550101, twoFactor: null } })), {
        "/phone": "must be a text or null",
        "/twoFactor": "must be one of SMS, EMAIL"
      })
      assert.deepStrictEqual(told(yield* send("signIn", { body: "[]" })), { "": "must be an object" })
      assert.deepStrictEqual(told(yield* send("signIn", { body: "{" })), { "": "must be valid JSON" })
    })
  )

  it.effect("S-57: half a character, a NUL or a line break in a free text is 400 and reaches no column", () =>
    Effect.gen(function* () {
      const hostile = ["a\ud83d", "\udc00a", "a\0b", "a\r\nb", "a\u0085b", "a\u2028b"]
      for (const [call, field] of [
        ["setup", "acknowledged"],
        ["change", "acknowledged"],
        ["setup", "destination"],
        ["register", "name"],
        ["register", "email"],
        ["register", "phone"],
        ["register", "locale"],
        ["register", "timeZone"],
        ["stepUp", "client/ip"]
      ] as const) {
        for (const value of hostile) {
          const { status, body } = yield* send(call, { body: withField(goodBody[call] ?? {}, field, value) })
          assert.strictEqual(status, 400, `${field} ${JSON.stringify(value)}`)
          assert.deepStrictEqual([...new Set(body.errors?.map(({ pointer }) => pointer))], [`/${field}`])
        }
      }
      for (const [call, field] of [
        ["signIn", "password"],
        ["verify", "code"],
        ["change", "grant"],
        ["register", "passwordHash"]
      ] as const) {
        for (const value of hostile.slice(0, 3)) {
          const { status } = yield* send(call, { body: withField(goodBody[call] ?? {}, field, value) })
          assert.strictEqual(status, 400, `${field} ${JSON.stringify(value)}`)
        }
      }
    })
  )

  it.effect("a body that is no JSON object is 400", () =>
    Effect.gen(function* () {
      for (const body of ["{", "[]", "null", '"x"', "1", '{"password":"x"} trailing']) {
        const { status, body: problem } = yield* send("signIn", { body })
        assert.strictEqual(status, 400, body)
        assert.strictEqual(problem.code, "validation_failed")
        assert.strictEqual(problem.errors?.[0]?.pointer, "")
      }
    })
  )

  it.effect("an account id that cannot be one is 400 at /accountId; a challenge id that cannot be one is 404", () =>
    Effect.gen(function* () {
      for (const id of ["a%20b", "%C3%A4", "a".repeat(129), "a%2Fb", "a%00b"]) {
        const { status, body } = yield* ask("GET", `/v1/accounts/${id}`)
        assert.strictEqual(status, 400, id)
        assert.deepStrictEqual(
          body.errors?.map(({ pointer }) => pointer),
          ["/accountId"]
        )
      }
      for (const id of ["x", aChallenge.toUpperCase(), `${aChallenge}0`, "%00"]) {
        const { status, body } = yield* ask("GET", `/v1/challenges/${id}`)
        assert.strictEqual(status, 404, id)
        assert.strictEqual(body.code, "not_found")
        assert.match(body.reference ?? "", /^E-[0-9A-HJKMNP-TV-Z]{6}$/)
      }
      assert.strictEqual((yield* ask("GET", "/v1/accounts/A.b_c~d%3Ae%40f-0")).status, passed)
      assert.strictEqual((yield* send("challenge")).status, passed)
    })
  )

  it.effect("S-57: pages take a limit of 1 to 200 and a cursor of ours, each at most once", () =>
    Effect.gen(function* () {
      for (const query of ["", "?limit=1", "?limit=200", "?after=0-12-7&limit=50"]) {
        assert.strictEqual((yield* ask("GET", `/v1/events${query}`)).status, passed, query)
      }
      for (const [query, pointer] of [
        ["limit=0", "/limit"],
        ["limit=201", "/limit"],
        ["limit=-1", "/limit"],
        ["limit=1.5", "/limit"],
        ["limit=1e1", "/limit"],
        ["limit=", "/limit"],
        ["limit=1&limit=2", "/limit"],
        ["after=x", "/after"],
        ["after=12-7", "/after"],
        ["after=0-1-1%00", "/after"],
        ["after=0-1-1%0A", "/after"],
        ["after=9999999999-1-1", "/after"],
        ["after=0-1-9999999999999999999", "/after"],
        ["after=0-1-1&after=0-2-2", "/after"],
        ["before=1", "/before"]
      ] as const) {
        const { status, body } = yield* ask("GET", `/v1/events?${query}`)
        assert.strictEqual(status, 400, query)
        assert.deepStrictEqual(
          body.errors?.map((fault) => fault.pointer),
          [pointer]
        )
      }
    })
  )

  it.effect("S-57: cases are asked for by a status that there is, a limit of 1 to 200 and a cursor of ours", () =>
    Effect.gen(function* () {
      for (const query of ["", "?status=open", "?status=closed&limit=1", "?status=all&before=12&limit=200"]) {
        assert.strictEqual((yield* ask("GET", `/v1/cases${query}`)).status, passed, query)
      }
      for (const [query, pointer] of [
        ["status=opened", "/status"],
        ["status=", "/status"],
        ["status=open&status=all", "/status"],
        ["limit=0", "/limit"],
        ["before=x", "/before"],
        ["before=1%00", "/before"],
        ["before=1234567890123456789", "/before"],
        ["after=1", "/after"]
      ] as const) {
        const { status, body } = yield* ask("GET", `/v1/cases?${query}`)
        assert.strictEqual(status, 400, query)
        assert.deepStrictEqual(
          body.errors?.map((fault) => fault.pointer),
          [pointer]
        )
      }
    })
  )

  it.effect("a text that cannot be the id of a case is the id of none: 404", () =>
    Effect.gen(function* () {
      for (const id of ["x", "C-7F3", "c-7f3k", "C-7F3K0", "C-7F3I", "7F3K", "%00"]) {
        const { status, body } = yield* ask("DELETE", `/v1/cases/${id}`)
        assert.strictEqual(status, 404, id)
        assert.strictEqual(body.code, "not_found")
        assert.match(body.reference ?? "", /^E-[0-9A-HJKMNP-TV-Z]{6}$/)
      }
      assert.strictEqual((yield* ask("DELETE", "/v1/cases/C-7F3KXY")).status, passed)
    })
  )

  it.effect("S-15: an Idempotency-Key is 1 to 255 visible ASCII characters, on every POST", () =>
    Effect.gen(function* () {
      for (const call of posts) {
        for (const key of ["k", "~".repeat(255), '!"#'])
          assert.strictEqual(
            (yield* send(call, { headers: { "idempotency-key": key } })).status,
            passed,
            `${call} ${key}`
          )
        for (const key of ["", "a b", "é", "k".repeat(256)]) {
          const { status, body } = yield* send(call, { headers: { "idempotency-key": key } })
          assert.strictEqual(status, 400, `${call} ${key.length}`)
          assert.include(body.detail, "Idempotency-Key")
        }
      }
    })
  )

  it.effect("every call wants a key: without one, or with another, it is 401 before anything is looked at", () =>
    Effect.gen(function* () {
      for (const call of Object.keys(calls) as ReadonlyArray<Call>) {
        for (const key of [null, Redacted.make("k".repeat(32))]) {
          const { status, headers, body } = yield* send(call, { key, ...(goodBody[call] ? { body: "{" } : {}) })
          assert.strictEqual(status, 401, call)
          assert.strictEqual(body.code, "unauthorized")
          assert.strictEqual(headers.get("www-authenticate"), "Bearer")
        }
      }
    })
  )

  it.effect(
    "a role may do what it is for: the portal all but reset, support read, reset and close cases, metrics nothing; 403 before 400",
    () =>
      Effect.gen(function* () {
        for (const call of Object.keys(calls) as ReadonlyArray<Call>) {
          const malformed = goodBody[call] === undefined ? {} : { body: "{" }
          for (const role of ["portal", "support", "metrics"] as const) {
            const resetting = ofSupport.includes(call)
            const may = role === "support" ? resetting || ofBoth.includes(call) : role === "portal" && !resetting
            const { status, body } = yield* send(call, { key: keyOf(role), ...(may ? {} : malformed) })
            assert.strictEqual(status, may ? passed : 403, `${role} ${call}`)
            if (!may) assert.strictEqual(body.code, "forbidden")
          }
        }
      })
  )
})
