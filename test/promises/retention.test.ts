import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { batch } from "../../src/services/batch.ts"
import { sweep } from "../../src/services/Housekeeping.ts"
import { anAccount, rekey } from "../kit/core.ts"
import { purged } from "../kit/oldRows.ts"
import { quietly } from "../kit/postgres.ts"

const folder = join(import.meta.dirname, "../../sql")
const tables = readdirSync(folder).flatMap((file) =>
  [...readFileSync(join(folder, file), "utf8").matchAll(/\bcreate table (\w+)/g)].map(([, table = ""]) => table)
)

/** Tables that nothing is purged from, each with its reason. */
const keptForEver: Readonly<Record<string, string>> = {
  accounts: "A customer, as long as the portal has them: it deletes them.",
  audit_events: "The audit trail: append-only, and it outlives its account (S-79).",
  enrolments: "What protected an account, and from when to when: one row a change, gone with its account.",
  slack_links: "Who sees an account's status: gone with its account, or when either side ends it.",
  feed_positions: "One row a follower of the feed, of which there are a fixed few."
}

describe("retention", () => {
  for (const table of tables) {
    it(`S-27: ${table} is swept, or it is written why not`, () => {
      const isPurged = purged[table] !== undefined
      assert.strictEqual(isPurged, keptForEver[table] === undefined, `${table} is in both lists or in neither`)
      const { rows = [] } = purged[table] ?? {}
      if (isPurged) assert.deepStrictEqual(new Set(rows.map((row) => row.stays)), new Set([true, false]))
    })
  }

  it("no list names a table that is not there", () => {
    assert.deepStrictEqual([...Object.keys(purged), ...Object.keys(keptForEver)].toSorted(), tables.toSorted())
  })
})

layer(rekey(), { excludeTestServices: true })("the sweep", (it) => {
  for (const [table, { key, rows }] of Object.entries(purged)) {
    it.effect(`S-27: ${table}: what can no longer matter is deleted, and nothing else`, () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const made = yield* Effect.forEach(
          rows,
          Effect.fnUntraced(function* (row) {
            const known = randomUUID()
            yield* row.insert(sql, known, yield* anAccount())
            return { ...row, known }
          })
        )
        yield* sweep
        const left = yield* sql<{ known: string }>`select ${sql.literal(key)}::text as known from ${sql(table)}`
        const names = (which: boolean) => made.filter((row) => row.stays === which).map(({ name }) => name)
        const isLeft = new Set(left.map(({ known }) => known))
        assert.deepStrictEqual(
          made.filter(({ known }) => isLeft.has(known)).map(({ name }) => name),
          names(true)
        )
      })
    )
  }

  it.effect("goes on batch after batch until nothing old is left", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`insert into slack_requests select 'many-' || n, now() - interval '3 hours'
        from generate_series(1, ${2 * batch + 1}) n`
      yield* sweep
      const left = yield* sql`select from slack_requests where key like 'many-%'`
      assert.lengthOf(left, 0)
    })
  )

  it.effect("a table that cannot be swept holds up no other", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`insert into slack_requests values ('other', now() - interval '3 hours')`
      yield* sql`insert into alerts (id, alarm, at) values (gen_random_uuid(), 'other', now() - interval '91 days')`
      yield* sql`alter table idempotency_keys rename to away`
      yield* quietly(sweep)
      yield* sql`alter table away rename to idempotency_keys`
      assert.lengthOf(yield* sql`select from slack_requests where key = 'other'`, 0)
      assert.lengthOf(yield* sql`select from alerts where alarm = 'other'`, 0)
    })
  )
})
