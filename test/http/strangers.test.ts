import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { disable } from "../../src/account/disable.ts"
import { asPortal, password } from "../kit/core.ts"
import { freshGrant } from "../kit/stories.ts"
import { type Answer, ask, keyOf } from "./form.ts"
import { aChallenge, type Call, calls, goodBody, ofSupport, posts } from "./rules.ts"
import { registered, server } from "./wholeApi.ts"

/** All of an answer but the time and the reference, which are of the request. */
const asHeard = ({ status, headers, body }: Answer) => ({
  status,
  headers: Object.fromEntries([...headers].filter(([name]) => name !== "date")),
  body: { ...body, reference: typeof body.reference }
})

const pathOf = (call: Call, accountId: string, challengeId: string) =>
  calls[call][1].replace("/accounts/alex", `/accounts/${accountId}`).replace(aChallenge, challengeId)

/** An account of each kind that a stranger might want to tell from the others, with a challenge where there is one. */
const everyKind = Effect.gen(function* () {
  const protectedOne = yield* registered("protected", "EMAIL")
  const { id } = yield* protectedOne.portal.accounts.stepUp({
    params: { accountId: protectedOne.accountId },
    headers: {},
    payload: {}
  })
  yield* registered("no-factor")
  const off = yield* registered("disabled", "EMAIL")
  const grant = yield* freshGrant(off.accountId)
  yield* disable({ accountId: off.accountId, password, grant }).pipe(asPortal())
  yield* registered("locked", "EMAIL")
  let last = 0
  for (let tries = 0; tries < 8 && last !== 429; tries++)
    last = (yield* ask("POST", "/v1/accounts/locked/sign-in", { body: { password: "not the password" } })).status
  assert.strictEqual(last, 429, "the account is not locked")
  return [
    ["unknown", aChallenge],
    ["protected", id],
    ["no-factor", aChallenge],
    ["disabled", aChallenge],
    ["locked", aChallenge],
    ["not an id", "not-an-id"]
  ] as const
})

layer(server, { excludeTestServices: true })("strangers", (it) => {
  it.effect("S-39: whoever has no key hears the same of every account, whether it exists, is on, off or locked", () =>
    Effect.gen(function* () {
      const kinds = yield* everyKind
      const heard = new Map<string, string>()
      for (const call of Object.keys(calls) as ReadonlyArray<Call>) {
        for (const [account, challenge] of kinds) {
          const path = pathOf(call, encodeURIComponent(account), challenge)
          for (const [who, key] of [
            ["without a key", null],
            ["with a key of nobody", Redacted.make("k".repeat(32))]
          ] as const) {
            const [method] = calls[call]
            const body = goodBody[call]
            const answer = asHeard(yield* ask(method, path, { key, ...(body === undefined ? {} : { body }) }))
            assert.strictEqual(answer.status, 401, `${method} ${path} ${who}`)
            heard.set(JSON.stringify(answer), `${method} ${path} ${who}`)
          }
        }
      }
      for (const path of ["/v1", "/v1/accounts", "/v1/accounts/protected/nothing", "/v1/nothing"])
        heard.set(JSON.stringify(asHeard(yield* ask("GET", path, { key: null }))), `GET ${path}`)
      assert.lengthOf([...heard], 1, JSON.stringify([...heard], null, 2))
    })
  )

  it.effect("S-55: the account of the path is acted on; one in the body is refused, elsewhere it says nothing", () =>
    Effect.gen(function* () {
      const { portal, accountId: own } = yield* registered("own", "EMAIL")
      const { accountId: other } = yield* registered("other", "EMAIL")
      const story = (accountId: typeof own) =>
        Effect.map(portal.events.ofAccount({ params: { accountId }, query: {} }), ({ events }) => events)
      const before = yield* story(other)

      for (const call of ["register", ...posts] as const) {
        for (const field of ["accountId", "account_id", "account", "id"]) {
          const body = { ...goodBody[call], [field]: other }
          const key = keyOf(ofSupport.includes(call) ? "support" : "portal")
          const answer = yield* ask(calls[call][0], pathOf(call, own, aChallenge), { body, key })
          assert.strictEqual(answer.status, 400, `${call} ${field}`)
          assert.deepStrictEqual(answer.body.errors, [{ pointer: `/${field}`, detail: "is not a known field" }])
        }
      }

      const headers = { "x-account-id": other, "account-id": other, accountid: other, cookie: `accountId=${other}` }
      const body = { password: Redacted.value(password) }
      for (const path of [`/v1/accounts/${own}/sign-in`, `/v1/accounts/${own}/sign-in?accountId=${other}`]) {
        const { status, text } = yield* ask("POST", path, { body, headers })
        assert.strictEqual(status, 201, text)
        assert.strictEqual((JSON.parse(text) as { readonly accountId?: unknown }).accountId, own)
      }
      for (const path of [`/v1/accounts/${own}`, `/v1/accounts/${own}/two-factor`]) {
        const { text } = yield* ask("GET", `${path}?accountId=${other}`, { headers })
        assert.strictEqual((JSON.parse(text) as { readonly accountId?: unknown }).accountId, own)
      }
      const listed = yield* ask("GET", `/v1/accounts/${own}/events?accountId=${other}`, { headers })
      assert.deepStrictEqual(listed.body.errors, [{ pointer: "/accountId", detail: "is not a known field" }])
      assert.lengthOf(
        (yield* story(own)).filter(({ type }) => type === "code.requested"),
        2
      )
      assert.deepStrictEqual(yield* story(other), before)
    })
  )
})
