import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { deleteAccount } from "../../src/account/deleteAccount.ts"
import { importAccount } from "../../src/account/importAccount.ts"
import { reportNotice } from "../../src/account/reportNotice.ts"
import { cancelReset, requestReset } from "../../src/account/reset.ts"
import { type TrailFault, verifyTrails } from "../../src/account/verifyTrails.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { anAccount, anotherNode, asPortal, password, rekey, ringOf } from "../kit/core.ts"
import { changed, disabled, enrol, linkOf, protectedBy, signInChallenge } from "../kit/stories.ts"

/** What the walk finds wrong, and what it has looked at. */
const walked = Effect.gen(function* () {
  const told: Array<TrailFault> = []
  const report = yield* verifyTrails((fault) => Effect.sync(() => told.push(fault)))
  assert.strictEqual(report.faults, told.length)
  return { told, report }
})

type Forgery = (sql: SqlClient.SqlClient) => Effect.Effect<unknown, SqlError.SqlError>

/** What somebody with the database does to the trail of an account, and what the walk says of it. */
type Forged = readonly [
  name: string,
  write: (accountId: AccountId) => Forgery,
  faults: (accountId: AccountId) => ReadonlyArray<TrailFault>
]

/** Writes what nobody may: the trigger that keeps the trail append-only is off in the same transaction. */
const behindItsBack = (write: Forgery) =>
  SqlClient.SqlClient.use((sql) =>
    sql.withTransaction(
      Effect.gen(function* () {
        yield* sql`alter table audit_events disable trigger user`
        yield* write(sql)
        yield* sql`alter table audit_events enable trigger user`
      })
    )
  )

/** The faults that a forgery brings about; it is undone afterwards. */
const faultsAfter = (write: Forgery) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const forged = sql.withTransaction(
      Effect.gen(function* () {
        yield* behindItsBack(write)
        // a failure takes the transaction back
        return yield* Effect.fail((yield* walked).told)
      })
    )
    const told = yield* Effect.flip(forged)
    assert.deepStrictEqual((yield* walked).told, [])
    return told
  })

/** An account with a story of more than ten rows. */
const aStory = Effect.gen(function* () {
  const accountId = yield* protectedBy("SMS")
  yield* changed(accountId, "EMAIL")
  yield* signInChallenge(accountId)
  return accountId
})

/** Takes a row out, and moves those after it up. */
const rowFourGone =
  (accountId: AccountId): Forgery =>
  (sql) =>
    Effect.all([
      sql`delete from audit_events where account_id = ${accountId} and sequence = 4`,
      sql`update audit_events set sequence = 1 - sequence where account_id = ${accountId} and sequence > 4`,
      sql`update audit_events set sequence = - sequence where account_id = ${accountId} and sequence < 0`
    ])

