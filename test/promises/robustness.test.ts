import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { deleteAccount } from "../../src/account/deleteAccount.ts"
import { disable } from "../../src/account/disable.ts"
import { importAccount } from "../../src/account/importAccount.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import { AccountId } from "../../src/domain/ids.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import {
  anAccount,
  anotherNode,
  asPortal,
  codeOf,
  everythingOf,
  password,
  rekey,
  ringOf,
  wrongPassword
} from "../kit/core.ts"
import { codeOfRefusal, eventsOf, freshGrant, lettersOf, protectedBy, signInChallenge } from "../kit/stories.ts"

const keyed = (scope: string) => ({ idempotency: [{ scope: scope.repeat(32), body: "bb".repeat(32) }] })

layer(rekey())("what a portal passes on", (it) => {
  for (const [what, userAgent] of [
    ["half a pair at the limit", `a${"😀".repeat(300)}`],
    ["half a pair", "\ud83d"],
    ["a line break", "Mozilla\r\nX"]
  ] as const) {
    it.effect(`S-23: a wrong password is counted and audited also with ${what} in the browser's name`, () =>
      Effect.gen(function* () {
        const accountId = yield* anAccount()
        const refusal = yield* codeOfRefusal(signIn({ accountId, password: wrongPassword }))
        assert.strictEqual(refusal, "password_incorrect")
        assert.include(
          (yield* eventsOf(accountId)).map(({ type }) => type),
          "password.rejected"
        )
      }).pipe(asPortal({ client: { userAgent } }))
    )
  }

  it.effect("S-37: wrong names cost a source as much as wrong passwords", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const answers = yield* Effect.forEach(
        Array.from({ length: 31 }, (_, place) => AccountId.make(`nobody-${place}`)),
        (nobody) => codeOfRefusal(signIn({ accountId: nobody, password: wrongPassword }))
      )
      assert.deepStrictEqual(new Set(answers), new Set(["not_found"]))
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password })), "rate_limited")
    }).pipe(asPortal({ source: "192.0.2.99" }))
  )
})

layer(rekey())("what is kept and what is forgotten", (it) => {
  it.effect("S-15: the answer of a verify is given again also when the account is gone by then", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const asked = verify({ challengeId: id, code: yield* codeOf(id) }).pipe(asPortal(keyed("e1")))
      const first = yield* asked
      const sql = yield* SqlClient.SqlClient
      yield* sql`delete from accounts where account_id = ${accountId}`
      assert.deepStrictEqual(yield* asked, first)
    }).pipe(asPortal())
  )

  it.effect("a deleted account leaves its audit trail, and notices on their way; nothing else", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* signInChallenge(accountId)
      yield* stepUp({ accountId }).pipe(asPortal(keyed("e2")))
      yield* deleteAccount(accountId)
      const sql = yield* SqlClient.SqlClient
      const waiting =
        yield* sql`select 1 from outbox where account_id = ${accountId} and state in ('queued', 'deferred')`
      const answers = yield* sql`select 1 from idempotency_keys where account_id = ${accountId}`
      assert.deepStrictEqual([waiting.length, answers.length], [0, 0])
      assert.strictEqual((yield* eventsOf(accountId)).at(-1)?.type, "account.deleted")
    }).pipe(asPortal())
  )

  it.effect("an account that is registered again continues its chain", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const accountId = yield* anAccount()
      yield* deleteAccount(accountId)
      yield* importAccount({ accountId, email: "again@customer.example", password })
      const types = (yield* eventsOf(accountId)).map(({ type }) => type)
      assert.deepStrictEqual(types, ["account.imported", "account.deleted", "account.imported"])
      assert.strictEqual((yield* audit.verify(accountId))._tag, "Success")
    }).pipe(asPortal())
  )

  it.effect("a reminder is due only while the account is still off, and goes to the address that it has then", () =>
    Effect.gen(function* () {
      const store = yield* TwoFactorStore
      const accountId = yield* protectedBy("SMS")
      const off = yield* disable({ accountId, password, grant: yield* freshGrant(accountId) })
      const at = new Date(off.changedAt.epochMilliseconds)
      yield* importAccount({ accountId, email: "moved@customer.example", password: wrongPassword })
      assert.deepStrictEqual(
        yield* store.unprotectedSince(accountId, at),
        Option.some({ email: "moved@customer.example" })
      )
      assert.deepStrictEqual(yield* store.unprotectedSince(accountId, new Date(at.getTime() + 1)), Option.none())
      const challenge = yield* setUp({ accountId, method: "EMAIL", password: wrongPassword })
      yield* verify({ challengeId: challenge.id, code: yield* codeOf(challenge.id) })
      assert.deepStrictEqual(yield* store.unprotectedSince(accountId, at), Option.none())
    }).pipe(asPortal())
  )

  it.effect("S-22: a code that waits for its sender is not sent once the method is suspended", () =>
    Effect.gen(function* () {
      const store = yield* TwoFactorStore
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const { id } = yield* signInChallenge(accountId)
      assert.isTrue(Option.isSome(yield* store.challengeToSend(id, 1)))
      yield* sql`update enrolments set suspended_at = now() where account_id = ${accountId}`
      assert.isTrue(Option.isNone(yield* store.challengeToSend(id, 1)))
    }).pipe(asPortal())
  )

  it.effect("a new number that the portal states gets no text that nobody asked for", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* importAccount({ accountId, phone: "+60125559876" })
      const told = (yield* lettersOf(accountId)).filter(({ tag }) => tag === "contact").map(({ address }) => address)
      assert.notInclude(told, "+60125559876")
      assert.strictEqual(told.length, 2)
    }).pipe(asPortal())
  )

  it.effect("400 comes before 409: a bad hash is named also where the method could not be changed", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const before = yield* everythingOf(accountId)
      const asked = { accountId, twoFactor: "EMAIL", passwordHash: Redacted.make("garbage") } as const
      assert.strictEqual(yield* codeOfRefusal(importAccount(asked)), "validation_failed")
      assert.strictEqual(yield* everythingOf(accountId), before)
    }).pipe(asPortal())
  )

  it.effect("the same imported hash again is no change, also after it was renewed", () =>
    Effect.gen(function* () {
      // {SSHA} of "testing123", as OpenLDAP's own documentation has it.
      const passwordHash = Redacted.make("{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr")
      const accountId = yield* anAccount({ password: undefined, passwordHash })
      yield* Effect.exit(signIn({ accountId, password: Redacted.make("secret") }))
      const { epoch } = yield* readTwoFactor(accountId)
      yield* importAccount({ accountId, passwordHash })
      assert.strictEqual((yield* readTwoFactor(accountId)).epoch, epoch)
    }).pipe(asPortal())
  )
})

