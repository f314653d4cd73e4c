import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import { Caller } from "../../src/account/Caller.ts"
import { Principal } from "../../src/http/contract/ApiKey.ts"
import { called, posted, sourceOf } from "../../src/http/requestCaller.ts"
import { RequestReference } from "../../src/http/requestReference.ts"
import { newReference } from "../../src/services/newReference.ts"
import { Idempotency } from "../../src/services/Idempotency.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"

const ring = (...ids: readonly [string, ...Array<string>]) => {
  const entry = (id: string) => ({ id, key: Redacted.make(new Uint8Array(32).fill(id.charCodeAt(0))) })
  const [first, ...others] = ids
  return KeyRing.layerOf([entry(first), ...others.map(entry)])
}

const unused = () => {
  throw new Error("no row is written here")
}
const oneAtATime = Layer.mock(Idempotency)({
  running: (_digests, _reference, call) => call,
  find: unused,
  part: unused,
  forget: unused
})

interface Call {
  readonly key?: string
  readonly apiKey?: string
  readonly path?: string
  readonly accountId?: string
  readonly body?: string
  readonly ring?: Layer.Layer<KeyRing>
  readonly ip?: string
}

/** The caller that a program sees for such a POST. */
const callerOf = (call: Call) => {
  const { accountId = "alex", body = "{}", path = "/v1/accounts/:accountId/step-up", apiKey = "p1" } = call
  const url = `http://localhost/v1/accounts/${accountId}/step-up`
  const request = HttpServerRequest.fromWeb(new Request(url, { method: "POST", body }))
  return posted(
    {
      request,
      endpoint: { method: "POST", path },
      params: { accountId },
      headers: call.key === undefined ? {} : { "idempotency-key": call.key },
      payload: call.ip === undefined ? {} : { client: { ip: call.ip } }
    },
    Caller
  ).pipe(
    Effect.provideService(HttpServerRequest.HttpServerRequest, request),
    Effect.provideService(Principal, { id: apiKey, role: "portal" }),
    Effect.provideService(RequestReference, "E-7F3K9Q"),
    Effect.provide(Layer.merge(oneAtATime, call.ring ?? ring("a")))
  )
}

const digests = (call: Call) => Effect.map(callerOf(call), ({ idempotency }) => idempotency)

describe("who asks", () => {
  it("S-38: budgets of a source count an IPv4 address, also inside IPv6, and the /64 of an IPv6 one", () => {
    assert.strictEqual(sourceOf("203.0.113.7"), "203.0.113.7")
    assert.strictEqual(sourceOf("::ffff:203.0.113.7"), "203.0.113.7")
    assert.strictEqual(sourceOf("2001:db8:1:2:3:4:5:6"), sourceOf("2001:DB8:1:2::1"))
    assert.notStrictEqual(sourceOf("2001:db8:1:2::1"), sourceOf("2001:db8:1:3::1"))
    assert.isUndefined(sourceOf("nowhere"))
    assert.isUndefined(sourceOf(undefined))
  })

  it.effect("a POST is the customer's, with the client that the portal described; a PUT is the portal's", () =>
    Effect.gen(function* () {
      const customer = yield* callerOf({ ip: "2001:db8::1" })
      assert.strictEqual(customer.actor, "customer")
      assert.strictEqual(customer.reference, "E-7F3K9Q")
      assert.deepStrictEqual(customer.client, { ip: "2001:db8::1" })
      assert.strictEqual(customer.source, "2001:db8::/64")
      const portal = yield* called(Caller)
      assert.strictEqual(portal.actor, "portal")
      assert.deepStrictEqual(portal.idempotency, [])
    })
  )
})

describe("Idempotency-Key", () => {
  it.effect("S-15: without the header nothing is remembered", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* digests({}), [])
    })
  )

  it.effect("S-15: the scope is API key, method, path and key; the body is apart from it", () =>
    Effect.gen(function* () {
      const [one] = yield* digests({ key: "k" })
      assert.match(one?.scope ?? "", /^[0-9a-f]{64}$/)
      assert.match(one?.body ?? "", /^[0-9a-f]{64}$/)
      const [again] = yield* digests({ key: "k" })
      assert.deepStrictEqual(again, one)
      const others: ReadonlyArray<Call> = [{ apiKey: "p2" }, { accountId: "sam" }, { path: "/other" }, { key: "K" }]
      for (const other of others) {
        const [two] = yield* digests({ key: "k", ...other })
        assert.notStrictEqual(two?.scope, one?.scope, JSON.stringify(other))
        assert.strictEqual(two?.body, one?.body)
      }
      const [bytes] = yield* digests({ key: "k", body: "{ }" })
      assert.strictEqual(bytes?.scope, one?.scope)
      assert.notStrictEqual(bytes?.body, one?.body)
    })
  )

  it.effect(
    "S-77: each key of the ring has its digests, the current one first, so that a rotation forgets nothing",
    () =>
      Effect.gen(function* () {
        const before = yield* digests({ key: "k", ring: ring("a") })
        const after = yield* digests({ key: "k", ring: ring("b", "a") })
        assert.strictEqual(after.length, 2)
        assert.deepStrictEqual(after[1], before[0])
        assert.notStrictEqual(after[0]?.scope, before[0]?.scope)
      })
  )
})

it.effect("a reference can be read out over the telephone: no I, L, O or U", () =>
  Effect.gen(function* () {
    const references = yield* Effect.all(Array.from({ length: 200 }, () => newReference))
    for (const reference of references) assert.match(reference, /^E-[0-9A-HJKMNP-TV-Z]{6}$/)
    assert.isAbove(new Set(references).size, 190)
  })
)
