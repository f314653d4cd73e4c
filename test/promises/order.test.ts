import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { type Answer, FrontDoor, member, password, refusal, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"

type Door = FrontDoor["Service"]

const invalid = { password: 7 }
const tooLarge = { password: "p".repeat(16_400) }
const form = { headers: { "content-type": "text/plain" } }

const setUp = (door: Door, accountId: string, body: object) =>
  door.post(door.of(accountId, "/two-factor/setup"), { password, ...body })
const change = (door: Door, accountId: string, body: object) =>
  door.post(door.of(accountId, "/two-factor/change"), { password, ...body })

const sql = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
  Effect.orDie(SqlClient.SqlClient.use(statement))

/** Two faults in one request: the earlier check answers. */
const table: ReadonlyArray<
  readonly [
    earlier: string,
    later: string,
    status: number,
    code: string,
    ask: (door: Door) => Effect.Effect<Answer, never, SqlClient.SqlClient>
  ]
> = [
  ["no key", "wrong method", 401, "unauthorized", (door) => door.call("PATCH", door.of("sam"), { key: null })],
  ["no key", "no such path", 401, "unauthorized", (door) => door.call("GET", "/v1/nothing", { key: null })],
  [
    "wrong method",
    "wrong role",
    405,
    "method_not_allowed",
    (door) => door.call("GET", door.of("sam", "/sign-in"), { key: keys.metrics })
  ],
  [
    "wrong role",
    "too large",
    403,
    "forbidden",
    (door) => door.post(door.of("sam", "/sign-in"), tooLarge, { key: keys.support })
  ],
  [
    "wrong role",
    "no JSON",
    403,
    "forbidden",
    (door) => door.post(door.of("sam", "/sign-in"), "x", { key: keys.metrics, ...form })
  ],
  [
    "wrong role",
    "not valid",
    403,
    "forbidden",
    (door) => door.post(door.of("sam", "/sign-in"), invalid, { key: keys.support })
  ],
  [
    "too large",
    "not valid",
    413,
    "payload_too_large",
    (door) => door.post(door.of("sam", "/sign-in"), "{".repeat(16_400))
  ],
  [
    "no JSON",
    "not valid",
    415,
    "unsupported_media_type",
    (door) => door.post(door.of("a b", "/sign-in"), invalid, form)
  ],
  [
    "not valid",
    "key of another body",
    400,
    "validation_failed",
    Effect.fnUntraced(function* (door: Door) {
      const headers = { "idempotency-key": "order-1" }
      yield* door.post(door.of("sam", "/sign-in"), { password: wrongPassword }, { headers })
      return yield* door.post(door.of("sam", "/sign-in"), invalid, { headers })
    })
  ],
  [
    "not valid",
    "unknown account",
    400,
    "validation_failed",
    (door) => door.post(door.of("unknown", "/sign-in"), invalid)
  ],
  [
    "not valid",
    "unknown challenge",
    400,
    "validation_failed",
    (door) => door.post("/v1/challenges/none/verify", { code: 123456 })
  ],
  [
    "key of another body",
    "delay of passwords",
    409,
    "idempotency_conflict",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount()
      const headers = { "idempotency-key": "order-2" }
      yield* door.post(door.of(accountId, "/sign-in"), { password: wrongPassword }, { headers })
      yield* delayPasswords(accountId)
      return yield* door.post(door.of(accountId, "/sign-in"), { password }, { headers })
    })
  ],
  [
    "delay of passwords",
    "wrong password",
    429,
    "rate_limited",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount()
      yield* delayPasswords(accountId)
      return yield* door.post(door.of(accountId, "/sign-in"), { password: wrongPassword })
    })
  ],
  [
    "wrong password",
    "wrong destination",
    403,
    "password_incorrect",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount()
      return yield* setUp(door, accountId, { password: wrongPassword, method: "EMAIL", destination: "x@y.example" })
    })
  ],
  [
    "wrong password",
    "state",
    403,
    "password_incorrect",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount()
      return yield* change(door, accountId, { password: wrongPassword, method: "EMAIL" })
    })
  ],
  [
    "wrong destination",
    "state",
    400,
    "validation_failed",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return yield* setUp(door, accountId, { method: "EMAIL", destination: "x@y.example" })
    })
  ],
  [
    "state",
    "no grant",
    409,
    "same_method",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return yield* change(door, accountId, { method: "SMS" })
    })
  ],
  [
    "state",
    "no grant to disable",
    409,
    "already_disabled",
    Effect.fnUntraced(function* (door: Door) {
      const { accountId } = yield* door.anAccount()
      return yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant: "none" })
    })
  ]
]

