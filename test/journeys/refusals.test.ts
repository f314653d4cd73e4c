import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { type Answer, FrontDoor, member, password, refusal, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { eventually, keys } from "../kit/process.ts"
import { challengeLapses, codeLapses, waitPasses } from "../kit/stories.ts"

type Door = FrontDoor["Service"]

/** A situation, and the call that is refused in it. */
type Case = (
  door: Door
) => Effect.Effect<{ readonly accountId: string; readonly asked: Effect.Effect<Answer> }, never, SqlClient.SqlClient>

const sql = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
  Effect.orDie(SqlClient.SqlClient.use(statement))

const suspended = Effect.fnUntraced(function* (door: Door) {
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
  yield* sql((db) => db`update enrolments set suspended_at = now(), failures = 50 where account_id = ${accountId}`)
  return { accountId, id, email }
})

const reported = Effect.fnUntraced(function* (door: Door) {
  const account = yield* door.anAccount({ twoFactor: "EMAIL" })
  yield* sql((db) => db`update accounts set reported_at = now() where account_id = ${account.accountId}`)
  return account
})

/** An account whose set-up waits for its code. */
const settingUp = Effect.fnUntraced(function* (door: Door) {
  const { accountId, email } = yield* door.anAccount()
  const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
  const code = yield* door.codeOf(id, email)
  return { accountId, id, code }
})

const two = (door: Door, accountId: string, what: string, body: object = {}) =>
  door.post(door.of(accountId, `/two-factor/${what}`), { password, ...body })

const cases: ReadonlyArray<readonly [what: string, status: number, code: string, situation: Case]> = [
  [
    "disable without a grant",
    403,
    "step_up_required",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "disable") }
    })
  ],
  [
    "change with the grant of somebody else",
    403,
    "grant_invalid",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      const other = yield* door.anAccount({ twoFactor: "SMS" })
      const grant = yield* door.grantOf(other.accountId, other.phone)
      return { accountId, asked: two(door, accountId, "change", { method: "EMAIL", grant }) }
    })
  ],
  [
    "disable with a grant that is none",
    403,
    "grant_invalid",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "disable", { grant: "0.0" }) }
    })
  ],
  [
    "set-up where a method is on",
    409,
    "already_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "setup", { method: "EMAIL" }) }
    })
  ],
  [
    "disable where none is on",
    409,
    "already_disabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: two(door, accountId, "disable") }
    })
  ],
  [
    "change where none is on",
    409,
    "not_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: two(door, accountId, "change", { method: "EMAIL" }) }
    })
  ],
  [
    "step-up where none is on",
    409,
    "not_enabled",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/step-up")) }
    })
  ],
  [
    "change to what is in force",
    409,
    "same_method",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
      return { accountId, asked: two(door, accountId, "change", { method: "SMS" }) }
    })
  ],
  ...(["sign-in", "step-up", "setup", "change", "disable"] as const).map(
    (what) =>
      [
        `${what} with a suspended method`,
        403,
        "method_suspended",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId } = yield* suspended(door)
          const path = door.of(accountId, what === "sign-in" || what === "step-up" ? `/${what}` : `/two-factor/${what}`)
          const body = {
            ...(what === "step-up" ? {} : { password }),
            ...(what === "setup" || what === "change" ? { method: "SMS" } : {})
          }
          return { accountId, asked: door.post(path, body) }
        })
      ] as const
  ),
  [
    "verify of a sign-in with a suspended method",
    403,
    "method_suspended",
    Effect.fnUntraced(function* (door) {
      const { accountId, id } = yield* suspended(door)
      return { accountId, asked: door.verify(id, "123456") }
    })
  ],
  [
    "resend with a suspended method",
    403,
    "method_suspended",
    Effect.fnUntraced(function* (door) {
      const { accountId, id } = yield* suspended(door)
      return { accountId, asked: door.post(`/v1/challenges/${id}/resend`) }
    })
  ],
  ...(["change", "disable"] as const).map(
    (what) =>
      [
        `${what} where the owner has reported it`,
        403,
        "protection_reported",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId } = yield* reported(door)
          return { accountId, asked: two(door, accountId, what, what === "change" ? { method: "SMS" } : {}) }
        })
      ] as const
  ),
  [
    "a right code that has expired",
    410,
    "code_expired",
    Effect.fnUntraced(function* (door) {
      const { accountId, id, code } = yield* settingUp(door)
      yield* Effect.orDie(codeLapses((yield* door.challenge(id)).id))
      return { accountId, asked: door.verify(id, code) }
    })
  ],
  [
    "a right code of a challenge that has expired",
    410,
    "challenge_closed",
    Effect.fnUntraced(function* (door) {
      const { accountId, id, code } = yield* settingUp(door)
      yield* Effect.orDie(challengeLapses((yield* door.challenge(id)).id))
      return { accountId, asked: door.verify(id, code) }
    })
  ],
  [
    "cancelling what has succeeded",
    410,
    "challenge_closed",
    Effect.fnUntraced(function* (door) {
      const { accountId, id, code } = yield* settingUp(door)
      yield* door.verify(id, code)
      return { accountId, asked: door.call("DELETE", `/v1/challenges/${id}`) }
    })
  ],
  ...["", "12345", "1234567", "none", "٤٨٢٩١٣"].map(
    (code) =>
      [
        `the malformed code "${code}"`,
        400,
        "validation_failed",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId, id } = yield* settingUp(door)
          return { accountId, asked: door.verify(id, code) }
        })
      ] as const
  ),
  ...[null, 123456, ["123456"], { code: "123456" }, "1".repeat(10_000)].map(
    (code) =>
      [
        `a code that is ${JSON.stringify(code).slice(0, 20)}`,
        400,
        "validation_failed",
        Effect.fnUntraced(function* (door: Door) {
          const { accountId, id } = yield* settingUp(door)
          return { accountId, asked: door.post(`/v1/challenges/${id}/verify`, { code }) }
        })
      ] as const
  ),
  [
    "a resend before its time",
    429,
    "resend_too_soon",
    Effect.fnUntraced(function* (door) {
      const { accountId, id } = yield* settingUp(door)
      return { accountId, asked: door.post(`/v1/challenges/${id}/resend`) }
    })
  ],
  [
    "an ip that is none",
    400,
    "validation_failed",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      const body = { password, client: { ip: "203.0.113.999" } }
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), body) }
    })
  ],
  [
    "a portal key of another role",
    403,
    "forbidden",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password }, { key: keys.support }) }
    })
  ],
  [
    "no key at all",
    401,
    "unauthorized",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password }, { key: null }) }
    })
  ],
  [
    "a method that is not there",
    405,
    "method_not_allowed",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.call("PATCH", door.of(accountId)) }
    })
  ],
  [
    "a body of more than 16 KiB",
    413,
    "payload_too_large",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), { password: "p".repeat(16_400) }) }
    })
  ],
  [
    "a form",
    415,
    "unsupported_media_type",
    Effect.fnUntraced(function* (door) {
      const { accountId } = yield* door.anAccount()
      const headers = { "content-type": "application/x-www-form-urlencoded" }
      return { accountId, asked: door.post(door.of(accountId, "/sign-in"), `password=${password}`, { headers }) }
    })
  ]
]

