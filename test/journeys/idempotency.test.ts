import { assert, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { Challenge, Outcome, TwoFactor } from "../../src/domain/TwoFactor.ts"
import { type Answer, FrontDoor, member, password, readAs, refusal, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { eventually, keys, Rekey } from "../kit/process.ts"
import { delaysPass } from "../kit/stories.ts"
import { AccountId } from "../../src/domain/ids.ts"

type Door = FrontDoor["Service"]

const secondKey = "second-portal-key-of-the-tests-0123456789"
const env = { REKEY_API_KEY: `${keys.portal},portal:${secondKey},support:${keys.support}` }

let used = 0
const fresh = () => ({ headers: { "idempotency-key": `key-${used++}` } })

const sql = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
  Effect.orDie(SqlClient.SqlClient.use(statement))

/** The same answer as at first, marked as a replay; and nothing changed by it. */
const isReplayed = Effect.fnUntraced(function* (
  door: Door,
  accountId: string,
  ask: Effect.Effect<Answer>,
  first: Answer
) {
  const before = yield* door.everythingOf(accountId)
  const again = yield* ask
  assert.deepStrictEqual([again.status, again.text], [first.status, first.text])
  assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
  assert.strictEqual(yield* door.everythingOf(accountId), before)
})

layer(FrontDoor.layer(env), { excludeTestServices: true })("Idempotency-Key over HTTP", (it) => {
  it.effect(
    "S-15, P6: every answer that changed or counted something is given again, also after kill -9",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const asked: Array<readonly [Effect.Effect<Answer>, Answer]> = []
        const once = Effect.fnUntraced(function* (path: string, body: object, status: number) {
          const ask = door.post(path, body, fresh())
          const first = yield* ask
          assert.strictEqual(first.status, status, first.text)
          assert.isNull(first.headers.get("idempotent-replayed"))
          yield* isReplayed(door, accountId, ask, first)
          asked.push([ask, first])
          return first
        })
        const of = (what: string) => door.of(accountId, what)

        yield* once(of("/sign-in"), { password: wrongPassword }, 403)
        const signIn = readAs(yield* once(of("/sign-in"), { password }, 201), 201, Challenge)
        const code = yield* door.codeOf(signIn.id, phone)
        yield* once(`/v1/challenges/${signIn.id}/verify`, { code: wrong(code) }, 422)
        const signedIn = readAs(yield* once(`/v1/challenges/${signIn.id}/verify`, { code }, 200), 200, Outcome)
        const stepUp = readAs(yield* once(of("/step-up"), {}, 201), 201, Challenge)
        yield* once(`/v1/challenges/${stepUp.id}/verify`, { code: yield* door.codeOf(stepUp.id, phone) }, 200)
        readAs(yield* once(of("/two-factor/disable"), { password, grant: signedIn.grant }, 200), 200, TwoFactor)
        const setup = readAs(yield* once(of("/two-factor/setup"), { password, method: "EMAIL" }, 201), 201, Challenge)
        yield* sql((db) => db`update challenges set resend_after = now() where id = ${setup.id}::uuid`)
        yield* once(`/v1/challenges/${setup.id}/resend`, {}, 202)
        yield* once(`/v1/challenges/${setup.id}/verify`, { code: yield* door.codeOf(setup.id, email) }, 200)
        const grant = yield* door.grantOf(accountId, email)
        const change = yield* once(of("/two-factor/change"), { password, method: "SMS", grant }, 201)
        assert.strictEqual(member(change, "purpose"), "change")

        assert.lengthOf(asked, 11)
        yield* rekey.kill
        yield* rekey.start
        for (const [ask, first] of asked) yield* isReplayed(door, accountId, ask, first)
      }),
    60_000
  )

  it.effect("a wrong guess that is repeated counts once, and a letter is sent once", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      const start = door.post(door.of(accountId, "/two-factor/setup"), { password, method: "EMAIL" }, fresh())
      const { id } = readAs(yield* start, 201, Challenge)
      const code = yield* door.codeOf(id, email)
      yield* Effect.forEach([1, 2, 3], () => start)
      const guess = door.verify(id, wrong(code), fresh())
      yield* Effect.forEach([1, 2, 3, 4, 5, 6], () => guess)
      assert.strictEqual((yield* door.challenge(id)).attemptsRemaining, 4)
      const right = door.verify(id, code, fresh())
      yield* Effect.forEach([1, 2, 3], () => right, { concurrency: 3 })
      const told = yield* eventually(
        Effect.map(door.inbox(email), (all) => (all.length >= 2 ? all : undefined)),
        "code and confirmation"
      )
      assert.lengthOf(told, 2)
      const types = (yield* door.events(accountId)).map(({ type }) => type)
      assert.lengthOf(
        types.filter((type) => type === "method.enabled"),
        1
      )
    })
  )

  it.effect("the same key with another body is a conflict; on another path or with another API key it is new", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const other = yield* door.anAccount()
      const key = fresh()
      const path = door.of(accountId, "/sign-in")
      assert.strictEqual((yield* door.post(path, { password }, key)).status, 200)
      const conflict = door.post(path, { password: wrongPassword }, key)
      yield* door.refused(accountId, conflict, 409, "idempotency_conflict")
      for (const answer of [
        yield* door.post(door.of(other.accountId, "/sign-in"), { password }, key),
        yield* door.post(path, { password }, { ...key, key: secondKey })
      ]) {
        assert.strictEqual(answer.status, 200)
        assert.isNull(answer.headers.get("idempotent-replayed"))
      }
    })
  )

  it.effect("while the first request runs, a second one with its key is told so", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const db = yield* SqlClient.SqlClient
      const { accountId } = yield* door.anAccount()
      const ask = door.post(door.of(accountId, "/sign-in"), { password }, fresh())
      const answers = yield* Effect.gen(function* () {
        // The account's row is held, so that whichever request is first cannot end.
        yield* db`select 1 from accounts where account_id = ${accountId} for update`
        const both = yield* Effect.forEach([1, 2], () => Effect.forkDetach(ask, { startImmediately: true }))
        return { both, early: yield* Effect.raceAllFirst(both.map((fiber) => Fiber.join(fiber))) }
      }).pipe(db.withTransaction, Effect.orDie)
      refusal(answers.early, 409, "idempotency_in_progress", door.base)
      const ended = yield* Effect.forEach(answers.both, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual(new Set(ended.map(({ status }) => status)), new Set([200, 409]))
      assert.strictEqual((yield* ask).headers.get("idempotent-replayed"), "true")
    })
  )

  it.effect("what judged and changed nothing leaves the key free", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email, phone } = yield* door.anAccount()
      const path = door.of(accountId, "/sign-in")

      const early = fresh()
      refusal(yield* door.post(path, {}, early), 400, "validation_failed", door.base)
      refusal(yield* door.post(path, { password }, { ...early, key: null }), 401, "unauthorized", door.base)
      refusal(yield* door.post(path, { password: "p".repeat(16_400) }, early), 413, "payload_too_large", door.base)
      const plain = { headers: { ...early.headers, "content-type": "text/plain" } }
      refusal(yield* door.post(path, "x", plain), 415, "unsupported_media_type", door.base)
      assert.strictEqual((yield* door.post(path, { password }, early)).status, 200)

      const later = door.post(door.of("later", "/sign-in"), { password }, fresh())
      refusal(yield* later, 404, "not_found", door.base)
      yield* door.call("PUT", door.of("later"), { body: { email, password } })
      assert.strictEqual((yield* later).status, 200)

      const disable = (grant: string) => ({ password, grant })
      const state = fresh()
      const off = door.post(door.of(accountId, "/two-factor/disable"), disable("none"), state)
      yield* door.refused(accountId, off, 409, "already_disabled")
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
      yield* door.answerRightly(id, phone)
      yield* door.refused(accountId, off, 403, "grant_invalid")
      const grant = yield* door.grantOf(accountId, phone)
      const done = yield* door.post(door.of(accountId, "/two-factor/disable"), disable(grant), state)
      assert.strictEqual(done.status, 200)

      const delayed = door.post(path, { password }, fresh())
      yield* sql(
        (db) => db`update accounts set password_blocked_until = now() + interval '30 s'
        where account_id = ${accountId}`
      )
      yield* door.refused(accountId, delayed, 429, "rate_limited")
      yield* Effect.orDie(delaysPass(AccountId.make(accountId)))
      assert.strictEqual((yield* delayed).status, 200)
    })
  )

  it.effect("a key is 1 to 255 visible ASCII characters", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const keyed = (key: string) =>
        door.post(door.of(accountId, "/sign-in"), { password }, { headers: { "idempotency-key": key } })
      for (const key of ["", "k".repeat(256), "a b", "clé"]) {
        const answer = yield* door.refused(accountId, keyed(key), 400, "validation_failed")
        assert.include(String(member(answer, "detail")), "Idempotency-Key")
      }
      assert.strictEqual((yield* keyed("k".repeat(255))).status, 200)
    })
  )

  it.effect("deletion forgets the answers too: the key is free for whoever has the id next", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      const ask = door.post(door.of(accountId, "/sign-in"), { password }, fresh())
      const first = readAs(yield* ask, 200, Outcome)
      yield* door.call("DELETE", door.of(accountId))
      refusal(yield* ask, 404, "not_found", door.base)
      yield* door.call("PUT", door.of(accountId), { body: { email, password } })
      const again = yield* ask
      assert.notStrictEqual(readAs(again, 200, Outcome).grant, first.grant)
      assert.isNull(again.headers.get("idempotent-replayed"))
    })
  )
})
