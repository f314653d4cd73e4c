import { PgClient } from "@effect/sql-pg"
import { Duration, Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { because, DatabaseFault } from "./faults.ts"

interface SqlFile {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly sha256: string
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly sha256: string
}

/** Any number will do, as long as every release uses the same one. */
const migrating = 7_393_551

const ledger = `
create table if not exists migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default statement_timestamp()
);
comment on table migrations is 'The files of sql/ that made this database, in the form in which they were applied.';`

const readFiles = (directory: string) =>
  Effect.tryPromise({
    try: async (): Promise<ReadonlyArray<SqlFile>> => {
      const names = (await readdir(directory)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).toSorted()
      return Promise.all(
        names.map(async (name) => {
          // A checkout with other line ends is still the same file.
          const text = (await readFile(join(directory, name), "utf8")).replaceAll("\r\n", "\n")
          return {
            number: Number(name.slice(0, 4)),
            name,
            text,
            sha256: createHash("sha256").update(text).digest("hex")
          }
        })
      )
    },
    catch: () => new DatabaseFault({ message: `The SQL files in ${directory} cannot be read.` })
  })

/** The driver takes one statement a query, and PL/pgSQL's EXECUTE takes many: so a file goes through a DO block. */
const script = (text: string) => `do $rekey_do$ begin execute $rekey_sql$\n${text}\n$rekey_sql$; end $rekey_do$`

/** The first thing that is wrong between what was applied and the files of this release. */
const discord = (files: ReadonlyArray<SqlFile>, applied: ReadonlyArray<Applied>): string | undefined => {
  for (const [index, file] of files.entries()) {
    if (files[index + 1]?.number === file.number)
      return `Two files in sql/ have the number ${file.name.slice(0, 4)}: ${file.name} and ${files[index + 1]?.name}.`
  }
  const newest = files.at(-1)?.number ?? 0
  for (const row of applied) {
    const file = files.find(({ number }) => number === row.number)
    if (file === undefined && row.number > newest)
      return `The database was made by a newer Rekey (it has ${row.name}): start that release again, or restore a backup of this one's.`
    if (file === undefined) return `sql/${row.name} made this database and is gone: restore the released file.`
    if (file.name !== row.name || file.sha256 !== row.sha256)
      return `sql/${file.name} is no longer the file that made this database (${row.name}): restore the released file, and put changes into a new one.`
  }
  const last = applied.at(-1)?.number ?? 0
  const late = files.find(({ number }) => number < last && !applied.some((row) => row.number === number))
  return late === undefined
    ? undefined
    : `sql/${late.name} came too late: the database already has a later file; give it the next number.`
}

const apply = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, file: SqlFile) {
  const [took] = yield* sql
    .unsafe(script(file.text))
    .unprepared.pipe(
      Effect.andThen(
        sql`insert into migrations ${sql.insert({ number: file.number, name: file.name, sha256: file.sha256 })}`
      ),
      sql.withTransaction,
      Effect.timed
    )
  yield* Effect.logInfo(`Applied sql/${file.name} (${Math.round(Duration.toMillis(took))} ms)`)
})

/** Who comes second waits for the first, then finds nothing left to do. */
const alone = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [tried] = yield* sql<{ mine: boolean }>`select pg_try_advisory_lock(${migrating}) as mine`
  if (tried?.mine === true) return
  yield* Effect.logInfo("Another process is updating this database: waiting for it")
  yield* sql`select pg_advisory_lock(${migrating})`
})

/**
 * Brings a database up to the files of `directory`, on a connection of its own that knows no time-out; each file is a
 * transaction, and the lock ends with the connection.
 */
export const migrate = Effect.fn("Database.migrate")(function* (config: PgClient.PgClientConfig, directory: string) {
  const files = yield* readFiles(directory)
  const sql = yield* PgClient.makeClient({
    ...config,
    startupParameters: { statement_timeout: "0", lock_timeout: "0", idle_in_transaction_session_timeout: "0" }
  })
  yield* alone(sql)
  yield* sql.unsafe(script(ledger))
  const applied = yield* sql<Applied>`select number, name, sha256 from migrations order by number`
  const wrong = discord(files, applied)
  if (wrong !== undefined) return yield* new DatabaseFault({ message: wrong })
  const done = new Set(applied.map(({ number }) => number))
  for (const file of files.filter(({ number }) => !done.has(number))) {
    yield* apply(sql, file).pipe(
      Effect.mapError(
        (error: SqlError.SqlError) => new DatabaseFault({ message: `sql/${file.name} failed: ${because(error)}.` })
      )
    )
  }
}, Effect.scoped)
