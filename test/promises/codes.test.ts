import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { resend } from "../../src/account/resend.ts"
import { setUp } from "../../src/account/setUp.ts"
import { readChallenge, readTwoFactor } from "../../src/account/status.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import { anAccount, asPortal, codeOf, everythingOf, password, rekey, wrong } from "../kit/core.ts"
import {
  answerRightly,
  codeLapses,
  delaysPass,
  enrol,
  eventsOf,
  freshGrant,
  lettersOf,
  protectedBy,
  signInChallenge,
  waitPasses
} from "../kit/stories.ts"

/** Guesses wrongly so often; answers what the refusals were. */
const guessWrongly = Effect.fn(function* (challengeId: Parameters<typeof codeOf>[0], times: number) {
  const bad = wrong(yield* codeOf(challengeId))
  return yield* Effect.forEach(Array.from({ length: times }), () =>
    Effect.map(Effect.flip(verify({ challengeId, code: bad })), (refusal) =>
      "attemptsRemaining" in refusal ? [refusal.code, refusal.attemptsRemaining] : [refusal.code]
    )
  )
}, asPortal())

layer(rekey())("one-time codes", (it) => {
  it.effect("S-13: a code fits no other account, purpose, method or destination", () =>
    Effect.gen(function* () {
      const [mine, yours] = [yield* protectedBy("EMAIL"), yield* protectedBy("EMAIL")]
      const grant = yield* freshGrant(mine)
      const signIn = yield* signInChallenge(mine)
      const step = yield* stepUp({ accountId: mine })
      const change = yield* changeMethod({ accountId: mine, method: "SMS", password, grant })
      const others = yield* Effect.forEach([signIn, step, change, yield* signInChallenge(yours)], ({ id }) =>
        codeOf(id)
      )
      assert.strictEqual(new Set(others.map(Redacted.value)).size, 4)
      const [ofSignIn] = others
      assert.isDefined(ofSignIn)
      const refusal = yield* Effect.flip(verify({ challengeId: change.id, code: ofSignIn ?? password }))
      assert.strictEqual(refusal.code, "code_incorrect")
    }).pipe(asPortal())
  )

  it.effect("S-12: another destination is another challenge, and kills the code of the first", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const first = yield* setUp({ accountId, method: "SMS", password, destination: "+60125559001" })
      const code = yield* codeOf(first.id)
      yield* setUp({ accountId, method: "SMS", password, destination: "+60125559002" })
      const refusal = yield* Effect.flip(verify({ challengeId: first.id, code }))
      assert.strictEqual(refusal.code, "challenge_closed")
      assert.strictEqual((yield* readChallenge(first.id)).status, "superseded")
      assert.strictEqual((yield* readTwoFactor(accountId)).status, "disabled")
    }).pipe(asPortal())
  )

  it.effect("S-18: of fifty right codes at once exactly one is accepted", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const code = yield* codeOf(id)
      const answers = yield* Effect.forEach(
        Array.from({ length: 50 }),
        () => Effect.match(verify({ challengeId: id, code }), { onFailure: (r) => r.code, onSuccess: (o) => o.status }),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(answers.filter((answer) => answer === "enabled").length, 1)
      assert.strictEqual(answers.filter((answer) => answer === "challenge_closed").length, 49)
      const events = yield* eventsOf(accountId)
      assert.strictEqual(events.filter(({ type }) => type === "method.enabled").length, 1)
    }).pipe(asPortal())
  )

  it.effect("S-19: a resend while the code lives sends the same code and touches neither its end nor the tries", () =>
    Effect.gen(function* () {
      const challenge = yield* signInChallenge(yield* protectedBy("EMAIL"))
      const before = yield* codeOf(challenge.id)
      yield* guessWrongly(challenge.id, 2)
      yield* waitPasses(challenge.id)
      const again = yield* resend({ challengeId: challenge.id })
      assert.strictEqual(Redacted.value(yield* codeOf(challenge.id)), Redacted.value(before))
      assert.deepStrictEqual(again.expiresAt, challenge.expiresAt)
      assert.strictEqual(again.attemptsRemaining, 3)
    }).pipe(asPortal())
  )

  it.effect("S-19: after the code has lapsed a resend sends another one, and the old one is dead", () =>
    Effect.gen(function* () {
      const challenge = yield* signInChallenge(yield* protectedBy("EMAIL"))
      const old = yield* codeOf(challenge.id)
      yield* codeLapses(challenge.id)
      assert.strictEqual((yield* Effect.flip(verify({ challengeId: challenge.id, code: old }))).code, "code_expired")
      const again = yield* resend({ challengeId: challenge.id })
      assert.strictEqual(again.attemptsRemaining, 5)
      assert.notStrictEqual(Redacted.value(yield* codeOf(challenge.id)), Redacted.value(old))
      assert.strictEqual((yield* Effect.flip(verify({ challengeId: challenge.id, code: old }))).code, "code_incorrect")
      assert.strictEqual((yield* answerRightly(challenge)).status, "signed-in")
    }).pipe(asPortal())
  )

  it.effect("S-20: tries count down to 0, and then even the right code is refused", () =>
    Effect.gen(function* () {
      const { id } = yield* signInChallenge(yield* protectedBy("EMAIL"))
      const right = yield* codeOf(id)
      const refusals = yield* guessWrongly(id, 5)
      assert.deepStrictEqual(
        refusals,
        [4, 3, 2, 1, 0].map((left) => ["code_incorrect", left])
      )
      assert.strictEqual((yield* Effect.flip(verify({ challengeId: id, code: right }))).code, "too_many_attempts")
      assert.strictEqual((yield* Effect.flip(resend({ challengeId: id }))).code, "challenge_closed")
    }).pipe(asPortal())
  )

  it.effect("S-20: of a hundred wrong codes at once, with the right one among them, at most five are judged", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      const { id } = yield* signInChallenge(accountId)
      const right = yield* codeOf(id)
      const bad = wrong(right)
      const answers = yield* Effect.forEach(
        Array.from({ length: 101 }, (_, place) => (place === 70 ? right : bad)),
        (code) =>
          Effect.match(verify({ challengeId: id, code }), { onFailure: (r) => r.code, onSuccess: (o) => o.status }),
        { concurrency: "unbounded" }
      )
      const judged = answers.filter((answer) => answer === "code_incorrect" || answer === "signed-in")
      assert.isAtMost(judged.length, 5)
      const events = yield* eventsOf(accountId)
      assert.strictEqual(
        events.filter(({ type }) => type === "code.rejected").length,
        answers.filter((a) => a === "code_incorrect").length
      )
    }).pipe(asPortal())
  )

  it.effect(
    "S-21: failures survive a resend, a new challenge and another purpose; every fifth makes everybody wait",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("EMAIL")
        const first = yield* signInChallenge(accountId)
        yield* guessWrongly(first.id, 2)
        const second = yield* signInChallenge(accountId)
        yield* guessWrongly(second.id, 2)
        const third = yield* stepUp({ accountId })
        const right = yield* codeOf(third.id)
        yield* guessWrongly(third.id, 1)
        const refusal = yield* Effect.flip(verify({ challengeId: third.id, code: right }))
        assert.strictEqual(refusal.code, "rate_limited")
        assert.strictEqual("retryAfter" in refusal ? refusal.retryAfter : 0, 30)
        assert.strictEqual((yield* Effect.flip(stepUp({ accountId }))).code, "rate_limited")
        yield* delaysPass(accountId)
        assert.strictEqual((yield* answerRightly(third)).status, "stepped-up")
        const sql = yield* SqlClient.SqlClient
        const [row] = yield* sql<{ failures: number }>`select failures from enrolments where account_id = ${accountId}`
        assert.strictEqual(row?.failures, 0)
      }).pipe(asPortal())
  )

  it.effect("S-21: the waits are 30 s, 1 min, 5 min, 15 min, then 1 h", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      const waits: Array<number> = []
      for (let round = 0; round < 6; round++) {
        const { id } = yield* signInChallenge(accountId)
        yield* guessWrongly(id, 5)
        const refusal = yield* Effect.flip(stepUp({ accountId }))
        waits.push("retryAfter" in refusal ? refusal.retryAfter : 0)
        yield* delaysPass(accountId)
      }
      assert.deepStrictEqual(waits, [30, 60, 300, 900, 3600, 3600])
    }).pipe(asPortal())
  )

  it.effect(
    "S-22: fifty wrong codes suspend the method; it still protects, nothing is sent, and every address is told",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        const sql = yield* SqlClient.SqlClient
        yield* sql`update enrolments set failures = 49 where account_id = ${accountId}`
        const { id } = yield* signInChallenge(accountId)
        const right = yield* codeOf(id)
        yield* guessWrongly(id, 1)
        const now = yield* readTwoFactor(accountId)
        assert.strictEqual(now.status, "enabled")
        assert.strictEqual(now.lock?.reason, "too_many_failures")
        assert.strictEqual((yield* Effect.flip(verify({ challengeId: id, code: right }))).code, "method_suspended")
        const before = yield* everythingOf(accountId)
        assert.strictEqual((yield* Effect.flip(stepUp({ accountId }))).code, "method_suspended")
        assert.strictEqual(yield* everythingOf(accountId), before)
        const told = (yield* lettersOf(accountId))
          .filter(({ tag }) => tag === "suspended")
          .map(({ channel }) => channel)
        assert.deepStrictEqual(told.toSorted(), ["email", "sms"])
      }).pipe(asPortal())
  )

  it.effect("S-24: a right password clears no failure of the second factor", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      yield* guessWrongly((yield* signInChallenge(accountId)).id, 4)
      const { id } = yield* signInChallenge(accountId)
      yield* guessWrongly(id, 1)
      assert.strictEqual((yield* Effect.flip(stepUp({ accountId }))).code, "rate_limited")
    }).pipe(asPortal())
  )

  const pasted = ["{c}", " {c} ", "Your code: {c}", "{a} {b}", "{a}-{b}", "{wide}"]
  for (const shape of pasted) {
    it.effect(`S-25: a code pasted as "${shape}" is accepted`, () =>
      Effect.gen(function* () {
        const { id } = yield* signInChallenge(yield* protectedBy("EMAIL"))
        const code = Redacted.value(yield* codeOf(id))
        const wide = code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
        const text = shape
          .replace("{c}", code)
          .replace("{a}", code.slice(0, 3))
          .replace("{b}", code.slice(3))
          .replace("{wide}", wide)
        assert.strictEqual((yield* verify({ challengeId: id, code: Redacted.make(text) })).status, "signed-in")
      }).pipe(asPortal())
    )
  }

  for (const malformed of ["", "   ", "12345", "1234567", "abcdef", "9".repeat(10_000), "①②③④⑤⑥", "12345\u0000"]) {
    it.effect(`S-25: ${JSON.stringify(malformed.slice(0, 20))} is malformed, costs no try and changes nothing`, () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("EMAIL")
        const { id } = yield* signInChallenge(accountId)
        const before = yield* everythingOf(accountId)
        const refusal = yield* Effect.flip(verify({ challengeId: id, code: Redacted.make(malformed) }))
        assert.strictEqual(refusal.code, "validation_failed")
        assert.strictEqual(yield* everythingOf(accountId), before)
      }).pipe(asPortal())
    )
  }

  it.effect("S-27: the code of an open challenge is nowhere in the database", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const challenge = yield* setUp({ accountId, method: "EMAIL", password })
      const code = Redacted.value(yield* codeOf(challenge.id))
      const dump = yield* everythingOf(accountId)
      // Digits of times and numbers may hold any six digits by chance; a code stands alone.
      assert.notMatch(dump, new RegExp(`(?<![0-9.a-f-])${code}(?![0-9a-f])`))
      assert.notInclude(dump, Redacted.value(password))
    }).pipe(asPortal())
  )

  it.effect("S-11: a method that is being set up protects nothing, and giving up leaves no trace in the methods", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      yield* setUp({ accountId, method: "EMAIL", password })
      const now = yield* readTwoFactor(accountId)
      assert.strictEqual(now.status, "disabled")
      assert.deepStrictEqual(now.methods, [])
      assert.strictEqual(now.pending?.purpose, "setup")
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`select 1 from enrolments where account_id = ${accountId}`, [])
      assert.strictEqual((yield* enrol(accountId, "EMAIL")).status, "enabled")
    }).pipe(asPortal())
  )
})
