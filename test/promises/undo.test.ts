import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { disable } from "../../src/account/disable.ts"
import { goBack } from "../../src/account/goBack.ts"
import { importAccount } from "../../src/account/importAccount.ts"
import { liftReport, liftReportBySupport } from "../../src/account/lift.ts"
import { linkPortal } from "../../src/account/linkPortal.ts"
import { readNotice } from "../../src/account/notice.ts"
import { reportNotice } from "../../src/account/reportNotice.ts"
import { setUp } from "../../src/account/setUp.ts"
import { readChallenge, readTwoFactor } from "../../src/account/status.ts"
import { turnBackOn } from "../../src/account/turnBackOn.ts"
import { openPortalLink, visit } from "../../src/account/visit.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { anAccount, anotherNode, asPortal, everythingOf, password, rekey, ringOf, wrongPassword } from "../kit/core.ts"
import {
  answerRightly,
  changed,
  codeOfRefusal,
  delaysPass,
  disabled,
  enrol,
  eventsOf,
  freshGrant,
  lettersOf,
  linkOf,
  protectedBy,
  signInChallenge
} from "../kit/stories.ts"

const facts = Effect.fn("facts")(function* (token: Redacted.Redacted) {
  return Option.getOrThrow(yield* readNotice(token))
})

const typesOf = (accountId: AccountId) => Effect.map(eventsOf(accountId), (rows) => rows.map(({ type }) => type))
const countOf = (types: ReadonlyArray<string>, wanted: string) => types.filter((type) => type === wanted).length

/** What protects the account. */
const protection = Effect.fn("protection")(function* (accountId: AccountId) {
  const { status, securityStandard, methods, mustEnrol } = yield* readTwoFactor(accountId)
  return {
    status,
    securityStandard,
    methods: methods.map(({ method, destination }) => ({ method, destination })),
    mustEnrol
  }
})

