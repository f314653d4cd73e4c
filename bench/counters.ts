import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"

/** PostgreSQL's own counters, since ever. */
export interface Counters {
  /** Null where `pg_stat_statements` is not there. */
  readonly statements: number | null
  /** begin, commit, rollback. */
  readonly control: number | null
  readonly commits: number
  readonly writeTransactions: number
  readonly walBytes: number
  readonly walSyncs: number | null
}

/** As many as the pool of `Database.ts` has. */
export const connections = 10

/** Makes `pg_stat_statements` count, where the server has it loaded. */
export const countStatements = SqlClient.SqlClient.use((sql) =>
  sql`create extension if not exists pg_stat_statements`.unprepared.pipe(
    Effect.andThen(sql`select 1 from pg_stat_statements limit 1`.unprepared)
  )
).pipe(
  Effect.as(true),
  Effect.catchTag("SqlError", () => Effect.succeed(false))
)

const read = Effect.fnUntraced(function* (statementsCounted: boolean) {
  const sql = yield* SqlClient.SqlClient
  // A session counts for itself and reports about once a second, unless it is told to at its next rest.
  yield* Effect.all(
    Array.from({ length: connections }, () => sql`select pg_stat_force_next_flush(), pg_sleep(0.15)`),
    { concurrency: "unbounded" }
  )
  yield* Effect.sleep("100 millis")
  const [version] = yield* sql<{ number: number }>`select current_setting('server_version_num')::int as number`
  const [row] = yield* sql<{ commits: number; xid: number; wal: number }>`
    select (select xact_commit::float8 from pg_stat_database where datname = current_database()) as commits,
      pg_current_xact_id()::text::float8 as xid, (pg_current_wal_insert_lsn() - '0/0')::float8 as wal`
  const [syncs] = yield* (version?.number ?? 0) >= 180_000
    ? sql<{ count: number }>`select sum(fsyncs)::float8 as count from pg_stat_io where object = 'wal'`
    : sql<{ count: number }>`select wal_sync::float8 as count from pg_stat_wal`
  const [calls] = statementsCounted
    ? yield* sql<{ statements: number; control: number }>`
        select coalesce(sum(calls) filter (where query !~* ${control}), 0)::float8 as statements,
          coalesce(sum(calls) filter (where query ~* ${control}), 0)::float8 as control
        from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())`
    : []
  return {
    statements: calls?.statements ?? null,
    control: calls?.control ?? null,
    commits: row?.commits ?? 0,
    writeTransactions: row?.xid ?? 0,
    walBytes: row?.wal ?? 0,
    walSyncs: syncs?.count ?? null
  } satisfies Counters
})

const control = "^\\s*(begin|commit|rollback|savepoint|release|start transaction)"

const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)

const between = (before: Counters, after: Counters): Counters => ({
  statements: less(after.statements, before.statements),
  control: less(after.control, before.control),
  commits: after.commits - before.commits,
  writeTransactions: after.writeTransactions - before.writeTransactions,
  walBytes: after.walBytes - before.walBytes,
  walSyncs: less(after.walSyncs, before.walSyncs)
})

/** What this work costs the database, less what looking costs; a checkpoint before, so that runs resemble each other. */
export const counted = Effect.fnUntraced(function* <A, E, R>(statementsCounted: boolean, work: Effect.Effect<A, E, R>) {
  yield* read(statementsCounted) // the first look plans and prepares
  const idle = yield* read(statementsCounted)
  const before = yield* read(statementsCounted)
  yield* work
  const after = yield* read(statementsCounted)
  return between(between(idle, before), between(before, after))
})

const ticksASecond = 100

/** Fields of a stat line after the name, which may hold anything. */
const fields = (pid: string): ReadonlyArray<string> => {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
  } catch {
    return []
  }
}

const spent = (stat: ReadonlyArray<string>, places: ReadonlyArray<number>) =>
  places.reduce((sum, place) => sum + Number(stat[place] ?? 0), 0)

/** CPU seconds of the server with all its sessions, the ended ones too; null where it is not of this machine. */
export const serverCpu = Effect.fnUntraced(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ pid: string; backend: number }>`
    select split_part(pg_read_file('postmaster.pid'), E'\n', 1) as pid, pg_backend_pid() as backend`.pipe(
    Effect.catchTag("SqlError", () => Effect.succeed([]))
  )
  // The session's parent is the postmaster, or these are numbers of another machine.
  if (row === undefined || fields(String(row.backend))[1] !== row.pid) return null
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && fields(name)[1] === row.pid)
  const own = spent(fields(row.pid), [11, 12, 13, 14])
  return children.reduce((sum, pid) => sum + spent(fields(pid), [11, 12]), own) / ticksASecond
})
