import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Binaries } from "./binaries.ts"
import { EmbeddedPostgresFault } from "./faults.ts"
import { canEnter, found, isRoot, nobody, openFolder, run, type ServerUser } from "./run.ts"

/** The role that owns everything in an embedded cluster. */
export const superuser = "rekey"

/** Where the database of a data directory is, and whose. */
export interface Place {
  /** Holds the cluster, its password and its log. */
  readonly base: string
  readonly cluster: string
  readonly user: ServerUser | undefined
}

const onDisk = <A>(what: string, attempt: () => Promise<A>) =>
  Effect.tryPromise({
    try: attempt,
    catch: (cause) =>
      new EmbeddedPostgresFault({ message: `${what} (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).` })
  })

/** Takes the lock file of a directory at once or not at all; `errcode` 5 says that another process has it. */
const hold = (dataDir: string) => {
  const held = new DatabaseSync(join(dataDir, "lock"), { timeout: 0 })
  try {
    held.exec("begin exclusive")
    return held
  } catch (cause) {
    held.close()
    throw cause
  }
}

const inUse = "Another Rekey is running on "

/** Whether another process has the data directory. */
export const isInUse = ({ message }: EmbeddedPostgresFault): boolean => message.startsWith(inUse)

/**
 * Makes the data directory and keeps it for this process. Node itself locks no files, SQLite does: the lock is the
 * system's, so it ends with the process, however that ends, and holds across containers.
 */
export const lock = Effect.fn("EmbeddedPostgres.lock")(function* (dataDir: string) {
  yield* onDisk(`${dataDir} cannot be used as data directory`, () => mkdir(dataDir, { recursive: true, mode: 0o700 }))
  return yield* Effect.acquireRelease(
    Effect.try({
      try: () => hold(dataDir),
      catch: (cause) => {
        const busy = (cause as { readonly errcode?: number }).errcode === 5
        const message = busy
          ? `${inUse}${dataDir}: stop it first, or set REKEY_DATA_DIR to another directory.`
          : `${dataDir} cannot be locked for this process (${cause instanceof Error ? cause.message : String(cause)}).`
        return new EmbeddedPostgresFault({ message })
      }
    }),
    (held) => Effect.sync(() => held.close())
  )
})

/** Group `nobody` may pass through, and nobody else may anything: its keys are for us alone. */
const letThrough = async (folder: string) => {
  await chown(folder, 0, nobody.gid)
  await chmod(folder, 0o710)
}

const ownFiles = /^(lock|keys|postgres)(?![^.-])/

const moved = (dataDir: string) => join(dataDir, "postgres.location")

const newBase = Effect.fnUntraced(function* (dataDir: string, shared: string, owner: number) {
  // A directory of somebody else's, or one with other things in it (such as /tmp), is not ours to open or close.
  if (owner === 0)
    yield* onDisk(`${dataDir} cannot be prepared`, async () => {
      if ((await readdir(dataDir)).every((name) => ownFiles.test(name))) await letThrough(dataDir)
    })
  if (yield* canEnter(dataDir, nobody)) return dataDir
  const base = yield* onDisk(`${shared} cannot be prepared`, async () => {
    await openFolder(shared)
    const folder = await mkdtemp(join(shared, "data-"))
    await letThrough(folder)
    await writeFile(moved(dataDir), `${folder}\n`, { mode: 0o600 })
    return folder
  })
  yield* Effect.logInfo(`PostgreSQL runs as nobody, who cannot reach ${dataDir}: the database is kept in ${base}`)
  return base
})

/** Finds the database of a data directory or the place for a new one; as root, one that the server's user can reach. */
export const placeFor = Effect.fn("EmbeddedPostgres.place")(function* (dataDir: string, shared: string) {
  const there = yield* placeIn(dataDir)
  if (there !== undefined) return there
  const base = isRoot() ? yield* newBase(dataDir, shared, (yield* found(dataDir))?.uid ?? 0) : dataDir
  return { base, cluster: join(base, "postgres"), user: isRoot() ? nobody : undefined } satisfies Place
})

