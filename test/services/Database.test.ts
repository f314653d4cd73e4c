import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { join } from "node:path"
import { Database } from "../../src/services/Database.ts"
import { EmbeddedPostgres } from "../../src/services/EmbeddedPostgres.ts"
import { emptyDatabaseUrl, testDatabaseUrl } from "../kit/database.ts"
import { quietly, temporary } from "../kit/postgres.ts"

const released = join(import.meta.dirname, "../../sql")

const aFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(temporary, "rekey-database-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const aCopyOfSql = Effect.map(aFolder, (folder) => {
  cpSync(released, folder, { recursive: true })
  return folder
})

const open = (url: string, sqlDirectory = released) =>
  quietly(Layer.build(Layer.fresh(Database.layer({ url: Redacted.make(url), sqlDirectory }))))

const faultOf = (url: string, sqlDirectory?: string) =>
  Effect.map(Effect.flip(Effect.scoped(open(url, sqlDirectory))), ({ message }) => message)

const ask = <A extends object>(statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe<A>(statement))

/** Until the database answers as expected; the test's time limit is the only other end. */
const eventually = <A, E, R>(attempt: Effect.Effect<A, E, R>, expected: (answer: A) => boolean = () => true) =>
  attempt.pipe(Effect.filterOrFail(expected), Effect.retry(Schedule.spaced("100 millis")))

describe("Database", { timeout: 60_000 }, () => {
  it.live("two processes that start at once on an empty database both find every migration applied, once", () =>
    Effect.gen(function* () {
      const url = yield* emptyDatabaseUrl
      const [one] = yield* Effect.all([open(url), open(url)], { concurrency: 2 })
      const applied = yield* ask("select name from migrations order by number").pipe(Effect.provideContext(one))
      assert.deepStrictEqual(
        applied,
        readdirSync(released)
          .toSorted()
          .map((name) => ({ name }))
      )
    })
  )

  it.live("a session gives up soon: statements, locks and idle transactions have their limits", () =>
    Effect.gen(function* () {
      const context = yield* open(yield* testDatabaseUrl)
      const limits = yield* ask(
        `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
          current_setting('idle_in_transaction_session_timeout') as idle, current_setting('application_name') as name`
      ).pipe(Effect.provideContext(context))
      assert.deepStrictEqual(limits, [{ statement: "10s", lock: "5s", idle: "15s", name: "rekey" }])
    })
  )

  it.live("a released file that was edited or removed ends the start in one sentence", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      const sql = yield* aCopyOfSql
      const file = join(sql, "0002_challenges.sql")
      const text = readFileSync(file, "utf8")
      writeFileSync(file, text.replaceAll("\n", "\r\n"))
      yield* Effect.scoped(open(url, sql)) // other line ends are no edit
      writeFileSync(file, `${text}\n-- edited`)
      assert.strictEqual(
        yield* faultOf(url, sql),
        "sql/0002_challenges.sql is no longer the file that made this database (0002_challenges.sql): restore the released file, and put changes into a new one."
      )
      rmSync(file)
      assert.strictEqual(
        yield* faultOf(url, sql),
        "sql/0002_challenges.sql made this database and is gone: restore the released file."
      )
    })
  )

  it.live("a database newer than the code ends the start in one sentence", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      const sql = yield* aCopyOfSql
      writeFileSync(join(sql, "0999_newer.sql"), "create table newer (one integer);")
      yield* Effect.scoped(open(url, sql))
      assert.strictEqual(
        yield* faultOf(url),
        "The database was made by a newer Rekey (it has 0999_newer.sql): start that release again, or restore a backup of this one's."
      )
    })
  )

  it.live("a file that fails leaves nothing of itself behind and is named", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      const sql = yield* aCopyOfSql
      writeFileSync(join(sql, "0999_broken.sql"), "create table half (one integer); select 1 / 0;")
      assert.match(yield* faultOf(url, sql), /^sql\/0999_broken\.sql failed: division by zero\.$/)
      const context = yield* open(url)
      const left = yield* ask(
        "select to_regclass('half') is null as gone, count(*)::int as rows from migrations where number = 999"
      ).pipe(Effect.provideContext(context))
      assert.deepStrictEqual(left, [{ gone: true, rows: 0 }])
    })
  )

  it.live("a file that came after a later one, or has another's number, is refused", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      const sql = yield* aCopyOfSql
      writeFileSync(join(sql, "0000_late.sql"), "select 1;")
      assert.match(yield* faultOf(url, sql), /^sql\/0000_late\.sql came too late/)
      rmSync(join(sql, "0000_late.sql"))
      writeFileSync(join(sql, "0002_twin.sql"), "select 1;")
      assert.match(yield* faultOf(url, sql), /^Two files in sql\/ have the number 0002/)
    })
  )

  it.live("what stands in the way of a connection is said in one sentence without the password", () =>
    Effect.gen(function* () {
      const url = new URL(yield* testDatabaseUrl)
      url.pathname = "/nowhere"
      assert.match(
        yield* faultOf(url.href),
        /^The database at \S+ cannot be used: database "nowhere" does not exist\.$/
      )
      url.password = "guessed-wrong"
      const refused = yield* faultOf(url.href)
      assert.match(refused, /^The database at \S+ cannot be used: password authentication failed for user "rekey"\.$/)
      assert.strictEqual(
        yield* faultOf("postgres://rekey:guessed-wrong@[nonsense/db"),
        "DATABASE_URL is no address of the form postgres://user:password@host/database."
      )
    })
  )

  it.live("a server that comes up a little later than Rekey is waited for", () =>
    Effect.gen(function* () {
      const url = new URL(yield* testDatabaseUrl)
      const folder = yield* aFolder
      const socketDirectory = url.searchParams.get("host") ?? ""
      url.searchParams.set("host", folder)
      const opening = yield* Effect.forkChild(open(url.href))
      const relay = createServer((incoming) => {
        const outgoing = connect(join(socketDirectory, ".s.PGSQL.5432"))
        incoming.pipe(outgoing)
        outgoing.pipe(incoming)
        incoming.on("error", () => outgoing.destroy())
        outgoing.on("error", () => incoming.destroy())
      })
      yield* Effect.acquireRelease(
        Effect.sync(() => relay.listen(join(folder, ".s.PGSQL.5432"))),
        () => Effect.sync(() => relay.close())
      )
      const context = yield* Fiber.join(opening)
      assert.deepStrictEqual(yield* ask("select 1 as one").pipe(Effect.provideContext(context)), [{ one: 1 }])
    })
  )

  it.live("the pool survives that the server is stopped at once and started again", () =>
    Effect.gen(function* () {
      const dataDir = yield* aFolder
      const server = yield* quietly(EmbeddedPostgres.start({ dataDir, settings: { fsync: "off" } }))
      const context = yield* open(Redacted.value(server.url("postgres")))
      yield* ask("insert into rate_limits values ('kept', '{}', 1, now())").pipe(Effect.provideContext(context))
      const pid = Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0])
      process.kill(pid, "SIGQUIT")
      const rows = yield* eventually(
        ask("select subject from rate_limits where pg_postmaster_start_time() > now() - interval '1 hour'")
      ).pipe(Effect.provideContext(context))
      assert.deepStrictEqual(rows, [{ subject: "kept" }])
    })
  )
})

