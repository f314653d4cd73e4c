import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { testDatabaseUrl } from "../kit/database.ts"
import { aLink } from "./link.ts"
import { type Rule, statements } from "./statements.ts"

/** A client whose statements lead through a link that rules over them. */
const behind = Effect.fnUntraced(function* (rule: Rule) {
  const url = new URL(yield* testDatabaseUrl)
  const path = `${url.searchParams.get("host") ?? ""}/.s.PGSQL.5432`
  const link = yield* aLink({ path }, { tap: statements(rule) })
  const direct = yield* PgClient.makeClient({ url: Redacted.make(url.href) })
  url.search = ""
  url.host = `127.0.0.1:${link.port}`
  const sql = yield* PgClient.makeClient({ url: Redacted.make(url.href) })
  yield* direct`create table things (name text)`
  return { sql, names: direct<{ name: string }>`select name from things order by name`, link }
}, Effect.provide(Reactivity.layer))

const isWrite = (statement: string) => statement.includes("insert into")

it.live("statements pass through the link as they are, also those that are prepared and sent again", () =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const { sql } = yield* behind((asked) => {
      seen.push(...asked)
      return { as: "passed" }
    })
    for (const name of ["a", "b", "c"]) yield* sql`insert into things (name) values (${name})`
    assert.deepStrictEqual(yield* sql`select count(*)::int as count from things`, [{ count: 3 }])
    assert.lengthOf(seen.filter(isWrite), 3)
  }).pipe(Effect.scoped)
)

it.live("on a full disk a write fails with 53100 and does nothing, and the connection goes on", () =>
  Effect.gen(function* () {
    const { sql, names } = yield* behind((asked) => ({ as: asked.some(isWrite) ? "diskFull" : "passed" }))
    const failed = yield* Effect.flip(sql`insert into things (name) values ('a')`)
    assert.include(JSON.stringify(failed.reason.cause), "53100")
    assert.deepStrictEqual(yield* sql`select count(*)::int as count from things`, [{ count: 0 }])
    const transaction = sql.withTransaction(sql`insert into things (name) values ('b')`)
    assert.isTrue(Exit.isFailure(yield* Effect.exit(transaction)))
    assert.deepStrictEqual(yield* names, [])
  }).pipe(Effect.scoped)
)

it.live("a statement that is unanswered was done, one that is swallowed was not", () =>
  Effect.gen(function* () {
    for (const as of ["unanswered", "swallowed"] as const) {
      let over = () => {}
      const { sql, names, link } = yield* behind((asked) =>
        asked.some(isWrite) ? { as, after: () => over() } : { as: "passed" }
      )
      over = link.drop
      assert.isTrue(Exit.isFailure(yield* Effect.exit(sql`insert into things (name) values ('a')`)))
      assert.deepStrictEqual(yield* names, as === "unanswered" ? [{ name: "a" }] : [])
    }
  }).pipe(Effect.scoped)
)
