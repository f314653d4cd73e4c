import { PgClient } from "@effect/sql-pg"
import { Data, Effect, Exit, Redacted, References, Schedule } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { binariesFor } from "../../src/services/postgres/binaries.ts"
import { clusterIn, placeFor, superuser } from "../../src/services/postgres/cluster.ts"
import { isAlive, launch, type Server, until } from "../../src/services/postgres/launch.ts"
import { isRoot } from "../../src/services/postgres/run.ts"

class NotReady extends Data.TaggedError("NotReady")<{ readonly message: string }> {}

const socketName = ".s.PGSQL.5432"
const temporary = isRoot() ? "/tmp" : tmpdir()

/** What is lost in a crash of the machine is lost with the run; a crash of the server loses nothing. */
const hasty = { fsync: "off", full_page_writes: "off", shared_buffers: "64MB" }

/** Copies made by root belong to the server's user again. */
const own = (path: string, uid: number, gid: number): void => {
  chownSync(path, uid, gid)
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), uid, gid)
}

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

/** A PostgreSQL of the harness' own, which it may kill, stop, fill and put back; gone when the scope closes. */
export const ownPostgres = Effect.fn("ownPostgres")(function* (settings: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(temporary, "rekey-faults-"))
  const dataDir = join(folder, "data")
  const socketDirectory = join(folder, "s")
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true, force: true })))
  mkdirSync(dataDir, { mode: 0o711 })
  mkdirSync(socketDirectory, { mode: 0o700 })
  chmodSync(folder, 0o711)
  const place = yield* placeFor(dataDir, "/var/lib/rekey")
  if (place.user !== undefined) chownSync(socketDirectory, place.user.uid, place.user.gid)
  const binaries = yield* binariesFor({ home: isRoot() ? "/var/lib/rekey" : dataDir, user: place.user })
  const password = yield* quietly(clusterIn(place, binaries, false))
  const login = `${superuser}:${encodeURIComponent(password)}`
  let server: Server | undefined

  /** Straight to the server, past every link. */
  const direct = (database: string) =>
    Redacted.make(`postgres://${login}@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`)
  const ask = <A, E>(database: string, question: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
    Effect.scoped(Effect.flatMap(PgClient.makeClient({ url: direct(database) }), question)).pipe(
      Effect.provide(Reactivity.layer)
    )

  const start = Effect.gen(function* () {
    const started = yield* launch({
      program: binaries.postgres,
      place,
      settings: { ...hasty, ...settings },
      socketDirectory,
      log: join(folder, "postgres.log")
    })
    server = started
    yield* ask("postgres", (sql) => sql`select 1`).pipe(
      Effect.retry({ schedule: Schedule.spaced("30 millis"), times: 1000, while: () => isAlive(started.pid) })
    )
  }).pipe(
    // the children of one that was killed are still there for a moment
    Effect.mapError(() => new NotReady({ message: "PostgreSQL does not start" })),
    Effect.retry({ schedule: Schedule.spaced("200 millis"), times: 50 }),
    Effect.orDie
  )
  const end = (signal: NodeJS.Signals) =>
    Effect.suspend(() => {
      if (server === undefined || !isAlive(server.pid)) return Effect.void
      const { pid } = server
      process.kill(pid, signal)
      return until(() => !isAlive(pid), "20 millis")
    })
  yield* Effect.addFinalizer(() => end("SIGQUIT"))
  yield* start

  const backUp = join(folder, "back-up")
  /** The data directory of the stopped server, put aside or put back. */
  const copy = (from: string, to: string) =>
    Effect.sync(() => {
      rmSync(to, { recursive: true, force: true })
      cpSync(from, to, { recursive: true, preserveTimestamps: true })
      if (place.user === undefined) return
      const { uid, gid } = place.user
      own(to, uid, gid)
    })
  return {
    ask,
    direct,
    socket: join(socketDirectory, socketName),
    urlAt: (port: number, database: string) => `postgres://${login}@127.0.0.1:${port}/${database}`,
    password,
    start,
    /** Fast: what runs is rolled back. */
    stop: end("SIGINT"),
    /** Immediate: the next start recovers from the log. */
    crash: end("SIGQUIT"),
    /** Its children find out by themselves. */
    kill: end("SIGKILL"),
    save: copy(place.cluster, backUp),
    putBack: copy(backUp, place.cluster),
    answers: Effect.map(Effect.exit(ask("postgres", (sql) => sql`select 1`)), Exit.isSuccess)
  }
})
export type OwnPostgres = Effect.Success<ReturnType<typeof ownPostgres>>
