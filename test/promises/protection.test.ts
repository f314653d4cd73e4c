import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { cancel } from "../../src/account/cancel.ts"
import { disable } from "../../src/account/disable.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readChallenge, readTwoFactor } from "../../src/account/status.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { anAccount, asPortal, codeOf, everythingOf, password, rekey, wrong } from "../kit/core.ts"
import {
  answerRightly,
  challengeLapses,
  codeOfRefusal,
  enrol,
  eventsOf,
  freshGrant,
  lettersOf,
  protectedBy,
  signInChallenge
} from "../kit/stories.ts"

layer(rekey())("protection", (it) => {
  it.effect("S-01: e-mail is reported as AAL1, SMS as restricted", () =>
    Effect.gen(function* () {
      const [byMail] = (yield* readTwoFactor(yield* protectedBy("EMAIL"))).methods
      const [byText] = (yield* readTwoFactor(yield* protectedBy("SMS"))).methods
      assert.deepStrictEqual(byMail?.assurance, { aal: 1, restricted: false })
      assert.deepStrictEqual(byText?.assurance, { aal: 2, restricted: true })
    }).pipe(asPortal())
  )

  it.effect("S-07: the password alone neither disables nor changes a method, and nothing changes", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const before = yield* everythingOf(accountId)
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password })), "step_up_required")
      assert.strictEqual(
        yield* codeOfRefusal(changeMethod({ accountId, method: "EMAIL", password })),
        "step_up_required"
      )
      assert.strictEqual(yield* everythingOf(accountId), before)
    }).pipe(asPortal())
  )

  it.effect("S-08: a grant works once; a refusal leaves it usable", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = yield* freshGrant(accountId)
      const again = { accountId, method: "SMS", password, grant } as const
      assert.strictEqual(yield* codeOfRefusal(changeMethod(again)), "same_method")
      assert.strictEqual(yield* codeOfRefusal(changeMethod({ ...again, method: "EMAIL" })), "done")
      assert.strictEqual(yield* codeOfRefusal(changeMethod({ ...again, method: "EMAIL" })), "grant_invalid")
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant })), "grant_invalid")
    }).pipe(asPortal())
  )

  it.effect("S-08: a grant of another account, of an older epoch, expired or made up is refused", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const foreign = yield* freshGrant(yield* protectedBy("SMS"))
      const expired = yield* freshGrant(accountId)
      yield* sql`update grants set made_at = now() - interval '11 minutes', expires_at = now() - interval '1 minute'
        where account_id = ${accountId}`
      const older = yield* freshGrant(accountId)
      yield* sql`update accounts set epoch = epoch + 1 where account_id = ${accountId}`
      for (const grant of [foreign, expired, older, Redacted.make("made.up"), Redacted.make("")]) {
        assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant })), "grant_invalid")
      }
      assert.strictEqual((yield* readTwoFactor(accountId)).status, "enabled")
    }).pipe(asPortal())
  )

  it.effect("S-10: during a change the account is never without a method, and both flip in one commit", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = yield* freshGrant(accountId)
      const before = yield* readTwoFactor(accountId)
      const challenge = yield* changeMethod({ accountId, method: "EMAIL", password, grant })
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
      yield* Effect.flip(verify({ challengeId: challenge.id, code: wrong(yield* codeOf(challenge.id)) }))
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
      const outcome = yield* answerRightly(challenge)
      assert.strictEqual(outcome.status, "changed")
      assert.strictEqual(outcome.message, "Your security standard has been updated to EMAIL")
      assert.strictEqual(outcome.twoFactor.securityStandard, "EMAIL")
      assert.strictEqual(outcome.twoFactor.epoch, before.epoch + 1)
      const sql = yield* SqlClient.SqlClient
      // The one that ended and the one that began bear the same instant: no moment lay between them.
      const [row] = yield* sql<{ seamless: boolean }>`
        select old.ended_at = new.enrolled_at as seamless from enrolments old, enrolments new
        where old.account_id = ${accountId} and new.account_id = ${accountId}
          and old.method = 'SMS' and new.method = 'EMAIL'`
      assert.isTrue(row?.seamless)
    }).pipe(asPortal())
  )

  it.effect("S-09: a challenge lapses after 30 minutes, without a trace in the methods", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const code = yield* codeOf(id)
      yield* challengeLapses(id)
      assert.strictEqual(yield* codeOfRefusal(verify({ challengeId: id, code })), "challenge_closed")
      assert.strictEqual((yield* readChallenge(id)).status, "expired")
      const { status, pending, methods } = yield* readTwoFactor(accountId)
      assert.deepStrictEqual({ status, pending, methods }, { status: "disabled", pending: null, methods: [] })
      assert.strictEqual((yield* enrol(accountId, "EMAIL")).status, "enabled")
    }).pipe(asPortal())
  )

  it.effect("S-14: of twenty changes begun at once one stays open, and one commits", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const begun = yield* Effect.forEach(
        Array.from({ length: 8 }),
        () => Effect.option(setUp({ accountId, method: "EMAIL", password })),
        { concurrency: "unbounded" }
      )
      const challenges = begun.flatMap((one) => (one._tag === "Some" ? [one.value] : []))
      assert.isAbove(challenges.length, 1)
      const states = yield* Effect.forEach(challenges, ({ id }) => readChallenge(id))
      assert.strictEqual(states.filter(({ status }) => status === "open").length, 1)
      assert.strictEqual(states.filter(({ status }) => status === "superseded").length, challenges.length - 1)
    }).pipe(asPortal())
  )

  it.effect("S-15: the same key gives the first answer again, and nothing happens twice", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const idempotency = [{ scope: "aa".repeat(32), body: "bb".repeat(32) }]
      const asked = setUp({ accountId, method: "EMAIL", password }).pipe(asPortal({ idempotency }))
      const first = yield* asked
      const before = yield* everythingOf(accountId)
      const second = yield* asked
      assert.deepStrictEqual(second, first)
      assert.strictEqual(yield* everythingOf(accountId), before)
      const other = [{ scope: "aa".repeat(32), body: "cc".repeat(32) }]
      const conflict = yield* codeOfRefusal(
        setUp({ accountId, method: "EMAIL", password }).pipe(asPortal({ idempotency: other }))
      )
      assert.strictEqual(conflict, "idempotency_conflict")
      assert.strictEqual(yield* everythingOf(accountId), before)
    }).pipe(asPortal())
  )

  it.effect("S-15: a wrong code is remembered under its key, and counted once", () =>
    Effect.gen(function* () {
      const { id } = yield* signInChallenge(yield* protectedBy("EMAIL"))
      const code = wrong(yield* codeOf(id))
      const idempotency = [{ scope: "ab".repeat(32), body: "bb".repeat(32) }]
      const guess = Effect.flip(verify({ challengeId: id, code })).pipe(asPortal({ idempotency }))
      const [first, second] = [yield* guess, yield* guess]
      assert.strictEqual(first.code, "code_incorrect")
      assert.strictEqual(second.reference, first.reference)
      assert.strictEqual((yield* readChallenge(id)).attemptsRemaining, 4)
    }).pipe(asPortal())
  )

  it.effect("S-41: an address or number in use elsewhere is taken as usual, and shown masked", () =>
    Effect.gen(function* () {
      yield* anAccount({ phone: "+60125558888", twoFactor: "SMS" })
      const accountId = yield* anAccount()
      const challenge = yield* setUp({ accountId, method: "SMS", password, destination: "+60125558888" })
      assert.strictEqual(challenge.destination, "••• ••88")
    }).pipe(asPortal())
  )

  it.effect("S-42: a set-up after a disable tells the new address, the account's and the old phone", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disable({ accountId, password, grant: yield* freshGrant(accountId) })
      const off = (yield* lettersOf(accountId)).filter(({ tag }) => tag === "disabled")
      assert.deepStrictEqual(off.map(({ channel }) => channel).toSorted(), ["email", "sms"])
      yield* enrol(accountId, "EMAIL")
      const letters = yield* lettersOf(accountId)
      assert.deepStrictEqual(
        letters.filter(({ tag }) => tag === "changed").map(({ channel }) => channel),
        ["email"]
      )
      assert.deepStrictEqual(
        letters.filter(({ tag }) => tag === "replaced").map(({ channel }) => channel),
        ["sms"]
      )
    }).pipe(asPortal())
  )

  it.effect("S-46: three wrong codes after a right password tell every address", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const { id } = yield* signInChallenge(accountId)
      const bad = wrong(yield* codeOf(id))
      const told = Effect.map(lettersOf(accountId), (letters) => letters.filter(({ tag }) => tag === "tries"))
      yield* Effect.flip(verify({ challengeId: id, code: bad }))
      yield* Effect.flip(verify({ challengeId: id, code: bad }))
      assert.deepStrictEqual(yield* told, [])
      yield* Effect.flip(verify({ challengeId: id, code: bad }))
      assert.deepStrictEqual((yield* told).map(({ channel }) => channel).toSorted(), ["email", "sms"])
    }).pipe(asPortal())
  )

  it.effect("S-46: a right code after five wrong ones in a row is told to every address; after fewer it is not", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const told = Effect.map(lettersOf(accountId), (letters) =>
        letters.filter(({ tag }) => tag === "proved_after_failures").map(({ channel }) => channel)
      )
      for (const [failures, expected] of [
        [4, []],
        [5, ["email", "sms"]]
      ] as const) {
        yield* sql`update enrolments set failures = ${failures} where account_id = ${accountId}`
        yield* answerRightly(yield* signInChallenge(accountId))
        assert.deepStrictEqual((yield* told).toSorted(), [...expected])
      }
    }).pipe(asPortal())
  )

  it.effect("S-47: change, audit rows and letters are one commit: where one cannot be written, none is", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* anAccount()
      const { id } = yield* setUp({ accountId, method: "EMAIL", password })
      const code = yield* codeOf(id)
      for (const table of ["audit_events", "outbox", "enrolments"]) {
        yield* sql`alter table ${sql(table)} add constraint nothing_may_be_added check (account_id <> ${sql.literal(`'${accountId}'`)}) not valid`
        const before = yield* everythingOf(accountId)
        assert.strictEqual(yield* codeOfRefusal(verify({ challengeId: id, code })), "unavailable")
        assert.strictEqual(yield* everythingOf(accountId), before)
        yield* sql`alter table ${sql(table)} drop constraint nothing_may_be_added`
      }
      assert.strictEqual(yield* codeOfRefusal(verify({ challengeId: id, code })), "done")
    }).pipe(asPortal())
  )

  it.effect("S-48: a change voids every other challenge and grant of the account", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const [spent, left] = [yield* freshGrant(accountId), yield* freshGrant(accountId)]
      const change = yield* changeMethod({ accountId, method: "EMAIL", password, grant: spent })
      const signedIn = yield* signInChallenge(accountId)
      const code = yield* codeOf(signedIn.id)
      yield* answerRightly(change)
      assert.strictEqual((yield* readChallenge(signedIn.id)).status, "voided")
      assert.strictEqual(yield* codeOfRefusal(verify({ challengeId: signedIn.id, code })), "challenge_closed")
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant: left })), "grant_invalid")
    }).pipe(asPortal())
  )

  it.effect("S-54: a challenge that does not exist is not found, and so is everything of an unknown account", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const { id } = yield* signInChallenge(accountId)
      const code = yield* codeOf(id)
      const sql = yield* SqlClient.SqlClient
      yield* sql`delete from accounts where account_id = ${accountId}`
      const asked = { accountId, password }
      assert.strictEqual(yield* codeOfRefusal(verify({ challengeId: id, code })), "not_found")
      assert.strictEqual(yield* codeOfRefusal(cancel(id)), "not_found")
      assert.strictEqual(yield* codeOfRefusal(signIn(asked)), "not_found")
      assert.strictEqual(yield* codeOfRefusal(stepUp(asked)), "not_found")
      assert.strictEqual(yield* codeOfRefusal(disable(asked)), "not_found")
    }).pipe(asPortal())
  )

  it.effect("S-79: every step is in the account's chain, and a change of any row breaks it", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      yield* disable({ accountId, password, grant: yield* freshGrant(accountId) })
      yield* enrol(accountId, "EMAIL")
      const types = (yield* eventsOf(accountId)).map(({ type }) => type)
      for (const type of ["account.imported", "code.requested", "code.accepted", "method.disabled", "method.enabled"]) {
        assert.include(types, type)
      }
      const whole = yield* audit.verify(accountId)
      assert.strictEqual(whole._tag === "Success" ? whole.success : 0, types.length)
      const edit = yield* Effect.flip(sql`update audit_events set reason = 'x' where account_id = ${accountId}`)
      assert.strictEqual(edit._tag, "SqlError")
      yield* sql`alter table audit_events disable trigger audit_events_stay`
      yield* sql`update audit_events set type = 'signed_in' where account_id = ${accountId} and sequence = 2`
      yield* sql`alter table audit_events enable trigger audit_events_stay`
      const broken = yield* audit.verify(accountId)
      assert.deepStrictEqual(broken._tag === "Failure" ? broken.failure : undefined, { sequence: 2, reason: "changed" })
    }).pipe(asPortal())
  )
})
