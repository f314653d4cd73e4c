import { Effect, Redacted } from "effect"
import { resolve } from "node:path"
import { binariesFor } from "./postgres/binaries.ts"
import { clusterIn, lock, placeFor, superuser } from "./postgres/cluster.ts"
import { serve } from "./postgres/serve.ts"
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
  const login = `${superuser}:${encodeURIComponent(password)}`
  const urlIn = (socketDirectory: string) => (database: string) =>
    Redacted.make(`postgres://${login}@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`)
  const socketDirectory = yield* serve({ place, binaries, settings: options.settings ?? {}, urlIn })
  return { socketDirectory, url: urlIn(socketDirectory) } satisfies EmbeddedServer
})

/** The PostgreSQL that Rekey brings along. */
export const EmbeddedPostgres = { start }
