import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted, Ref, Schedule } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient, SqlError } from "effect/sql"
import { resolve } from "node:path"
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from "./EmbeddedPostgres.ts"
import { because, DatabaseFault, type EmbeddedPostgresFault } from "./postgres/faults.ts"
import { migrate } from "./postgres/migrate.ts"
import { oneOfMany, singleProcess } from "./postgres/singleProcess.ts"

export { DatabaseFault } from "./postgres/faults.ts"

/** Where the database is: a server that somebody runs, or one of our own. */
export interface DatabaseOptions {
  /** `postgres://…`; wins over `embedded`. */
  readonly url?: Redacted.Redacted | undefined
  readonly embedded?: EmbeddedPostgresOptions | undefined
  /** The numbered files to apply; by default those of this release. */
  readonly sqlDirectory?: string | undefined
}

const released = resolve(import.meta.dirname, "../../sql")

/** Nothing here takes seconds; what does is stuck and must let go of its rows and its connection. */
const patience = {
  statement_timeout: "10s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "15s"
}

const oldest = 15

/** The server by name, never with user or password. */
const whereabouts = (config: PgClient.PgClientConfig): string => {
  if (config.url === undefined) return config.path ?? "the embedded server"
  const url = URL.parse(Redacted.value(config.url))
  return url === null ? "DATABASE_URL" : (url.searchParams.get("host") ?? url.host)
}

const unusable = (config: PgClient.PgClientConfig) => (error: SqlError.SqlError) =>
  new DatabaseFault({ message: `The database at ${whereabouts(config)} cannot be used: ${because(error)}.` })

/** A server that starts at the same time as we do gets about 15 seconds to answer. */
const reach = Effect.fnUntraced(function* (config: PgClient.PgClientConfig) {
  const asked = yield* Ref.make(0)
  const version = PgClient.makeClient(config).pipe(
    Effect.flatMap((sql) => sql<{ version: string }>`select current_setting('server_version_num') as version`),
    Effect.scoped
  )
  const waiting = Ref.getAndUpdate(asked, (times) => times + 1).pipe(
    Effect.flatMap((times) =>
      times === 0 ? Effect.logInfo(`Waiting for the database at ${whereabouts(config)}`) : Effect.void
    )
  )
  const rows = yield* version.pipe(
    Effect.tapError(({ reason }) => (reason._tag === "ConnectionError" ? waiting : Effect.void)),
    Effect.retry({
      schedule: Schedule.spaced("500 millis"),
      times: 30,
      while: ({ reason }) => reason._tag === "ConnectionError"
    }),
    Effect.mapError(unusable(config))
  )
  const major = Math.floor(Number(rows[0]?.version ?? 0) / 10_000)
  if (major < oldest) {
    const message = `DATABASE_URL names a PostgreSQL ${major} server, and Rekey needs ${oldest} or newer.`
    return yield* new DatabaseFault({ message })
  }
})

const serverOf = Effect.fnUntraced(function* (options: DatabaseOptions, embedded: "start" | "visit" = "start") {
  if (options.url !== undefined) {
    if (/^postgres(ql)?:$/.test(URL.parse(Redacted.value(options.url))?.protocol ?? "")) return { url: options.url }
    return yield* new DatabaseFault({
      message: "DATABASE_URL is no address of the form postgres://user:password@host/database."
    })
  }
  if (options.embedded === undefined)
    return yield* new DatabaseFault({ message: "No database is configured: set DATABASE_URL or REKEY_DATA_DIR." })
  const server = yield* EmbeddedPostgres[embedded](options.embedded)
  return { url: server.url("postgres") }
})

/** PostgreSQL with the schema of this release: a pool that outlives a restart of the server. */
const layer = (
  options: DatabaseOptions
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, DatabaseFault | EmbeddedPostgresFault> =>
  PgClient.layerFrom(
    Effect.gen(function* () {
      const config = { ...(yield* serverOf(options)), applicationName: "rekey" }
      yield* reach(config)
      yield* migrate(config, options.sqlDirectory ?? released).pipe(
        Effect.catchTag("SqlError", (error) => Effect.fail(unusable(config)(error)))
      )
      return yield* PgClient.make({ ...config, maxConnections: 10, startupParameters: patience }).pipe(
        Effect.mapError(unusable(config))
      )
    }).pipe(Effect.provide(Reactivity.layer))
  )

/** Reading everything takes longer than a step of an account may, and holds nobody up. */
const patienceOfReaders = { statement_timeout: "5min", default_transaction_read_only: "on" }

/** The same database for whoever only reads, also beside the processes that use it: nothing in it can be written. */
const reader = (
  options: Omit<DatabaseOptions, "sqlDirectory">
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, DatabaseFault | EmbeddedPostgresFault> =>
  PgClient.layerFrom(
    Effect.gen(function* () {
      const config = { ...(yield* serverOf(options, "visit")), applicationName: "rekey reader" }
      yield* reach(config)
      return yield* PgClient.make({ ...config, maxConnections: 4, startupParameters: patienceOfReaders }).pipe(
        Effect.mapError(unusable(config))
      )
    }).pipe(Effect.provide(Reactivity.layer))
  )

/** The database of Rekey. */
export const Database = { layer, reader, singleProcess, oneOfMany }
