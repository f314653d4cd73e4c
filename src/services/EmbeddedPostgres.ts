import { Effect, Redacted, Schedule } from "effect"
import { resolve } from "node:path"
import { binariesFor } from "./postgres/binaries.ts"
import { clusterIn, isInUse, lock, passwordOf, placeFor, placeIn, superuser } from "./postgres/cluster.ts"
import { EmbeddedPostgresFault } from "./postgres/faults.ts"
import { running, serve } from "./postgres/serve.ts"
import { isRoot } from "./postgres/run.ts"

export { EmbeddedPostgresFault } from "./postgres/faults.ts"

/** What an embedded server is started with. */
export interface EmbeddedPostgresOptions {
  /** Made where it is missing, 0700. */
  readonly dataDir: string
  /** Further `-c` settings of the server; with `fsync` off the cluster is made without it too. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** The `native` folder of a platform package; by default that of node_modules. */
  readonly native?: string | undefined
  /** As root: where the server's user can reach what it cannot reach elsewhere; by default `/var/lib/rekey`. */
  readonly shared?: string | undefined
}

/** A running server, reached through a socket that only its user and root can open. */
export interface EmbeddedServer {
  readonly socketDirectory: string
  /** Whose password is inside: for the client, never for a log. */
  readonly url: (database: string) => Redacted.Redacted
}

const urlsWith = (password: string) => (socketDirectory: string) => (database: string) =>
  Redacted.make(
    `postgres://${superuser}:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`
  )

/**
 * Runs PostgreSQL from npm for as long as the scope is open, one process a data directory: makes the cluster where
 * there is none, takes over a server that a killed process left behind, starts it again should it die.
 */
const start = Effect.fn("EmbeddedPostgres.start")(function* (options: EmbeddedPostgresOptions) {
  const dataDir = resolve(options.dataDir)
  yield* lock(dataDir)
  const shared = options.shared ?? "/var/lib/rekey"
  const place = yield* placeFor(dataDir, shared)
  // A copy of this directory names the same place.
  if (place.base !== dataDir) yield* lock(place.base)
  const binaries = yield* binariesFor({
    native: options.native,
    home: isRoot() ? shared : dataDir,
    user: place.user
  })
  const password = yield* clusterIn(place, binaries, options.settings?.["fsync"] !== "off")
  const urlIn = urlsWith(password)
  const socketDirectory = yield* serve({ place, binaries, settings: options.settings ?? {}, urlIn })
  return { socketDirectory, url: urlIn(socketDirectory) } satisfies EmbeddedServer
})

/**
 * The server of a data directory for whoever only looks: one that runs is used and left to the process that it belongs
 * to, else it is started for as long as the scope is open. Nothing is made where there is no database.
 */
const visit = Effect.fn("EmbeddedPostgres.visit")(function* (options: EmbeddedPostgresOptions) {
  const dataDir = resolve(options.dataDir)
  const place = yield* placeIn(dataDir)
  if (place === undefined) {
    const message = `There is no database in ${dataDir}: set REKEY_DATA_DIR to the directory that has one, or DATABASE_URL.`
    return yield* new EmbeddedPostgresFault({ message })
  }
  const urlIn = urlsWith(yield* passwordOf(place))
  return yield* Effect.gen(function* () {
    const there = yield* running({ place, urlIn })
    if (there === undefined) return yield* start(options)
    const { socketDirectory } = there
    return { socketDirectory, url: urlIn(socketDirectory) } satisfies EmbeddedServer
  }).pipe(
    // Whoever holds the directory is about to start its server, or has just stopped it.
    Effect.retry({ schedule: Schedule.spaced("500 millis"), times: 30, while: isInUse })
  )
})

/** The PostgreSQL that Rekey brings along. */
export const EmbeddedPostgres = { start, visit }