layer(rekey(), { excludeTestServices: true })("the audit trails of all accounts", (it) => {
  it.effect("S-79: whatever an account may do, its trail is whole and ends where the account is", () =>
    Effect.gen(function* () {
      const reported = yield* protectedBy("SMS")
      yield* changed(reported, "EMAIL")
      yield* reportNotice(yield* linkOf(reported)).pipe(asPortal())
      yield* disabled(yield* protectedBy("EMAIL"))
      yield* enrol(yield* anAccount(), "SMS")
      const waiting = yield* protectedBy("SMS")
      yield* requestReset({ accountId: waiting, reason: "lost", requestedBy: "tickets" }).pipe(asPortal())
      yield* cancelReset(waiting).pipe(asPortal())
      const renamed = yield* protectedBy("SMS")
      yield* importAccount({ accountId: renamed, email: "elsewhere@customer.example" }).pipe(asPortal())
      const gone = yield* aStory
      yield* deleteAccount(gone).pipe(asPortal())
      const back = yield* aStory
      yield* deleteAccount(back).pipe(asPortal())
      yield* importAccount({ accountId: back, email: "back@customer.example", password }).pipe(asPortal())
      const { told, report } = yield* walked
      assert.deepStrictEqual(told, [])
      const sql = yield* SqlClient.SqlClient
      const [counted] = yield* sql<{ rows: number; trails: number }>`
        select count(*)::int as rows, count(distinct account_id)::int as trails from audit_events`
      assert.deepStrictEqual({ rows: report.rows, trails: report.trails }, counted)
      assert.isAbove(report.trails, 6)
      assert.strictEqual(report.unproved.size, 0)
    })
  )

  const forgeries: ReadonlyArray<Forged> = [
    ...["type = 'signed_in'", "reason = 'x'", "epoch = 5000000000", "at = at + interval '1 microsecond'"].map(
      (what): Forged => [
        `a row that says something else (${what})`,
        (accountId) => (sql) =>
          sql`update audit_events set ${sql.literal(what)} where account_id = ${accountId} and sequence = 4`,
        (accountId) => [{ accountId, sequence: 4, reason: "changed" }]
      ]
    ),
    [
      "a row that names another one before it",
      (accountId) => (sql) =>
        sql`update audit_events set former = mac where account_id = ${accountId} and sequence = 4`,
      (accountId) => [{ accountId, sequence: 4, reason: "changed" }]
    ],
    [
      "a row with a longer MAC",
      (accountId) => (sql) =>
        sql`update audit_events set mac = mac || '\\x00' where account_id = ${accountId} and sequence = 4`,
      (accountId) => [{ accountId, sequence: 4, reason: "changed" }]
    ],
    [
      "a row that is gone",
      (accountId) => (sql) => sql`delete from audit_events where account_id = ${accountId} and sequence = 4`,
      (accountId) => [{ accountId, sequence: 4, reason: "missing" }]
    ],
    [
      "a row that is gone, with those after it moved up",
      rowFourGone,
      (accountId) => [{ accountId, sequence: 4, reason: "changed" }]
    ],
    [
      "two rows that changed places",
      (accountId) => (sql) =>
        Effect.forEach(
          [
            [4, -4],
            [5, 4],
            [-4, 5]
          ],
          ([from = 0, to = 0]) =>
            sql`update audit_events set sequence = ${to} where account_id = ${accountId} and sequence = ${from}`
        ),
      (accountId) => [{ accountId, sequence: 4, reason: "changed" }]
    ],
    [
      "the first rows that are gone",
      (accountId) => (sql) => sql`delete from audit_events where account_id = ${accountId} and sequence < 4`,
      (accountId) => [{ accountId, sequence: 1, reason: "missing" }]
    ],
    [
      "the last rows that are gone, back into an earlier epoch",
      (accountId) => (sql) => sql`delete from audit_events where account_id = ${accountId} and epoch > 1`,
      (accountId) => [{ accountId, reason: "apart", trail: 1, account: 2 }]
    ],
    [
      "a whole trail that is gone",
      (accountId) => (sql) => sql`delete from audit_events where account_id = ${accountId}`,
      (accountId) => [{ accountId, reason: "none" }]
    ],
    [
      "an account that was put back into an earlier epoch",
      (accountId) => (sql) => sql`update accounts set epoch = 1 where account_id = ${accountId}`,
      (accountId) => [{ accountId, reason: "apart", trail: 2, account: 1 }]
    ],
    [
      "a row of another account",
      (accountId) => (sql) =>
        sql`
        insert into audit_events (id, account_id, sequence, at, epoch, type, actor, outcome, key_id, former, mac)
        select gen_random_uuid(), 'nobody', 1, at, epoch, type, actor, outcome, key_id, former, mac from audit_events
        where account_id = ${accountId} and sequence = 1`,
      () => [{ accountId: "nobody", sequence: 1, reason: "changed" }]
    ]
  ]
  for (const [name, write, faults] of forgeries) {
    it.effect(`S-79: ${name} is told, with its place, and nothing else is`, () =>
      Effect.gen(function* () {
        const accountId = yield* aStory
        yield* aStory
        assert.deepStrictEqual<unknown>(yield* faultsAfter(write(accountId)), faults(accountId))
      })
    )
  }

  it.effect("S-77, S-79: rows of an older key are proved while it is in the ring, and counted once it is gone", () =>
    Effect.gen(function* () {
      const accountId = yield* aStory
      const withBoth = yield* anotherNode(ringOf("k2", "k1"))
      yield* signInChallenge(accountId).pipe(Effect.provide(withBoth))
      const sql = yield* SqlClient.SqlClient
      const keysIn = yield* sql<{ keyId: string; rows: number }>`
        select key_id as "keyId", count(*)::int as rows from audit_events group by 1 order by 1`
      assert.deepStrictEqual(
        keysIn.map(({ keyId }) => keyId),
        ["k1", "k2"]
      )
      const both = yield* walked.pipe(Effect.provide(withBoth))
      assert.deepStrictEqual([both.told, both.report.unproved.size], [[], 0])

      const without = yield* anotherNode(ringOf("k2"))
      const one = yield* walked.pipe(Effect.provide(without))
      assert.deepStrictEqual([one.told, [...one.report.unproved]], [[], [["k1", keysIn[0]?.rows ?? 0]]])
      const goneToo = faultsAfter(rowFourGone(accountId)).pipe(Effect.provide(without))
      assert.deepStrictEqual<unknown>(yield* goneToo, [{ accountId, sequence: 4, reason: "changed" }])

      // a row that was put under a key that nobody has is told apart from those that are proved
      yield* behindItsBack(
        (db) => db`update audit_events set key_id = 'k9', reason = 'x' where account_id = ${accountId} and sequence = 2`
      )
      const forged = yield* walked.pipe(Effect.provide(withBoth))
      assert.deepStrictEqual([...forged.report.unproved], [["k9", 1]])
    })
  )
})
