import { assert, layer } from "@effect/vitest"
import { Array, Effect, Ref, Result, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { setUp } from "../../src/account/setUp.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { anAccount, asPortal, password, rekey } from "../kit/core.ts"

const soon = { schedule: Schedule.spaced("20 millis"), times: 400 }

/** An account with that many further events. */
const busyAccount = Effect.fn(function* (events: number) {
  const accountId = yield* anAccount()
  const sql = yield* SqlClient.SqlClient
  for (let event = 0; event < events / 2; event++) {
    yield* setUp({ accountId, method: "EMAIL", password })
    yield* sql`delete from rate_limits`
  }
  return accountId
}, asPortal())

// On the real clock: the feed waits for every open transaction of the server, also for those of other tests.
layer(rekey(), { excludeTestServices: true })("the audit trail", (it) => {
  it.effect("shows an account's events newest first, page by page, to the end and each once", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const accountId = yield* busyAccount(24)
      const seen = Array.empty<string>()
      let before: string | undefined
      do {
        const page = yield* audit.ofAccount(accountId, { before, limit: 7 })
        seen.push(...page.events.map(({ id }) => id))
        before = page.next ?? undefined
      } while (before !== undefined)
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql<{ id: string }>`
        select id from audit_events where account_id = ${accountId} order by audit_events.sequence desc`
      assert.isAbove(rows.length, 20)
      assert.deepStrictEqual(
        seen,
        rows.map(({ id }) => id)
      )
    })
  )

  it.effect("the feed gives every event once, oldest first, and its cursor waits at the end", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const start = (yield* audit.feed({ limit: 200 })).next
      const accountId = yield* busyAccount(6)
      const whole = (yield* audit.ofAccount(accountId, { limit: 200 })).events.map(({ id }) => id)
      const followed = yield* Ref.make({ after: start, seen: Array.empty<string>() })
      const follow = Effect.gen(function* () {
        const { after, seen } = yield* Ref.get(followed)
        const page = yield* audit.feed({ after, limit: 2 })
        const ids = page.events.filter((event) => event.accountId === accountId).map(({ id }) => id)
        yield* Ref.set(followed, { after: page.next, seen: [...seen, ...ids] })
        return seen.length + ids.length >= whole.length && page.events.length === 0
      })
      yield* follow.pipe(
        Effect.filterOrFail((atTheEnd) => atTheEnd),
        Effect.retry(soon)
      )
      const { after, seen } = yield* Ref.get(followed)
      assert.deepStrictEqual(seen.toReversed(), whole)
      assert.deepStrictEqual(yield* audit.feed({ after, limit: 2 }), { events: [], next: after })
    })
  )

  it.effect(
    "the feed never skips: an event whose writer is still open holds back those that were committed after it",
    () =>
      Effect.gen(function* () {
        const audit = yield* AuditTrail
        const sql = yield* SqlClient.SqlClient
        const { next } = yield* audit.feed({ limit: 200 })
        const insert = (account: string) => sql`
        insert into audit_events (id, account_id, sequence, at, epoch, type, actor, outcome, key_id, former, mac)
        values (gen_random_uuid(), ${account}, 1, now(), 1, 'signed_in', 'customer', 'succeeded', 'k1', '', '')`
        const inBetween = yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* insert("slow-writer")
            yield* Effect.promise(() => Promise.resolve())
            return yield* Effect.scoped(
              Effect.gen(function* () {
                const other = yield* sql.reserve
                yield* other.executeUnprepared(
                  `insert into audit_events (id, account_id, sequence, at, epoch, type, actor, outcome, key_id, former, mac)
                 values (gen_random_uuid(), 'quick-writer', 1, now(), 1, 'signed_in', 'customer', 'succeeded', 'k1', '', '')`,
                  [],
                  undefined
                )
                return yield* audit.feed({ after: next, limit: 200 })
              })
            )
          })
        )
        assert.deepStrictEqual(inBetween.events, [])
        const afterwards = yield* audit.feed({ after: inBetween.next, limit: 200 }).pipe(
          Effect.filterOrFail(({ events }) => events.length === 2),
          Effect.retry(soon)
        )
        assert.deepStrictEqual(
          afterwards.events.map(({ accountId }) => accountId as string),
          ["slow-writer", "quick-writer"]
        )
      })
  )

  it.effect("S-79: a chain with a row missing says where", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* busyAccount(4)
      yield* sql`alter table audit_events disable trigger audit_events_stay`
      yield* sql`delete from audit_events where account_id = ${accountId} and sequence = 3`
      yield* sql`alter table audit_events enable trigger audit_events_stay`
      assert.deepStrictEqual(yield* audit.verify(accountId), Result.fail({ sequence: 3, reason: "missing" as const }))
    })
  )

  it.effect("S-79: what a portal sends cannot begin a new line in the trail", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const accountId = yield* anAccount()
      yield* setUp({ accountId, method: "EMAIL", password }).pipe(
        asPortal({ client: { userAgent: "Mozilla\r\nsigned_in succeeded" } })
      )
      const [newest] = (yield* audit.ofAccount(accountId, { limit: 1 })).events
      assert.strictEqual(newest?.client?.userAgent, "Mozilla\\u000d\\u000asigned_in succeeded")
    })
  )
})
