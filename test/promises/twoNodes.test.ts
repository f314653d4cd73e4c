import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { verify } from "../../src/account/verify.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { anAccount, anotherNode, asPortal, codeOf, password, rekey, wrong, wrongPassword } from "../kit/core.ts"
import { codeOfRefusal, eventsOf, freshGrant, protectedBy, signInChallenge } from "../kit/stories.ts"

/** Runs each alternately here and on another node, all at once. */
const onBothNodes = Effect.fn(function* <A, E, R>(times: number, asked: (place: number) => Effect.Effect<A, E, R>) {
  const other = yield* anotherNode()
  return yield* Effect.forEach(
    Array.from({ length: times }, (_, place) => place),
    (place) => (place % 2 === 0 ? asked(place) : Effect.provide(asked(place), other)),
    { concurrency: "unbounded" }
  )
}, Effect.scoped)

layer(rekey())("two actors for one account, on two nodes", (it) => {
  it.effect("S-18: of fifty right codes at once exactly one is accepted", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const code = yield* codeOf(id)
      const answers = yield* onBothNodes(50, () => codeOfRefusal(verify({ challengeId: id, code })))
      assert.strictEqual(answers.filter((answer) => answer === "done").length, 1)
      const sql = yield* SqlClient.SqlClient
      assert.strictEqual((yield* sql`select 1 from enrolments where account_id = ${accountId}`).length, 1)
    }).pipe(asPortal())
  )

  it.effect("S-20, S-38: at most five wrong codes are judged, and each judged one is counted", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      const { id } = yield* signInChallenge(accountId)
      const code = wrong(yield* codeOf(id))
      const answers = yield* onBothNodes(40, () => codeOfRefusal(verify({ challengeId: id, code })))
      const judged = answers.filter((answer) => answer === "code_incorrect").length
      const sql = yield* SqlClient.SqlClient
      const [row] = yield* sql<{ tries: number; failures: number }>`
        select tries, failures from challenges join enrolments using (account_id) where challenges.id = ${id}::uuid`
      assert.isAtMost(judged, 5)
      assert.deepStrictEqual(row, { tries: 5, failures: 5 })
      const rejected = (yield* eventsOf(accountId)).filter(({ type }) => type === "code.rejected")
      assert.strictEqual(rejected.length, 5)
    }).pipe(asPortal())
  )

  it.effect("S-38: at most five wrong passwords are judged", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const answers = yield* onBothNodes(30, () => codeOfRefusal(signIn({ accountId, password: wrongPassword })))
      assert.isAtMost(answers.filter((answer) => answer === "password_incorrect").length, 5)
      const rejected = (yield* eventsOf(accountId)).filter(({ type }) => type === "password.rejected")
      assert.isAtMost(rejected.length, 5)
    }).pipe(asPortal())
  )

  it.effect("S-08: a grant that both nodes spend at once begins one change", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = yield* freshGrant(accountId)
      const answers = yield* onBothNodes(12, () =>
        codeOfRefusal(changeMethod({ accountId, method: "EMAIL", password, grant }))
      )
      assert.strictEqual(answers.filter((answer) => answer === "done").length, 1)
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
    }).pipe(asPortal())
  )

  it.effect("S-15: the same Idempotency-Key on both nodes has one effect and one answer", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const idempotency = [{ scope: "5a".repeat(32), body: "bb".repeat(32) }]
      const answers = yield* onBothNodes(8, () =>
        Effect.map(setUp({ accountId, method: "EMAIL", password }), ({ id }) => id).pipe(asPortal({ idempotency }))
      )
      assert.strictEqual(new Set(answers).size, 1)
      const requested = (yield* eventsOf(accountId)).filter(({ type }) => type === "code.requested")
      assert.strictEqual(requested.length, 1)
    }).pipe(asPortal())
  )

  it.effect("S-79: the chain of an account that both nodes wrote to is whole", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      yield* onBothNodes(20, () => codeOfRefusal(signIn({ accountId, password })))
      const audit = yield* AuditTrail
      const whole = yield* audit.verify(accountId)
      assert.strictEqual(whole._tag, "Success")
    }).pipe(asPortal())
  )
})
