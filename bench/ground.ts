import { PgClient } from "@effect/sql-pg"
import { Data, Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { EmbeddedPostgres } from "../src/services/EmbeddedPostgres.ts"

/** Why nothing was measured, in one sentence. */
export class BenchRefused extends Data.TaggedError("BenchRefused")<{ readonly message: string }> {}

/** The database that is measured, and whose server it is. */
export interface Ground {
  readonly url: Redacted.Redacted
  readonly server: string
}

const temporary = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "rekey-bench-"))),
  (directory) => Effect.promise(() => rm(directory, { recursive: true, force: true }))
)

/** Durable as in production: what it costs to keep a commit is part of what is measured. */
const settings = { shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.track": "all" }

const started = Effect.gen(function* () {
  const server = yield* EmbeddedPostgres.start({ dataDir: yield* temporary, settings })
  return { url: server.url("postgres"), server: "started for this run" } satisfies Ground
})

/** What was made here goes again, so that the database is empty for the next run too. */
const emptyAgain = SqlClient.SqlClient.use((sql) => sql`drop schema public cascade`.unprepared).pipe(
  Effect.andThen(SqlClient.SqlClient.use((sql) => sql`create schema public`.unprepared)),
  Effect.orDie
)

const given = Effect.fnUntraced(function* (text: string) {
  const url = Redacted.make(text, { label: "DATABASE_URL" })
  const admin = PgClient.layer({ url, maxConnections: 1 })
  const [found] = yield* SqlClient.SqlClient.use(
    (sql) => sql<{ things: number }>`
      select count(*)::int as things from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
  ).pipe(
    Effect.provide(admin),
    Effect.mapError(() => new BenchRefused({ message: "The database of DATABASE_URL does not answer." }))
  )
  if (found?.things !== 0) {
    const message = "The database of DATABASE_URL is not empty: give the benchmarks one with nothing in it."
    return yield* new BenchRefused({ message })
  }
  yield* Effect.addFinalizer(() => Effect.orDie(Effect.provide(emptyAgain, admin)))
  return { url, server: "that of DATABASE_URL" } satisfies Ground
})

/** An empty database: that of `DATABASE_URL`, or of a server that lives as long as the scope. */
export const ground = Effect.gen(function* () {
  const text = process.env["DATABASE_URL"]?.trim() ?? ""
  return yield* text === "" ? started : given(text)
})
