import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { FrontDoor, member, password, refusal, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { eventually } from "../kit/process.ts"
import { type Case, type Door, settingUp, sql, suspended, two } from "../kit/situations.ts"
import { challengeLapses, codeLapses, waitPasses } from "../kit/stories.ts"

const cases: ReadonlyArray<Case> = [
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
  ]
]

layer(FrontDoor.layer(), { excludeTestServices: true })("codes and challenges over HTTP", (it) => {
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

  it.effect("a fault of ours is 500 and quotes nothing; a database that does not take part is 503", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount({ twoFactor: "EMAIL" })
      yield* sql((db) => db`update enrolments set method = 'PIGEON' where account_id = ${accountId}`)
      const broken = yield* door.call("GET", door.of(accountId, "/two-factor"))
      assert.notInclude(refusal(broken, 500, "internal_error", door.base).text, "PIGEON")
      yield* sql((db) => db`update enrolments set method = 'EMAIL' where account_id = ${accountId}`)
      yield* sql((db) => db`alter table challenges rename to challenges_away`)
      const away = yield* door.post(door.of(accountId, "/sign-in"), { password })
      yield* sql((db) => db`alter table challenges_away rename to challenges`)
      refusal(away, 503, "unavailable", door.base)
      yield* door.started(door.of(accountId, "/sign-in"), { password })
    })
  )
})