layer(FrontDoor.layer(), { excludeTestServices: true })("refusals over HTTP", (it) => {
  it.effect.each(cases)("%s: %s %s, and nothing changed", ([, status, code, situation]) =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, asked } = yield* situation(door)
      yield* door.refused(accountId, asked, status, code)
    })
  )

  it.effect("a wrong password and a wrong code are counted and told, and change nothing else", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, id, code } = yield* settingUp(door)
      const before = yield* door.twoFactor(accountId)
      const badly = yield* door.post(door.of(accountId, "/sign-in"), { password: wrongPassword })
      refusal(badly, 403, "password_incorrect", door.base)
      for (const left of [4, 3, 2, 1, 0]) {
        const answer = refusal(yield* door.verify(id, wrong(code)), 422, "code_incorrect", door.base)
        assert.strictEqual(member(answer, "attemptsRemaining"), left)
      }
      const late = refusal(yield* door.verify(id, code), 429, "too_many_attempts", door.base)
      assert.strictEqual(member(late, "attemptsRemaining"), 0)
      const resent = refusal(yield* door.post(`/v1/challenges/${id}/resend`), 410, "challenge_closed", door.base)
      assert.strictEqual(member(resent, "challengeStatus"), "exhausted")
      refusal(yield* two(door, accountId, "setup", { method: "EMAIL" }), 429, "rate_limited", door.base)
      const after = yield* door.twoFactor(accountId)
      assert.deepStrictEqual({ ...after, pending: null, allowed: [] }, { ...before, pending: null, allowed: [] })
      const story = (yield* door.events(accountId)).map(({ type }) => type)
      assert.lengthOf(
        story.filter((type) => type === "code.rejected"),
        5
      )
      assert.lengthOf(
        story.filter((type) => type === "password.rejected"),
        1
      )
    })
  )

  it.effect("S-19: a resend carries the same code while it lives, a new one afterwards; the old one is dead", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, email } = yield* door.anAccount()
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const first = yield* door.codeOf(id, email)
      const again = (wanted: number) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* door.post(`/v1/challenges/${id}/resend`)).status, 202)
          return yield* eventually(
            Effect.map(door.inbox(email), (all) => (all.length === wanted ? all[0]?.text : undefined)),
            "the code again"
          )
        })
      yield* waitPasses((yield* door.challenge(id)).id)
      assert.include((yield* again(2)).replaceAll(" ", ""), first)
      yield* codeLapses((yield* door.challenge(id)).id)
      yield* again(3)
      const second = yield* door.codeOf(id, email)
      assert.notStrictEqual(second, first)
      refusal(yield* door.verify(id, first), 422, "code_incorrect", door.base)
      assert.strictEqual((yield* door.verify(id, `Your code: ${second.slice(0, 3)}-${second.slice(3)}`)).status, 200)
    })
  )

  it.effect("S-54: unknown accounts and challenges, and whatever is no id, are 404", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const unknown = "00000000-0000-4000-8000-000000000000"
      const calls: ReadonlyArray<readonly [method: string, path: string, body?: object]> = [
        ["GET", door.of("unknown")],
        ["DELETE", door.of("unknown")],
        ["GET", door.of("unknown", "/two-factor")],
        ["GET", door.of("unknown", "/events")],
        ["POST", door.of("unknown", "/sign-in"), { password }],
        ["POST", door.of("unknown", "/step-up"), {}],
        ["POST", door.of("unknown", "/two-factor/disable"), { password }],
        ["POST", door.of("unknown", "/two-factor/setup"), { password, method: "EMAIL" }],
        ["POST", door.of("unknown", "/two-factor/change"), { password, method: "EMAIL" }],
        ...[unknown, "no-id", "%27--"].flatMap((id): Array<readonly [string, string, object?]> => [
          ["GET", `/v1/challenges/${id}`],
          ["DELETE", `/v1/challenges/${id}`],
          ["POST", `/v1/challenges/${id}/verify`, { code: "123456" }],
          ["POST", `/v1/challenges/${id}/resend`, {}]
        ]),
        ["GET", "/v1/nothing"],
        ["GET", "/nothing"]
      ]
      for (const [method, path, body] of calls) {
        refusal(yield* door.call(method, path, body === undefined ? {} : { body }), 404, "not_found", door.base)
      }
    })
  )

  it.effect("a page under another host is misdirected; every problem has a readable page", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const at127 = new URL(door.base)
      at127.hostname = "127.0.0.1"
      refusal(yield* door.call("GET", `${at127.origin}/dev/inbox`, { key: null }), 421, "misdirected", door.base)
      for (const code of ["code_incorrect", "misdirected", "rate_limited"]) {
        const page = yield* door.call("GET", `/problems/${code}`, { key: null })
        assert.strictEqual(page.status, 200)
        assert.include(page.headers.get("content-type") ?? "", "text/html")
      }
    })
  )

  it.effect("a fault of ours is 500 and quotes nothing; a database that does not take part is 503", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId, id, code } = yield* settingUp(door)
      yield* sql((db) => db`update challenges set key_id = 'gone' where id = ${id}::uuid`)
      const broken = refusal(yield* door.verify(id, code), 500, "internal_error", door.base)
      assert.notInclude(broken.text, "gone")
      yield* sql((db) => db`alter table challenges rename to challenges_away`)
      const away = yield* door.post(door.of(accountId, "/sign-in"), { password })
      yield* sql((db) => db`alter table challenges_away rename to challenges`)
      refusal(away, 503, "unavailable", door.base)
      assert.strictEqual((yield* door.post(door.of(accountId, "/sign-in"), { password })).status, 200)
    })
  )
})
