import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { disable } from "../../src/account/disable.ts"
import { importAccount } from "../../src/account/importAccount.ts"
import { linkPortal } from "../../src/account/linkPortal.ts"
import { setUp } from "../../src/account/setUp.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import { endVisit, isFormOf, openFor, openPortalLink, visit, type Visit } from "../../src/account/visit.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { asPortal, codeOf, everythingOf, password, rekey } from "../kit/core.ts"
import { answerRightly, freshGrant, protectedBy } from "../kit/stories.ts"

const linked = Effect.fn("linked")(function* (accountId: AccountId, grant?: Redacted.Redacted) {
  return (yield* linkPortal({ accountId, returnUrl: null, grant })).token
}, asPortal())

const opened = (token: Redacted.Redacted) => openPortalLink(token).pipe(asPortal())
const visited = (token: Redacted.Redacted) => visit({ token }).pipe(asPortal())

/** A person on the hosted pages; with the proof of a sign-in where one is asked for. */
const onThePages = Effect.fn("onThePages")(function* (accountId: AccountId, proof: "proved" | "unproved" = "unproved") {
  const grant = proof === "proved" ? yield* freshGrant(accountId) : undefined
  const token = Option.getOrThrow(yield* opened(yield* linked(accountId, grant)))
  return Option.getOrThrow(yield* visited(token))
})

/** What the person does in a session. */
const as = ({ session }: Visit) => asPortal({ session })

const isOver = (token: Redacted.Redacted) => Effect.map(visited(token), Option.isNone)

