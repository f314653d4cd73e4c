import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { resend } from "../../src/account/resend.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readChallenge } from "../../src/account/status.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import { anAccount, asPortal, codeOf, everythingOf, password, rekey, wrong, wrongPassword } from "../kit/core.ts"
import {
  answerRightly,
  codeOfRefusal,
  delaysPass,
  eventsOf,
  lettersOf,
  protectedBy,
  signInChallenge,
  waitPasses
} from "../kit/stories.ts"

const refusalOf = <A, E extends { readonly code: string }, R>(asked: Effect.Effect<A, E, R>) =>
  Effect.match(asked, {
    onFailure: (refusal) => ({
      code: refusal.code,
      retryAfter: "retryAfter" in refusal ? refusal.retryAfter : 0
    }),
    onSuccess: () => ({ code: "done", retryAfter: 0 })
  })

layer(rekey())("budgets", (it) => {
  it.effect("S-36: wrong passwords delay from the fifth in a row, 30 s doubling to 15 min, and never lock", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const waits: Array<number> = []
      for (let attempt = 1; attempt <= 11; attempt++) {
        assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password: wrongPassword })), "password_incorrect")
        const next = yield* refusalOf(signIn({ accountId, password }))
        if (attempt < 5) {
          assert.strictEqual(next.code, "done")
          const sql = yield* SqlClient.SqlClient
          yield* sql`update accounts set password_failures = ${attempt} where account_id = ${accountId}`
        } else {
          assert.strictEqual(next.code, "rate_limited")
          waits.push(next.retryAfter as number)
          yield* delaysPass(accountId)
        }
      }
      assert.deepStrictEqual(waits, [30, 60, 120, 240, 480, 900, 900])
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password })), "done")
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password: wrongPassword })), "password_incorrect")
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password })), "done")
    }).pipe(asPortal())
  )

  it.effect("S-36: no code is sent, judged or burnt without the password", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const { id } = yield* signInChallenge(accountId)
      yield* signIn({ accountId, password: wrongPassword }).pipe(Effect.flip)
      assert.strictEqual((yield* readChallenge(id)).status, "open")
      assert.strictEqual((yield* lettersOf(accountId)).length, 1)
      assert.strictEqual((yield* answerRightly({ id })).status, "signed-in")
    }).pipe(asPortal())
  )

  it.effect("S-38: a hundred wrong passwords at once, with the right one among them: at most five are judged", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const answers = yield* Effect.forEach(
        Array.from({ length: 60 }, (_, place) => (place === 50 ? password : wrongPassword)),
        (guess) => codeOfRefusal(signIn({ accountId, password: guess })),
        { concurrency: "unbounded" }
      )
      const events = yield* eventsOf(accountId)
      const judged = answers.filter((answer) => answer === "password_incorrect").length
      assert.isAtMost(judged, 5)
      assert.strictEqual(events.filter(({ type }) => type === "password.rejected").length, judged)
    }).pipe(asPortal())
  )

  it.effect("S-33: thirty wrong passwords an hour from one source, over all accounts", () =>
    Effect.gen(function* () {
      const source = "192.0.2.7"
      const accounts = yield* Effect.forEach(Array.from({ length: 8 }), () => anAccount())
      const sql = yield* SqlClient.SqlClient
      for (let guess = 0; guess < 30; guess++) {
        const accountId = accounts[guess % 8] ?? accounts[0]
        if (accountId === undefined) return
        const answer = yield* codeOfRefusal(signIn({ accountId, password: wrongPassword })).pipe(asPortal({ source }))
        assert.strictEqual(answer, "password_incorrect")
      }
      const [accountId] = accounts
      if (accountId === undefined) return
      const before = yield* everythingOf(accountId)
      const asked = signIn({ accountId, password })
      assert.strictEqual(yield* codeOfRefusal(asked).pipe(asPortal({ source })), "rate_limited")
      assert.strictEqual(yield* everythingOf(accountId), before)
      assert.strictEqual(yield* codeOfRefusal(asked).pipe(asPortal({ source: "192.0.2.8" })), "done")
      const [row] = yield* sql<{ subjects: string }>`select string_agg(subject, ' ') as subjects from rate_limits`
      assert.notInclude(row?.subjects ?? "", source)
    }).pipe(asPortal())
  )

  it.effect("S-35: a resend waits 30 s, 60 s, 120 s, then 5 min, and five sends end a challenge", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const { id } = yield* signInChallenge(accountId)
      const waits: Array<number> = []
      for (let sends = 1; sends <= 4; sends++) {
        const early = yield* refusalOf(resend({ challengeId: id }))
        assert.strictEqual(early.code, "resend_too_soon")
        waits.push(early.retryAfter as number)
        yield* waitPasses(id)
        yield* resend({ challengeId: id })
      }
      yield* waitPasses(id)
      assert.deepStrictEqual(waits, [30, 60, 120, 300])
      const before = yield* everythingOf(accountId)
      assert.strictEqual(yield* codeOfRefusal(resend({ challengeId: id })), "rate_limited")
      assert.strictEqual(yield* everythingOf(accountId), before)
      assert.strictEqual((yield* lettersOf(accountId)).length, 5)
    }).pipe(asPortal())
  )

  it.effect("S-35: ten unanswered sends to an account and channel a day; a right code makes room again", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      for (let sends = 0; sends < 9; sends++) yield* signInChallenge(accountId)
      const tenth = yield* signInChallenge(accountId)
      const before = yield* everythingOf(accountId)
      const refusal = yield* refusalOf(stepUp({ accountId }))
      assert.strictEqual(refusal.code, "rate_limited")
      assert.isAbove(refusal.retryAfter as number, 86_000)
      assert.strictEqual(yield* everythingOf(accountId), before)
      yield* answerRightly(tenth)
      assert.strictEqual(yield* codeOfRefusal(stepUp({ accountId })), "done")
    }).pipe(asPortal())
  )

  it.effect("S-33: twenty unanswered sends to one destination a day, over all accounts, also at once", () =>
    Effect.gen(function* () {
      const destination = "+60125557777"
      const accounts = yield* Effect.forEach(Array.from({ length: 30 }), () => anAccount())
      const answers = yield* Effect.forEach(
        accounts,
        (accountId) => codeOfRefusal(setUp({ accountId, method: "SMS", password, destination })),
        { concurrency: "unbounded" }
      )
      const sql = yield* SqlClient.SqlClient
      const [row] = yield* sql<{
        count: number
      }>`select count(*)::int as count from outbox where address = ${destination}`
      assert.strictEqual(row?.count, answers.filter((answer) => answer === "done").length)
      assert.isAtMost(row?.count ?? 99, 20)
      for (const accountId of accounts) yield* Effect.exit(setUp({ accountId, method: "SMS", password, destination }))
      const [after] = yield* sql<{
        count: number
      }>`select count(*)::int as count from outbox where address = ${destination}`
      assert.strictEqual(after?.count, 20)
    }).pipe(asPortal())
  )

  it.effect("S-37: wrong codes of set-up are counted for the account, never against the method in force", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const bad = wrong(yield* codeOf(id))
      for (let tries = 0; tries < 5; tries++) yield* Effect.flip(verify({ challengeId: id, code: bad }))
      assert.strictEqual(yield* codeOfRefusal(setUp({ accountId, method: "EMAIL", password })), "rate_limited")
      yield* delaysPass(accountId)
      const sql = yield* SqlClient.SqlClient
      yield* sql`update accounts set enrolment_failures = 49 where account_id = ${accountId}`
      const next = yield* setUp({ accountId, method: "EMAIL", password })
      yield* Effect.flip(verify({ challengeId: next.id, code: wrong(yield* codeOf(next.id)) }))
      const refusal = yield* refusalOf(setUp({ accountId, method: "EMAIL", password }))
      assert.strictEqual(refusal.code, "rate_limited")
      assert.isAbove(refusal.retryAfter as number, 86_000)
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password })), "done")
    }).pipe(asPortal())
  )
})
