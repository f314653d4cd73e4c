import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { codeOf, password, wrong } from "../kit/core.ts"
import { eventually } from "../kit/process.ts"
import { ask } from "./form.ts"
import { registered, server } from "./wholeApi.ts"

layer(server, { excludeTestServices: true })("the API on real parts", (it) => {
  it.effect("an import answers 201, then 200, with masked contacts", () =>
    Effect.gen(function* () {
      const body = { email: "mia@customer.example", phone: "+60125550199", password: Redacted.value(password) }
      const first = yield* ask("PUT", "/v1/accounts/mia", { body })
      assert.strictEqual(first.status, 201)
      assert.notInclude(first.text, "mia@customer.example")
      assert.notInclude(first.text, "60125550199")
      const again = yield* ask("PUT", "/v1/accounts/mia", { body })
      assert.strictEqual(again.status, 200)
      assert.strictEqual(again.text, first.text)
      assert.strictEqual((yield* ask("GET", "/v1/accounts/mia")).text, first.text)
      assert.strictEqual((yield* ask("DELETE", "/v1/accounts/mia")).status, 204)
      assert.strictEqual((yield* ask("GET", "/v1/accounts/mia")).status, 404)
    })
  )

  it.effect("S-10: the typed client walks the change: sign in, change, verify, and both flip in one commit", () =>
    Effect.gen(function* () {
      const { portal, accountId } = yield* registered("alex", "SMS")
      const params = { accountId }
      const signIn = yield* portal.accounts.signIn({ params, headers: {}, payload: { password } })
      assert(!("message" in signIn))
      assert.strictEqual(signIn.purpose, "sign-in")
      const signedIn = yield* portal.challenges.verify({
        params: { challengeId: signIn.id },
        headers: {},
        payload: { code: yield* codeOf(signIn.id) }
      })
      const grant = Redacted.make(signedIn.grant ?? "")
      const change = yield* portal.twoFactor.change({
        params,
        headers: {},
        payload: { method: "EMAIL", password, grant, client: { ip: "203.0.113.7", userAgent: "Firefox" } }
      })
      const before = yield* portal.twoFactor.status({ params })
      assert.strictEqual(before.securityStandard, "SMS")
      assert.strictEqual(before.pending?.challengeId, change.id)
      const outcome = yield* portal.challenges.verify({
        params: { challengeId: change.id },
        headers: {},
        payload: { code: yield* codeOf(change.id) }
      })
      assert.strictEqual(outcome.message, "Your security standard has been updated to EMAIL")
      assert.strictEqual(outcome.twoFactor.securityStandard, "EMAIL")
    })
  )

  it.effect("statuses are those of the contract: 200 or 201 for a sign-in, 201 step-up, 202 resend, 204 cancel", () =>
    Effect.gen(function* () {
      yield* registered("sam")
      yield* registered("robin", "EMAIL")
      const body = { password: Redacted.value(password) }
      assert.strictEqual((yield* ask("POST", "/v1/accounts/sam/sign-in", { body })).status, 200)
      assert.strictEqual((yield* ask("POST", "/v1/accounts/robin/sign-in", { body })).status, 201)
      const stepUp = yield* ask("POST", "/v1/accounts/robin/step-up", { body: {} })
      assert.strictEqual(stepUp.status, 201)
      const { id } = JSON.parse(stepUp.text) as { readonly id: string }
      assert.strictEqual((yield* ask("GET", `/v1/challenges/${id}`)).status, 200)
      const tooSoon = yield* ask("POST", `/v1/challenges/${id}/resend`, { body: {} })
      assert.strictEqual(tooSoon.status, 429)
      assert.isAbove(Number(tooSoon.headers.get("retry-after")), 0)
      assert.strictEqual((yield* ask("DELETE", `/v1/challenges/${id}`)).status, 204)
      assert.strictEqual((yield* ask("DELETE", `/v1/challenges/${id}`)).status, 204)
      assert.strictEqual((yield* ask("POST", `/v1/challenges/${id}/verify`, { body: { code: "123456" } })).status, 410)
    })
  )

  it.effect("S-15: the same key and body get the same answer again, marked; another body is a conflict", () =>
    Effect.gen(function* () {
      const { portal, accountId } = yield* registered("kim", "EMAIL")
      const challenge = yield* portal.accounts.stepUp({ params: { accountId }, headers: {}, payload: {} })
      const code = Redacted.value(wrong(yield* codeOf(challenge.id)))
      const verify = (body: object, key = "the-key") =>
        ask("POST", `/v1/challenges/${challenge.id}/verify`, { body, headers: { "idempotency-key": key } })
      const first = yield* verify({ code })
      assert.strictEqual(first.status, 422)
      assert.isNull(first.headers.get("idempotent-replayed"))
      const again = yield* verify({ code })
      assert.strictEqual(again.status, 422)
      assert.strictEqual(again.text, first.text)
      assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
      const now = yield* portal.challenges.read({ params: { challengeId: challenge.id } })
      assert.strictEqual(now.attemptsRemaining, 4)
      const other = yield* verify({ code: `${code} ` })
      assert.strictEqual(other.status, 409)
      assert.strictEqual(other.body.code, "idempotency_conflict")
      assert.isNull(other.headers.get("idempotent-replayed"))
    })
  )

  it.effect("S-79: an account's events come newest first, page by page; the feed goes on where it was left", () =>
    Effect.gen(function* () {
      const { portal, accountId } = yield* registered("noa", "EMAIL")
      // open transactions of neighbours on the server hold the feed back
      const start = yield* eventually(
        Effect.map(portal.events.feed({ query: { limit: 200 } }), ({ events, next }) =>
          events.some((event) => event.accountId === accountId) ? next : undefined
        ),
        "the import in the feed"
      )
      const client = { ip: "203.0.113.7", userAgent: "Firefox" }
      yield* portal.accounts.stepUp({ params: { accountId }, headers: {}, payload: { client } })
      const page = yield* portal.events.ofAccount({ params: { accountId }, query: { limit: 1 } })
      assert.strictEqual(page.events[0]?.type, "code.requested")
      assert.strictEqual(page.events[0]?.actor, "customer")
      assert.deepStrictEqual(page.events[0]?.client, client)
      assert.match(page.events[0]?.reference ?? "", /^E-/)
      const older = yield* portal.events.ofAccount({ params: { accountId }, query: { before: page.next ?? "" } })
      assert.strictEqual(older.events.at(-1)?.type, "account.imported")
      assert.strictEqual(older.events.at(-1)?.actor, "portal")
      assert.isNull(older.next)
      const fed = yield* portal.events.feed({ query: { after: start } })
      assert.isTrue(fed.events.every((event) => event.accountId !== accountId || event.type === "code.requested"))
      assert.strictEqual((yield* ask("GET", "/v1/accounts/nobody/events")).status, 404)
    })
  )

  it.effect("S-54: an unknown account or challenge is 404, whatever is asked of it", () =>
    Effect.gen(function* () {
      const body = { password: "x", method: "EMAIL" }
      for (const path of ["sign-in", "two-factor/disable"])
        assert.strictEqual((yield* ask("POST", `/v1/accounts/nobody/${path}`, { body: { password: "x" } })).status, 404)
      for (const path of ["two-factor/setup", "two-factor/change"])
        assert.strictEqual((yield* ask("POST", `/v1/accounts/nobody/${path}`, { body })).status, 404)
      const id = "0198d6a5-3f0e-4c5b-9c55-6a8d2f7b1c11"
      assert.strictEqual((yield* ask("POST", `/v1/challenges/${id}/verify`, { body: { code: "123456" } })).status, 404)
      assert.strictEqual((yield* ask("POST", `/v1/challenges/${id}/resend`, { body: {} })).status, 404)
      assert.strictEqual((yield* ask("DELETE", `/v1/challenges/${id}`)).status, 404)
    })
  )
})