/** Lets so much time pass in the row of a session. */
const passes = Effect.fn("passes")(function* ({ session }: Visit, time: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update sessions set made_at = made_at - ${time}::interval, seen_at = seen_at - ${time}::interval,
    rotated_at = rotated_at - ${time}::interval, expires_at = expires_at - ${time}::interval
    where id = ${session.id}::uuid`
})

const link = (token: Redacted.Redacted) => Redacted.value(token).split(".")[0] ?? ""

layer(rekey(), { excludeTestServices: true })("sessions of the hosted pages", (it) => {
  it.effect("S-49: a link from the portal opens once, also when it is pressed twenty times at once", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const token = yield* linked(accountId)
      const sessions = yield* Effect.all(
        Array.from({ length: 20 }, () => opened(token)),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(sessions.filter(Option.isSome), 1)
      assert.isTrue(Option.isNone(yield* opened(token)))
    })
  )

  it.effect("S-51: looking at a link changes nothing; it lives for a minute", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const token = yield* linked(accountId)
      const before = yield* everythingOf(accountId)
      assert.strictEqual(yield* openFor(token).pipe(asPortal()), accountId)
      assert.strictEqual(yield* everythingOf(accountId), before)
      yield* sql`update portal_links set made_at = made_at - interval '61 seconds',
        expires_at = expires_at - interval '61 seconds' where id = ${link(token)}::uuid`
      assert.isUndefined(yield* openFor(token).pipe(asPortal()))
      assert.isTrue(Option.isNone(yield* opened(token)))
    })
  )

  it.effect("a link of another account, a made-up one and one of an older epoch open nothing", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const other = yield* linked(yield* protectedBy("SMS"))
      const own = yield* linked(accountId)
      const [id] = Redacted.value(own).split(".")
      const [, mac] = Redacted.value(other).split(".")
      for (const forged of [`${id}.${mac}`, `${id}.`, `${id}`, "", "x.y", `${Redacted.value(own)}.z`])
        assert.isTrue(Option.isNone(yield* opened(Redacted.make(forged))), forged)
      yield* disable({ accountId, password, grant: yield* freshGrant(accountId) }).pipe(asPortal())
      assert.isTrue(Option.isNone(yield* opened(own)))
    })
  )

  it.effect("S-08: the grant that comes along is consumed when the link is opened, and the session has its own", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = yield* freshGrant(accountId)
      const token = Option.getOrThrow(yield* opened(yield* linked(accountId, grant)))
      const refusal = yield* Effect.flip(disable({ accountId, password, grant }).pipe(asPortal()))
      assert.strictEqual(refusal._tag, "GrantInvalid")
      const person = Option.getOrThrow(yield* visited(token))
      const done = yield* disable({ accountId, password, grant: person.proof }).pipe(as(person))
      assert.strictEqual(done.status, "disabled")
    })
  )

  it.effect("a grant that is none makes no link", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const grant = Redacted.make("made.up")
      const refusal = yield* Effect.flip(linkPortal({ accountId, returnUrl: null, grant }).pipe(asPortal()))
      assert.strictEqual(refusal._tag, "GrantInvalid")
    })
  )

  it.effect("S-48: a change ends every other session; the acting one goes on under another token", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const acting = yield* onThePages(accountId, "proved")
      const other = yield* onThePages(accountId)
      yield* disable({ accountId, password, grant: acting.proof }).pipe(as(acting))
      assert.isTrue(yield* isOver(other.token), "the other session goes on")
      const after = Option.getOrThrow(yield* visited(acting.token))
      assert.isTrue(after.hasRotated)
      assert.notStrictEqual(Redacted.value(after.token), Redacted.value(acting.token))
      assert.isUndefined(after.proof, "an older proof outlived the change")
      const challenge = yield* setUp({ accountId, method: "EMAIL", password }).pipe(as(after))
      yield* verify({ challengeId: challenge.id, code: yield* codeOf(challenge.id) }).pipe(as(after))
      assert.isTrue(yield* isOver(acting.token), "a token two changes old is still good")
      assert.isFalse(yield* isOver(after.token))
    })
  )

  it.effect("S-48: what a session asked for before another change ended it is not done afterwards", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const [thief, owner] = [yield* onThePages(accountId), yield* onThePages(accountId, "proved")]
      yield* disable({ accountId, password, grant: owner.proof }).pipe(as(owner))
      const before = yield* everythingOf(accountId)
      const refusal = yield* Effect.flip(setUp({ accountId, method: "EMAIL", password }).pipe(as(thief)))
      assert.strictEqual(refusal._tag, "Unavailable")
      assert.strictEqual(yield* everythingOf(accountId), before)
      const after = Option.getOrThrow(yield* visited(owner.token))
      assert.strictEqual(after.session.id, owner.session.id)
    })
  )

  it.effect("S-48: a change elsewhere and a new password end a session", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const first = yield* onThePages(accountId)
      yield* disable({ accountId, password, grant: yield* freshGrant(accountId) }).pipe(asPortal())
      assert.isTrue(yield* isOver(first.token))
      const second = yield* onThePages(accountId)
      yield* importAccount({ accountId, password: Redacted.make("another long password") }).pipe(asPortal())
      assert.isTrue(yield* isOver(second.token))
    })
  )

  it.effect(
    "S-49: a step-up gives the session its proof and rotates its token; the former one ends after ten seconds",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        const person = yield* onThePages(accountId)
        assert.isUndefined(person.proof)
        const { id } = yield* stepUp({ accountId }).pipe(as(person))
        yield* verify({ challengeId: id, code: yield* codeOf(id) }).pipe(as(person))
        const now = Option.getOrThrow(yield* visited(person.token))
        assert.isDefined(now.proof)
        assert.isTrue(now.hasRotated)
        assert.isTrue(yield* isFormOf(now, person.formToken), "the form token has to outlive the rotation")
        yield* passes(person, "11 seconds")
        assert.isTrue(yield* isOver(person.token))
        assert.isFalse(yield* isOver(now.token))
      })
  )

  it.effect("S-49: a session ends after an hour without a request, and after a day in any case", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const idle = yield* onThePages(accountId)
      yield* passes(idle, "59 minutes")
      assert.isFalse(yield* isOver(idle.token), "a request keeps it")
      yield* passes(idle, "59 minutes")
      assert.isFalse(yield* isOver(idle.token), "the request of an hour ago was not noted")
      yield* passes(idle, "61 minutes")
      assert.isTrue(yield* isOver(idle.token))
      const sql = yield* SqlClient.SqlClient
      const old = yield* onThePages(accountId)
      yield* passes(old, "24 hours")
      yield* sql`update sessions set seen_at = now() where id = ${old.session.id}::uuid`
      assert.isTrue(yield* isOver(old.token))
    })
  )

  it.effect("S-51: the form token of another session is none of this one; signing out ends a session", () =>
    Effect.gen(function* () {
      const person = yield* onThePages(yield* protectedBy("SMS"))
      const other = yield* onThePages(yield* protectedBy("SMS"))
      assert.isTrue(yield* isFormOf(person, person.formToken))
      for (const token of [other.formToken, person.token, Redacted.make("")])
        assert.isFalse(yield* isFormOf(person, token))
      yield* endVisit(person).pipe(asPortal())
      assert.isTrue(yield* isOver(person.token))
      assert.isFalse(yield* isOver(other.token))
    })
  )

  it.effect("S-11: what a session began and did not finish changes nothing of it", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const person = yield* onThePages(accountId)
      const { id } = yield* stepUp({ accountId }).pipe(as(person))
      assert.isFalse(yield* isOver(person.token))
      yield* answerRightly({ id })
      assert.isUndefined(
        Option.getOrThrow(yield* visited(person.token)).proof,
        "the portal's proof became the session's"
      )
    })
  )
})