const delayPasswords = (accountId: string) =>
  sql((db) => db`update accounts set password_blocked_until = now() + interval '30 s' where account_id = ${accountId}`)

layer(FrontDoor.layer(), { excludeTestServices: true })("the order of checks", (it) => {
  it.effect.each(table)("%s is told before %s: %s %s", ([, , status, code, ask]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      refusal(yield* ask(door), status, code, door.base)
    })
  )

  it.effect("a replay is told before a delay, and nothing is counted", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const headers = { "idempotency-key": "order-3" }
      const ask = door.post(door.of(accountId, "/sign-in"), { password: wrongPassword }, { headers })
      const first = refusal(yield* ask, 403, "password_incorrect", door.base)
      yield* delayPasswords(accountId)
      const again = yield* door.refused(accountId, ask, 403, "password_incorrect")
      assert.strictEqual(again.text, first.text)
      assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    })
  )

  it.effect("S-33: a spent budget of a source is told before the password is looked at", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const from = (ip: string, id: string, guess: string) =>
        door.post(door.of(id, "/sign-in"), { password: guess, client: { ip } })
      for (let guesses = 0; guesses < 30; guesses++) {
        refusal(yield* from("203.0.113.7", accountId, wrongPassword), 403, "password_incorrect", door.base)
        yield* sql(
          (db) => db`
          update accounts set password_failures = 0, password_blocked_until = null where account_id = ${accountId}`
        )
      }
      yield* door.refused(accountId, from("203.0.113.7", accountId, wrongPassword), 429, "rate_limited")
      yield* door.refused(accountId, from("203.0.113.7", accountId, password), 429, "rate_limited")
      // Names it may go on to ask for, as the API tells a portal exactly; they are not hashed for (S-37).
      refusal(yield* from("203.0.113.7", "unknown", password), 404, "not_found", door.base)
      refusal(yield* from("203.0.113.8", "unknown", password), 404, "not_found", door.base)
      assert.strictEqual((yield* from("203.0.113.8", accountId, password)).status, 200)
    })
  )

  it.effect("a delay of codes is told after a malformed code and before the end of a challenge", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      const start = door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const first = yield* start
      const { id } = yield* start
      const code = yield* door.codeOf(id, email)
      yield* Effect.forEach([1, 2, 3, 4, 5], (by) => door.verify(id, wrong(code, by)))
      yield* door.refused(accountId, door.verify(first.id, "12"), 400, "validation_failed")
      yield* door.refused(accountId, door.verify(first.id, code), 429, "rate_limited")
      yield* door.refused(accountId, door.verify(id, code), 429, "too_many_attempts")
    })
  )

  it.effect("S-35: state and grant are told before the budget of sends; a refusal leaves the grant usable", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, phone } = yield* door.anAccount()
      for (let sends = 0; sends < 10; sends++) {
        yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      }
      yield* door.refused(accountId, setUp(door, accountId, { method: "EMAIL" }), 429, "rate_limited")
      const sms = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
      yield* door.answerRightly(sms.id, phone)

      yield* door.refused(accountId, setUp(door, accountId, { method: "EMAIL" }), 409, "already_enabled")
      yield* door.refused(accountId, change(door, accountId, { method: "EMAIL" }), 403, "step_up_required")
      const grant = yield* door.grantOf(accountId, phone)
      const over = yield* door.refused(
        accountId,
        change(door, accountId, { method: "EMAIL", grant }),
        429,
        "rate_limited"
      )
      assert.isAbove(Number(member(over, "retryAfter")), 3600)
      const disabled = yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
      assert.strictEqual(disabled.status, 200)
    })
  )
})