/** Finds the database of a data directory, if there is one. */
export const placeIn = Effect.fnUntraced(function* (dataDir: string) {
  const elsewhere = yield* onDisk(`${moved(dataDir)}, which says where the database is, cannot be read`, () =>
    readFile(moved(dataDir), "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return ""
      throw cause
    })
  )
  const known = elsewhere.trim() === "" ? dataDir : elsewhere.trim()
  const cluster = join(known, "postgres")
  const owner = yield* found(cluster)
  if (owner === undefined) return undefined
  if (!isRoot() && owner.uid !== process.getuid?.()) {
    const message = `The database in ${cluster} belongs to another user of this machine: start Rekey as that user or as root.`
    return yield* new EmbeddedPostgresFault({ message })
  }
  const user = isRoot() ? { uid: owner.uid, gid: owner.gid } : undefined
  if (!(yield* canEnter(cluster, user))) {
    const message = `PostgreSQL, which does not run as root, can no longer reach its data in ${cluster}: open the directories above it to that user, or start Rekey as the owner.`
    return yield* new EmbeddedPostgresFault({ message })
  }
  return { base: known, cluster, user } satisfies Place
})

const passwordIn = (base: string) => join(base, "postgres.password")

const notMade = (base: string, said: string): string =>
  said.includes("could not look up effective user ID")
    ? "PostgreSQL runs only as a user that has a name on this system: give this one an entry in /etc/passwd, or set DATABASE_URL."
    : `No database could be made in ${base}: ${said}`

const make = Effect.fnUntraced(function* ({ base, cluster, user }: Place, binaries: Binaries, durable: boolean) {
  yield* Effect.logInfo("Making a new database: a few seconds, the first time only")
  const making = `${cluster}.new`
  yield* onDisk(`A new database cannot be made in ${base}`, async () => {
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { mode: 0o700 })
    await rm(passwordIn(base), { force: true })
    await writeFile(passwordIn(base), randomBytes(24).toString("base64url"), { mode: 0o600 })
    if (user === undefined) return
    await chown(making, user.uid, user.gid)
    await chown(passwordIn(base), user.uid, user.gid)
  })
  const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
  const access = ["--auth=scram-sha-256", `--username=${superuser}`, `--pwfile=${passwordIn(base)}`]
  const sync = durable ? [] : ["--no-sync"]
  yield* run(binaries.initdb, ["-D", making, ...locale, ...access, ...sync], user).pipe(
    Effect.mapError(({ message }) => new EmbeddedPostgresFault({ message: notMade(base, message) }))
  )
  // Under its name only when complete: a process killed half-way starts over.
  yield* onDisk(`A new database cannot be put into ${base}`, () => rename(making, cluster))
  yield* Effect.logInfo(`The database is in ${cluster}`)
})

/** Makes the cluster where there is none; answers with the password of its superuser. */
export const clusterIn = Effect.fn("EmbeddedPostgres.cluster")(function* (
  place: Place,
  binaries: Binaries,
  durable: boolean
) {
  const { cluster } = place
  if ((yield* found(cluster)) === undefined) yield* make(place, binaries, durable)
  const major = yield* onDisk(`${cluster} is no PostgreSQL data directory`, () =>
    readFile(join(cluster, "PG_VERSION"), "utf8")
  )
  if (Number(major) !== binaries.major) {
    const message = `The database in ${cluster} is of PostgreSQL ${major.trim()} and this Rekey brings ${binaries.major}: copy it with pg_upgrade or pg_dump of both versions, or go back to the release that made it.`
    return yield* new EmbeddedPostgresFault({ message })
  }
  return yield* passwordOf(place)
})

/** The password of the superuser of a cluster that is there. */
export const passwordOf = ({ base }: Place) =>
  onDisk(`${passwordIn(base)}, the password of the database, cannot be read`, () => readFile(passwordIn(base), "utf8"))