/** How far the links of an account are from now on. */
const passes = Effect.fn("passes")(function* (accountId: AccountId, time: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update notice_links set made_at = made_at - ${time}::interval, expires_at = expires_at - ${time}::interval
    where account_id = ${accountId}`
})

layer(rekey())("the link of a notice", (it) => {
  it.effect("S-51: reading what it is about changes nothing, however often", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      const token = yield* linkOf(accountId)
      const before = yield* everythingOf(accountId)
      const seen = yield* facts(token)
      yield* facts(token)
      assert.strictEqual(yield* everythingOf(accountId), before)
      assert.deepInclude(seen, { kind: "disabled", from: "SMS", to: null, status: "open", accountId, reset: null })
      assert.deepStrictEqual(seen.can, { report: true, turnBackOn: true, goBack: false, stopReset: false })
      assert.match(seen.maskedEmail, /^c•••@c•••\.example$/)
      assert.match(seen.former?.destination ?? "", /^••• ••\d\d$/)
    }).pipe(asPortal())
  )

  it.effect(
    "S-44, S-63: a report only freezes: protection stays, sign-in works, nothing can be set up or disabled",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        yield* changed(accountId, "EMAIL")
        const before = yield* protection(accountId)
        yield* reportNotice(yield* linkOf(accountId))
        assert.deepStrictEqual(yield* protection(accountId), before)
        const { lock, allowed } = yield* readTwoFactor(accountId)
        assert.strictEqual(lock?.reason, "reported")
        assert.deepStrictEqual(allowed.toSorted(), ["lift", "sign-in", "step-up"])
        yield* answerRightly(yield* signInChallenge(accountId))
        const grant = yield* freshGrant(accountId)
        assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant })), "protection_reported")
        assert.strictEqual(yield* codeOfRefusal(setUp({ accountId, method: "SMS", password })), "already_enabled")
        assert.strictEqual(countOf(yield* typesOf(accountId), "protection.reported"), 1)
      }).pipe(asPortal())
  )

  it.effect("S-44: while off and frozen, whoever knows the password can set nothing up and lift nothing", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      yield* reportNotice(yield* linkOf(accountId))
      const before = yield* everythingOf(accountId)
      assert.strictEqual(yield* codeOfRefusal(setUp({ accountId, method: "EMAIL", password })), "protection_reported")
      assert.strictEqual(yield* codeOfRefusal(liftReport({ accountId, password })), "not_enabled")
      assert.strictEqual(yield* everythingOf(accountId), before)
      const { allowed } = yield* readTwoFactor(accountId)
      assert.deepStrictEqual([...allowed], ["sign-in"])
    }).pipe(asPortal())
  )

  it.effect("S-48: a report ends every challenge, grant and session of the account, that of whoever reports too", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      const grant = yield* freshGrant(accountId)
      const waiting = yield* signInChallenge(accountId)
      const link = yield* linkPortal({ accountId, returnUrl: null })
      const opened = Option.getOrThrow(yield* openPortalLink(link.token))
      const { session } = Option.getOrThrow(yield* visit({ token: opened }))
      yield* reportNotice(token).pipe(asPortal({ session }))
      assert.strictEqual((yield* readChallenge(waiting.id)).status, "voided")
      assert.isTrue(Option.isNone(yield* visit({ token: opened })), "a session goes on")
      yield* liftReportBySupport(accountId)
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant })), "grant_invalid")
    }).pipe(asPortal())
  )

  it.effect("S-44: whoever holds the mailbox cannot burn the undo by a report, nor freeze again what was lifted", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      yield* reportNotice(token)
      const frozen = yield* everythingOf(accountId)
      yield* reportNotice(token)
      assert.strictEqual(yield* everythingOf(accountId), frozen, "a second report did something")
      const seen = yield* facts(token)
      assert.strictEqual(seen.status, "open")
      assert.deepStrictEqual(seen.can, { report: false, turnBackOn: false, goBack: true, stopReset: false })
      yield* liftReport({ accountId, password, grant: yield* freshGrant(accountId) })
      assert.isNull((yield* readTwoFactor(accountId)).lock)
      assert.strictEqual(yield* codeOfRefusal(reportNotice(token)), "link_over")
      assert.isNull((yield* readTwoFactor(accountId)).lock)
    }).pipe(asPortal())
  )

  it.effect("S-07: the owner lifts a freeze by the password and a fresh proof; a wrong one of either does not", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      yield* reportNotice(yield* linkOf(accountId))
      const grant = yield* freshGrant(accountId)
      const other = yield* freshGrant(yield* protectedBy("SMS"))
      const lift = (with_: { password: Redacted.Redacted; grant?: Redacted.Redacted }) =>
        codeOfRefusal(liftReport({ accountId, ...with_ }))
      assert.strictEqual(yield* lift({ password }), "step_up_required")
      assert.strictEqual(yield* lift({ password, grant: other }), "grant_invalid")
      assert.strictEqual(yield* lift({ password: wrongPassword, grant }), "password_incorrect")
      assert.strictEqual((yield* readTwoFactor(accountId)).lock?.reason, "reported")
      assert.strictEqual(yield* lift({ password, grant }), "done")
      assert.isNull((yield* readTwoFactor(accountId)).lock)
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password, grant })), "grant_invalid")
      const lifted = (yield* eventsOf(accountId)).filter(({ type }) => type === "protection.undone")
      assert.deepStrictEqual(
        lifted.map(({ reason }) => reason),
        ["report"]
      )
    }).pipe(asPortal())
  )

  it.effect("support lifts a freeze too; without one there is nothing to do", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const before = yield* everythingOf(accountId)
      yield* liftReportBySupport(accountId)
      assert.strictEqual(yield* everythingOf(accountId), before)
      yield* disabled(accountId)
      yield* reportNotice(yield* linkOf(accountId))
      yield* liftReportBySupport(accountId)
      assert.isNull((yield* readTwoFactor(accountId)).lock)
    }).pipe(asPortal())
  )
})

layer(rekey())("turning it back on", (it) => {
  it.effect("the link and the password put the method back as it was, its count of failures too (S-21)", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const before = yield* readTwoFactor(accountId)
      yield* disabled(accountId)
      yield* sql`update enrolments set failures = 7 where account_id = ${accountId}`
      const token = yield* linkOf(accountId)
      yield* reportNotice(token)
      const now = yield* turnBackOn({ token, password })
      assert.deepStrictEqual(
        now.methods.map(({ id, method, destination }) => ({ id, method, destination })),
        before.methods.map(({ id, method, destination }) => ({ id, method, destination }))
      )
      assert.isNull(now.lock, "what was reported is undone")
      const [row] = yield* sql<{ failures: number }>`select failures from enrolments where account_id = ${accountId}`
      assert.strictEqual(row?.failures, 7)
      assert.includeMembers(yield* typesOf(accountId), ["protection.undone", "method.enabled"])
      assert.strictEqual((yield* facts(token)).status, "used")
      yield* answerRightly(yield* signInChallenge(accountId))
    }).pipe(asPortal())
  )

  it.effect("S-44: the link alone does not: a wrong password counts, delays, and leaves the link good", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      const token = yield* linkOf(accountId)
      for (let tries = 0; tries < 5; tries++)
        assert.strictEqual(yield* codeOfRefusal(turnBackOn({ token, password: wrongPassword })), "password_incorrect")
      assert.strictEqual(yield* codeOfRefusal(turnBackOn({ token, password })), "rate_limited")
      assert.strictEqual(countOf(yield* typesOf(accountId), "password.rejected"), 5)
      assert.strictEqual((yield* readTwoFactor(accountId)).status, "disabled")
      yield* delaysPass(accountId)
      assert.strictEqual((yield* turnBackOn({ token, password })).securityStandard, "SMS")
    }).pipe(asPortal())
  )

  it.effect("S-18: of twenty at once, on two nodes, exactly one does it", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      const token = yield* linkOf(accountId)
      const other = yield* anotherNode()
      const answers = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, place) => place),
        (place) => {
          const asked = codeOfRefusal(turnBackOn({ token, password }))
          return place % 2 === 0 ? asked : Effect.provide(asked, other)
        },
        { concurrency: "unbounded" }
      )
      assert.strictEqual(countOf(answers, "done"), 1)
      assert.strictEqual(countOf(answers, "link_over"), 19)
      const types = yield* typesOf(accountId)
      assert.deepStrictEqual([countOf(types, "method.enabled"), countOf(types, "protection.undone")], [1, 1])
      const told = (yield* lettersOf(accountId)).filter(({ tag }) => tag === "changed")
      assert.lengthOf(told, 2)
    }).pipe(Effect.scoped, asPortal())
  )

  it.effect("S-48: the link is void once the account has moved on, and judges no password any more", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      const token = yield* linkOf(accountId)
      yield* enrol(accountId, "EMAIL")
      const before = yield* everythingOf(accountId)
      assert.strictEqual((yield* facts(token)).status, "void")
      assert.deepStrictEqual(Object.values((yield* facts(token)).can), [false, false, false, false])
      const answers = [
        yield* codeOfRefusal(turnBackOn({ token, password: wrongPassword })),
        yield* codeOfRefusal(turnBackOn({ token, password })),
        yield* codeOfRefusal(goBack({ token, password })),
        yield* codeOfRefusal(reportNotice(token))
      ]
      assert.deepStrictEqual(answers, ["link_over", "link_over", "link_over", "link_over"])
      assert.strictEqual(yield* everythingOf(accountId), before)
    }).pipe(asPortal())
  )

  it.effect("a new password voids the link, and so do 72 hours", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* protectedBy("SMS"), yield* protectedBy("SMS")]
      yield* disabled(one)
      yield* disabled(two)
      const [first, second] = [yield* linkOf(one), yield* linkOf(two)]
      yield* importAccount({ accountId: one, password: Redacted.make("another long password") })
      assert.strictEqual((yield* facts(first)).status, "void")
      yield* passes(two, "71 hours 59 minutes")
      assert.strictEqual((yield* facts(second)).status, "open")
      yield* passes(two, "1 minute")
      assert.strictEqual((yield* facts(second)).status, "expired")
      assert.strictEqual(yield* codeOfRefusal(turnBackOn({ token: second, password })), "link_over")
      assert.strictEqual(yield* codeOfRefusal(reportNotice(second)), "link_over")
      assert.strictEqual((yield* readTwoFactor(two)).status, "disabled")
    }).pipe(asPortal())
  )

  it.effect("S-54: a link that is made up, or of another account, leads nowhere", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* protectedBy("SMS"), yield* protectedBy("SMS")]
      yield* disabled(one)
      yield* disabled(two)
      const [id] = Redacted.value(yield* linkOf(one)).split(".")
      const [, mac] = Redacted.value(yield* linkOf(two)).split(".")
      const before = yield* everythingOf(one)
      for (const forged of [`${id}.${mac}`, `${id}.`, `${id}`, "", "x.y", "../.."]) {
        const token = Redacted.make(forged)
        assert.isTrue(Option.isNone(yield* readNotice(token)), forged)
        assert.strictEqual(yield* codeOfRefusal(reportNotice(token)), "not_found")
        assert.strictEqual(yield* codeOfRefusal(turnBackOn({ token, password })), "not_found")
      }
      assert.strictEqual(yield* everythingOf(one), before)
    }).pipe(asPortal())
  )

  it.effect("S-27: no token of a link is at rest, and a key that made one may not leave the ring yet", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      const [, mac = ""] = Redacted.value(yield* linkOf(accountId)).split(".")
      const token = yield* linkOf(accountId)
      yield* reportNotice(token)
      yield* turnBackOn({ token, password })
      assert.notInclude(yield* everythingOf(accountId), mac)
      const rotated = yield* anotherNode(ringOf("k2", "k1"))
      const later = yield* linkOf(accountId)
      assert.deepStrictEqual(yield* TwoFactorStore.use(({ keyIdsInUse }) => keyIdsInUse), ["k1"])
      assert.isTrue(Option.isSome(yield* readNotice(later).pipe(Effect.provide(rotated))))
    }).pipe(Effect.scoped, asPortal())
  )
})

layer(rekey())("going back", (it) => {
  it.effect("S-42: every notice of one event has the same link, and going back tells every address", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const links = yield* sql<{ channel: string; id: string }>`
        select channel, letter -> 'link' ->> 'id' as id from outbox where account_id = ${accountId}
          and letter -> 'link' is not null`
      assert.deepStrictEqual(links.map(({ channel }) => channel).toSorted(), ["email", "sms"])
      assert.lengthOf([...new Set(links.map(({ id }) => id))], 1)
      yield* answerRightly(yield* goBack({ token: yield* linkOf(accountId), password }))
      const letters = (yield* lettersOf(accountId)).slice(-2)
      assert.deepStrictEqual(letters.map(({ channel }) => channel).toSorted(), ["email", "sms"])
    }).pipe(asPortal())
  )

  it.effect("the link, the password and a code to the former method put it back, also while frozen", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const before = yield* protection(accountId)
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      yield* reportNotice(token)
      const challenge = yield* goBack({ token, password })
      assert.deepInclude(challenge, {
        purpose: "change",
        method: "SMS",
        destination: before.methods[0]?.destination ?? ""
      })
      const waiting = yield* readTwoFactor(accountId)
      assert.strictEqual(
        waiting.securityStandard,
        "EMAIL",
        "the method in force stays until the code is accepted (S-10)"
      )
      assert.includeMembers([...waiting.allowed], ["verify", "resend", "cancel"])
      const outcome = yield* answerRightly(challenge)
      assert.strictEqual(outcome.status, "changed")
      assert.deepStrictEqual(yield* protection(accountId), before)
      assert.isNull(outcome.twoFactor.lock)
      assert.strictEqual((yield* facts(token)).status, "used")
      const undone = (yield* eventsOf(accountId)).filter(({ type }) => type === "protection.undone")
      assert.deepStrictEqual(
        undone.map(({ reason }) => reason),
        ["go-back"]
      )
    }).pipe(asPortal())
  )

  it.effect("S-44: the link alone sends nothing: a wrong password counts, and the method in force stays", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      const before = yield* lettersOf(accountId)
      assert.strictEqual(yield* codeOfRefusal(goBack({ token, password: wrongPassword })), "password_incorrect")
      assert.deepStrictEqual(yield* lettersOf(accountId), before)
      assert.strictEqual(countOf(yield* typesOf(accountId), "password.rejected"), 1)
      assert.isNull((yield* readTwoFactor(accountId)).pending)
    }).pipe(asPortal())
  )

  it.effect("a lost message costs nothing: the link goes on until a change back is committed", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      const first = yield* goBack({ token, password })
      const second = yield* goBack({ token, password })
      assert.strictEqual((yield* readChallenge(first.id)).status, "superseded")
      yield* answerRightly(second)
      assert.strictEqual(yield* codeOfRefusal(goBack({ token, password })), "link_over")
    }).pipe(asPortal())
  )

  it.effect("S-44: the notice of an undo can only report: whoever was undone cannot go to and fro", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      yield* answerRightly(yield* goBack({ token: yield* linkOf(accountId), password }))
      const token = yield* linkOf(accountId)
      assert.deepStrictEqual((yield* facts(token)).can, {
        report: true,
        turnBackOn: false,
        goBack: false,
        stopReset: false
      })
      assert.strictEqual(yield* codeOfRefusal(goBack({ token, password })), "link_over")
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
    }).pipe(asPortal())
  )

  it.effect("after the article's way it leads to the method that was disabled; a first set-up has none", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* disabled(accountId)
      yield* enrol(accountId, "EMAIL")
      const seen = yield* facts(yield* linkOf(accountId))
      assert.deepInclude(seen, { kind: "set-up", from: null, to: "EMAIL" })
      assert.isTrue(seen.can.goBack)
      yield* answerRightly(yield* goBack({ token: yield* linkOf(accountId), password }))
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
      const newcomer = yield* anAccount()
      yield* enrol(newcomer, "EMAIL")
      assert.deepInclude((yield* facts(yield* linkOf(newcomer))).can, { report: true, goBack: false })
    }).pipe(asPortal())
  )

  it.effect("S-48: a report voids a change back that waits; the link begins it anew", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const token = yield* linkOf(accountId)
      const { id } = yield* goBack({ token, password })
      yield* reportNotice(token)
      assert.strictEqual((yield* readChallenge(id)).status, "voided")
      yield* answerRightly(yield* goBack({ token, password }))
      assert.strictEqual((yield* readTwoFactor(accountId)).securityStandard, "SMS")
    }).pipe(asPortal())
  )
})