describe("a single process", { timeout: 60_000 }, () => {
  const hold = (context: Effect.Success<ReturnType<typeof open>>) =>
    Layer.build(Layer.fresh(Database.singleProcess)).pipe(quietly, Effect.provideContext(context))

  it.live("a second Rekey on the same database waits for the first one, then ends in one sentence", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      yield* hold(yield* open(url))
      const fault = yield* Effect.flip(Effect.scoped(Effect.flatMap(open(url), hold)))
      assert.strictEqual(
        fault.message,
        "Another Rekey is running on this database: stop it first, or give this one a database of its own."
      )
    })
  )

  it.live("a second Rekey takes over as soon as the first one has ended", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* hold(yield* open(url))
        })
      )
      yield* hold(yield* open(url))
    })
  )

  it.live("nodes hold it together, and a process that wants it alone waits for the last of them", () =>
    Effect.gen(function* () {
      const url = yield* testDatabaseUrl
      const together = (context: Effect.Success<ReturnType<typeof open>>) =>
        Layer.build(Layer.fresh(Database.oneOfMany)).pipe(quietly, Effect.provideContext(context))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* together(yield* open(url))
          yield* together(yield* open(url))
          const fault = yield* Effect.flip(Effect.scoped(Effect.flatMap(open(url), hold)))
          assert.include(fault.message, "Another Rekey is running on this database")
        })
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* hold(yield* open(url))
          const fault = yield* Effect.flip(Effect.scoped(Effect.flatMap(open(url), together)))
          assert.include(fault.message, "Another Rekey is running on this database")
        })
      )
    })
  )

  it.live("the lock is taken again when its connection is lost", () =>
    Effect.gen(function* () {
      const context = yield* open(yield* testDatabaseUrl)
      yield* hold(context)
      const holders = ask<{ pid: number }>(
        "select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"
      ).pipe(Effect.provideContext(context))
      const before = (yield* holders)[0]?.pid
      yield* ask(`select pg_terminate_backend(${before})`).pipe(Effect.provideContext(context))
      yield* eventually(holders, (rows) => rows.length === 1 && rows[0]?.pid !== before)
    })
  )
})
