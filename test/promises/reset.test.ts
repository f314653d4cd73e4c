import { assert, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { executeDueResets, executeReset } from "../../src/account/executeDueResets.ts"
import { linkPortal } from "../../src/account/linkPortal.ts"
import { readNotice } from "../../src/account/notice.ts"
import { reportNotice } from "../../src/account/reportNotice.ts"
import { cancelReset, requestReset, stopReset } from "../../src/account/reset.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readChallenge, readTwoFactor } from "../../src/account/status.ts"
import { openPortalLink, visit } from "../../src/account/visit.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { anAccount, anotherNode, asPortal, everythingOf, password, rekey } from "../kit/core.ts"
import {
  changed,
  codeOfRefusal,
  disabled,
  enrol,
  eventsOf,
  freshGrant,
  linkOf,
  protectedBy,
  signInChallenge
} from "../kit/stories.ts"

const asked = { reason: "the phone was lost, case C-7F3K", requestedBy: "Casey of support" }
const lost = (accountId: AccountId) => requestReset({ accountId, ...asked })

/** Lets so much of the wait pass. */
const waits = Effect.fn("waits")(function* (accountId: AccountId, time: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update resets set requested_at = requested_at - ${time}::interval, executes_at = executes_at - ${time}::interval
    where account_id = ${accountId}`
})

/** The letters about resets, by stage. */
const toldOf = Effect.fn("toldOf")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ stage: string; channel: string; link: string | null }>`
    select letter ->> 'stage' as stage, channel, letter -> 'link' ->> 'id' as link from outbox
    where account_id = ${accountId} and letter ->> '_tag' = 'reset' order by position`
  return (stage: string) => rows.filter((row) => row.stage === stage)
})
const channels = (rows: ReadonlyArray<{ readonly channel: string }>) => rows.map(({ channel }) => channel).toSorted()

const resetsIn = (accountId: AccountId) =>
  Effect.map(eventsOf(accountId), (rows) =>
    rows.filter(({ type }) => type.startsWith("reset.")).map(({ type }) => type)
  )

layer(rekey())("a reset by support", (it) => {
  it.effect("S-59: it waits for 24 hours, and every address is told at once, with a link to stop it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      const before = yield* readTwoFactor(accountId)
      const { id, status } = yield* lost(accountId)
      assert.strictEqual(status, "waiting")
      const told = (yield* toldOf(accountId))("requested")
      assert.deepStrictEqual(channels(told), ["email", "sms"])
      assert.lengthOf([...new Set(told.map(({ link }) => link))], 1)
      const [row] = yield* sql<{ hours: number }>`
        select extract(epoch from executes_at - requested_at)::float8 / 3600 as hours from resets where id = ${id}::uuid`
      assert.strictEqual(row?.hours, 24)
      yield* waits(accountId, "23 hours 59 minutes")
      yield* executeDueResets
      yield* executeReset({ id, accountId })
      const now = yield* readTwoFactor(accountId)
      assert.strictEqual(now.reset?.id, id)
      assert.strictEqual(now.reset?.requestedBy, asked.requestedBy)
      assert.deepStrictEqual(now.methods, before.methods)
      assert.strictEqual(now.epoch, before.epoch)
    }).pipe(asPortal())
  )

  it.effect(
    "S-59: when its wait is over the method ends, every address is told, and whoever signs in has to enrol",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        yield* lost(accountId)
        yield* waits(accountId, "24 hours")
        yield* executeDueResets
        const off = yield* readTwoFactor(accountId)
        assert.deepInclude(off, { status: "disabled", mustEnrol: true, reset: null, epoch: 2 })
        assert.deepStrictEqual([...off.allowed], ["sign-in", "setup"])
        assert.deepStrictEqual(channels((yield* toldOf(accountId))("executed")), ["email", "sms"])
        assert.deepStrictEqual(yield* resetsIn(accountId), ["reset.requested", "reset.executed"])
        const done = yield* signIn({ accountId, password })
        assert.strictEqual("status" in done ? done.status : "", "signed-in")
        yield* enrol(accountId, "EMAIL")
        const on = yield* readTwoFactor(accountId)
        assert.deepInclude(on, { securityStandard: "EMAIL", mustEnrol: false })
        // The lost method is none that a link puts back.
        const seen = Option.getOrThrow(yield* readNotice(yield* linkOf(accountId)))
        assert.deepInclude(seen.can, { report: true, goBack: false })
      }).pipe(asPortal())
  )

  it.effect("S-48: its execution ends every challenge, grant and session", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* lost(accountId)
      const waiting = yield* signInChallenge(accountId)
      const grant = yield* freshGrant(accountId)
      const link = yield* linkPortal({ accountId, returnUrl: null, grant })
      const session = Option.getOrThrow(yield* openPortalLink(link.token))
      yield* waits(accountId, "24 hours")
      yield* executeDueResets
      assert.strictEqual((yield* readChallenge(waiting.id)).status, "voided")
      assert.isTrue(Option.isNone(yield* visit({ token: session })))
    }).pipe(asPortal())
  )

  it.effect(
    "S-59: the link of any notice stops it, without proof; every address is told, and the wait ends in nothing",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        yield* lost(accountId)
        const token = yield* linkOf(accountId)
        const before = yield* everythingOf(accountId)
        const seen = Option.getOrThrow(yield* readNotice(token))
        assert.strictEqual(yield* everythingOf(accountId), before, "looking at it did something")
        assert.deepInclude(seen, { kind: "reset", status: "open" })
        assert.deepInclude(seen.reset, { status: "waiting", requestedBy: asked.requestedBy })
        assert.deepStrictEqual(seen.can, { report: false, turnBackOn: false, goBack: false, stopReset: true })
        assert.strictEqual(yield* codeOfRefusal(reportNotice(token)), "link_over", "it only stops the reset")
        yield* stopReset(token)
        yield* waits(accountId, "25 hours")
        yield* executeDueResets
        const now = yield* readTwoFactor(accountId)
        assert.deepInclude(now, { status: "enabled", mustEnrol: false, reset: null, epoch: 1 })
        assert.deepStrictEqual(channels((yield* toldOf(accountId))("cancelled")), ["email", "sms"])
        assert.deepStrictEqual(yield* resetsIn(accountId), ["reset.requested", "reset.cancelled"])
        assert.strictEqual(yield* codeOfRefusal(stopReset(token)), "link_over")
        const over = Option.getOrThrow(yield* readNotice(token))
        assert.strictEqual(over.status, "used")
        assert.strictEqual(over.reset?.status, "cancelled")
      }).pipe(asPortal())
  )

  it.effect("the link to stop it stays good while the account moves on, and as long as the reset waits", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      yield* changed(accountId, "EMAIL")
      const report = yield* linkOf(accountId)
      yield* lost(accountId)
      const token = yield* linkOf(accountId)
      yield* reportNotice(report)
      assert.strictEqual(Option.getOrThrow(yield* readNotice(token)).status, "open")
      yield* stopReset(token)
      const [row] = yield* sql<{ status: string }>`select status from resets where account_id = ${accountId}`
      assert.strictEqual(row?.status, "cancelled")
    }).pipe(asPortal())
  )

  it.effect("while one waits, asking again answers with that one: the wait is the same and nobody is told anew", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const first = yield* lost(accountId)
      const before = yield* everythingOf(accountId)
      assert.deepStrictEqual(yield* requestReset({ accountId, reason: "again", requestedBy: "somebody" }), first)
      assert.strictEqual(yield* everythingOf(accountId), before)
    }).pipe(asPortal())
  )

  it.effect(
    "support takes it back; where none waits nothing happens, and where none is on there is nothing to reset",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        yield* lost(accountId)
        yield* cancelReset(accountId)
        assert.isNull((yield* readTwoFactor(accountId)).reset)
        const before = yield* everythingOf(accountId)
        yield* cancelReset(accountId)
        assert.strictEqual(yield* everythingOf(accountId), before)
        assert.strictEqual(yield* codeOfRefusal(lost(yield* anAccount())), "already_disabled")
      }).pipe(asPortal())
  )

  it.effect(
    "a change of protection by the owner cancels it, for it was of the method in force; every address is told",
    () =>
      Effect.gen(function* () {
        const [changing, disabling] = [yield* protectedBy("SMS"), yield* protectedBy("SMS")]
        for (const accountId of [changing, disabling]) yield* lost(accountId)
        yield* changed(changing, "EMAIL")
        assert.isNull((yield* disabled(disabling)).reset)
        for (const accountId of [changing, disabling]) {
          yield* waits(accountId, "25 hours")
          yield* executeDueResets
          const now = yield* readTwoFactor(accountId)
          assert.deepInclude(now, { reset: null, mustEnrol: false, epoch: 2 })
          assert.deepStrictEqual(yield* resetsIn(accountId), ["reset.requested", "reset.cancelled"])
          assert.deepStrictEqual(channels((yield* toldOf(accountId))("cancelled")), ["email", "sms"])
        }
        assert.strictEqual((yield* readTwoFactor(changing)).securityStandard, "EMAIL")
      }).pipe(asPortal())
  )

  it.effect("S-22: it is the way out of a suspended method; a freeze by the owner stays until it is lifted", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [suspended, frozen] = [yield* protectedBy("SMS"), yield* protectedBy("SMS")]
      yield* sql`update enrolments set suspended_at = now() where account_id = ${suspended}`
      yield* sql`update accounts set reported_at = now() where account_id = ${frozen}`
      for (const accountId of [suspended, frozen]) {
        yield* lost(accountId)
        yield* waits(accountId, "24 hours")
      }
      yield* executeDueResets
      yield* enrol(suspended, "EMAIL")
      assert.strictEqual((yield* readTwoFactor(suspended)).securityStandard, "EMAIL")
      const now = yield* readTwoFactor(frozen)
      assert.strictEqual(now.lock?.reason, "reported")
      const asks = setUp({ accountId: frozen, method: "EMAIL", password })
      assert.strictEqual(yield* codeOfRefusal(asks), "protection_reported")
    }).pipe(asPortal())
  )

  it.effect("ten nodes' worth of looking at once carry a reset out once", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* lost(accountId)
      yield* waits(accountId, "24 hours")
      const other = yield* anotherNode()
      yield* Effect.forEach(
        Array.from({ length: 10 }, (_, place) => place),
        (place) => (place % 2 === 0 ? executeDueResets : Effect.provide(executeDueResets, other)),
        { concurrency: "unbounded", discard: true }
      )
      assert.deepStrictEqual(yield* resetsIn(accountId), ["reset.requested", "reset.executed"])
      assert.deepInclude(yield* readTwoFactor(accountId), { status: "disabled", epoch: 2 })
      assert.deepStrictEqual(channels((yield* toldOf(accountId))("executed")), ["email", "sms"])
    }).pipe(Effect.scoped, asPortal())
  )

  it.effect("of a stop and an execution at once one happens, and it is told as it is", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* lost(accountId)
      const token = yield* linkOf(accountId)
      yield* waits(accountId, "24 hours")
      const [stopped] = yield* Effect.all([codeOfRefusal(stopReset(token)), executeDueResets], {
        concurrency: "unbounded"
      })
      const { status } = yield* readTwoFactor(accountId)
      const events = yield* resetsIn(accountId)
      if (stopped === "done") {
        assert.deepStrictEqual([status, ...events], ["enabled", "reset.requested", "reset.cancelled"])
      } else {
        assert.deepStrictEqual(
          [stopped, status, ...events],
          ["link_over", "disabled", "reset.requested", "reset.executed"]
        )
      }
    }).pipe(asPortal())
  )

  it.effect("S-79: who asked and why is in the audit trail, by support's hand", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* lost(accountId)
      const [requested] = (yield* eventsOf(accountId)).filter(({ type }) => type === "reset.requested")
      assert.strictEqual(requested?.reason, `asked for by ${asked.requestedBy}: ${asked.reason}`)
    }).pipe(asPortal())
  )
})