layer(rekey())("keys and servers that change", (it) => {
  it.effect("P4: a rotation of keys empties no budget", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      for (let sends = 0; sends < 10; sends++) yield* signInChallenge(accountId)
      const rotated = yield* anotherNode(ringOf("k2", "k1"))
      const asked = codeOfRefusal(stepUp({ accountId }))
      assert.strictEqual(yield* Effect.provide(asked, rotated), "rate_limited")
    }).pipe(asPortal(), Effect.scoped)
  )

  it.effect("S-77: a code and a grant of the former key still work after a rotation", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = yield* freshGrant(accountId)
      const { id } = yield* signInChallenge(accountId)
      const code = yield* codeOf(id)
      const rotated = yield* anotherNode(ringOf("k2", "k1"))
      const outcome = yield* Effect.provide(verify({ challengeId: id, code }), rotated)
      assert.strictEqual(outcome.status, "signed-in")
      assert.strictEqual(yield* Effect.provide(codeOfRefusal(disable({ accountId, password, grant })), rotated), "done")
    }).pipe(asPortal(), Effect.scoped)
  )

  it.effect("the feed goes on after a dump was restored on a server with lower transaction ids", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`
        insert into audit_events (transaction, id, account_id, sequence, at, epoch, type, actor, outcome, key_id, former, mac)
        values ('999999999'::xid8, gen_random_uuid(), 'restored', 1, now(), 1, 'signed_in', 'customer', 'succeeded', 'k1', '', '')`
      yield* Effect.gen(function* () {
        const audit = yield* AuditTrail
        const whole = yield* audit.feed({ limit: 200 })
        assert.strictEqual(whole.events.at(-1)?.accountId, "restored")
        yield* sql`
          insert into audit_events (id, account_id, sequence, at, epoch, type, actor, outcome, key_id, former, mac)
          values (gen_random_uuid(), 'newer', 1, now(), 1, 'signed_in', 'customer', 'succeeded', 'k1', '', '')`
        const [row] = yield* sql<{ era: number }>`select era from audit_events where account_id = 'newer'`
        assert.strictEqual(row?.era, 1)
      }).pipe(Effect.provide(Layer.fresh(AuditTrail.layer)))
    })
  )
})

// On the real clock: a time limit passes.
layer(rekey(), { excludeTestServices: true })("a database that stays silent", (it) => {
  it.effect("P6: is answered with 503 in time, and the same key tells afterwards what happened", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* anAccount()
      const [held, mayGoOn] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const hold = sql`select 1 from accounts where account_id = ${accountId} for update`.pipe(
        Effect.andThen(Deferred.succeed(held, undefined)),
        Effect.andThen(Deferred.await(mayGoOn))
      )
      yield* Effect.forkChild(sql.withTransaction(hold))
      yield* Deferred.await(held)
      const asked = setUp({ accountId, method: "EMAIL", password }).pipe(asPortal(keyed("f1")))
      assert.strictEqual(yield* codeOfRefusal(asked), "unavailable")
      yield* Deferred.succeed(mayGoOn, undefined)
      const challenge = yield* asked
      assert.strictEqual(challenge.purpose, "setup")
      const requested = (yield* eventsOf(accountId)).filter(({ type }) => type === "code.requested")
      assert.strictEqual(requested.length, 1)
    }).pipe(asPortal())
  )
})
