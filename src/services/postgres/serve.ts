import { PgClient } from "@effect/sql-pg"
import { Effect, Exit, type Redacted, Ref, Schedule } from "effect"
import { Reactivity } from "effect/reactivity"
import { readFileSync } from "node:fs"
import { chown, mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Binaries } from "./binaries.ts"
import type { Place } from "./cluster.ts"
import { EmbeddedPostgresFault } from "./faults.ts"
import { isAlive, launch, type Server, until } from "./launch.ts"
import { canEnter, found } from "./run.ts"

/** What a server is kept running with. */
export interface ServeOptions {
  readonly place: Place
  readonly binaries: Binaries
  readonly settings: Readonly<Record<string, string>>
  readonly urlIn: (socketDirectory: string) => (database: string) => Redacted.Redacted
}

const failed = (message: string) => new EmbeddedPostgresFault({ message })

/** What PostgreSQL and macOS take for the path of a socket, less the name of the socket. */
const longestDirectory = 103 - "/.s.PGSQL.5432".length

const newSocketDirectory = Effect.fnUntraced(function* ({ user }: Place) {
  const usual = tmpdir()
  const short = usual.length + "/rekey-XXXXXX".length <= longestDirectory
  const parent = short && (yield* canEnter(usual, user)) ? usual : "/tmp"
  return yield* Effect.tryPromise({
    try: async () => {
      const directory = await mkdtemp(join(parent, "rekey-")) // 0700 by itself
      if (user !== undefined) await chown(directory, user.uid, user.gid)
      return directory
    },
    catch: () =>
      new EmbeddedPostgresFault({ message: `No directory for the socket of PostgreSQL can be made in ${parent}.` })
  })
})

/** Made again where somebody has tidied it away while the server was down. */
const restoreSocketDirectory = ({ user }: Place, directory: string) =>
  Effect.tryPromise({
    try: async () => {
      if ((await mkdir(directory, { recursive: true, mode: 0o700 })) === undefined) return // it is still there
      if (user !== undefined) await chown(directory, user.uid, user.gid)
    },
    catch: () => failed(`The directory ${directory}, for the socket of PostgreSQL, cannot be made.`)
  })

const remove = (directory: string) => Effect.promise(() => rm(directory, { recursive: true, force: true }))

const answers = ({ urlIn }: Pick<ServeOptions, "urlIn">, socketDirectory: string) =>
  Effect.scoped(
    Effect.flatMap(PgClient.makeClient({ url: urlIn(socketDirectory)("postgres") }), (sql) => sql`select 1`)
  ).pipe(Effect.provide(Reactivity.layer))

/** A copied data directory names the server of the original, which answers to the same password and is not ours to take. */
const isSame = Effect.fnUntraced(function* (one: string, other: string) {
  const [here, there] = [yield* found(one), yield* found(other)]
  return here !== undefined && here.ino === there?.ino && here.dev === there.dev
})

/** The server that the cluster says is running, if one answers there to our password. */
export const running = Effect.fnUntraced(function* (options: Pick<ServeOptions, "place" | "urlIn">) {
  const { cluster } = options.place
  const written = yield* Effect.promise(() => readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => ""))
  const [first = "", runsIn = "", , , socketDirectory = ""] = written.split("\n")
  const pid = Number(first)
  if (socketDirectory === "" || !isAlive(pid)) return undefined
  const server: Server = { pid, socketDirectory, ended: until(() => !isAlive(pid), "250 millis") }
  if (Exit.isFailure(yield* Effect.exit(answers(options, socketDirectory)))) return undefined
  if (yield* isSame(cluster, runsIn)) return server
  return yield* failed(
    `${cluster} was copied or moved from ${runsIn}, whose database is running (process ${pid}): stop that one first.`
  )
})

const stop = Effect.fnUntraced(function* ({ pid, ended }: Server) {
  const signal = (name: NodeJS.Signals) => Effect.sync(() => isAlive(pid) && process.kill(pid, name))
  yield* signal("SIGINT") // fast shutdown: transactions are rolled back, what was committed is written out
  yield* ended.pipe(
    Effect.timeoutOrElse({
      duration: "10 seconds",
      orElse: () =>
        Effect.logWarning("PostgreSQL did not stop in 10 seconds and is ended at once: its next start recovers").pipe(
          Effect.andThen(signal("SIGQUIT")),
          Effect.andThen(Effect.timeoutOption(ended, "5 seconds"))
        )
    })
  )
})

const lastWords = (log: string) => {
  const lines = readFileSync(log, "utf8").trim().split("\n")
  const line = lines.findLast((one) => /FATAL|PANIC/.test(one)) ?? lines.at(-1) ?? ""
  return line.replace(/^.*(FATAL|PANIC): +/, "")
}

const started = Effect.fnUntraced(function* (options: ServeOptions, socketDirectory: string) {
  const { place, binaries, settings } = options
  const log = join(place.base, "postgres.log")
  const server = yield* launch({ program: binaries.postgres, place, settings, socketDirectory, log })
  yield* answers(options, socketDirectory).pipe(
    Effect.retry({
      schedule: Schedule.spaced("30 millis"),
      while: ({ reason }) => reason._tag !== "AuthenticationError" && isAlive(server.pid)
    }),
    Effect.timeout("60 seconds"),
    Effect.mapError((error) => {
      if (error._tag === "TimeoutError") return failed(`PostgreSQL did not start within a minute; its log is ${log}.`)
      return error.reason._tag === "AuthenticationError"
        ? failed(
            `The password kept in ${place.base} is not that of the database in ${place.cluster}: restore both from one backup.`
          )
        : failed(`PostgreSQL did not start in ${place.cluster}: ${lastWords(log)}`)
    }),
    Effect.onError(() => stop(server))
  )
  return server
})

/** What PostgreSQL says while the server before it, or one of that one's children, is still there. */
const isOccupied = ({ message }: EmbeddedPostgresFault) => /postmaster\.pid" already exists|still in use/.test(message)

const takeOrStart = (options: ServeOptions, socketDirectory: string) =>
  Effect.gen(function* () {
    const there = yield* running(options)
    if (there === undefined) {
      yield* restoreSocketDirectory(options.place, socketDirectory)
      return yield* started(options, socketDirectory)
    }
    yield* Effect.logInfo("Taking over the PostgreSQL that a killed process left running")
    return there
  }).pipe(Effect.retry({ schedule: Schedule.spaced("500 millis"), times: 40, while: isOccupied }))

/** Keeps a server of this cluster running until the scope closes; answers with the directory of its socket. */
export const serve = Effect.fn("EmbeddedPostgres.serve")(function* (options: ServeOptions) {
  const fresh = yield* Effect.acquireRelease(newSocketDirectory(options.place), remove)
  const first = yield* Effect.acquireRelease(
    Effect.flatMap(Effect.interruptible(takeOrStart(options, fresh)), Ref.make),
    (current) => Effect.flatMap(Ref.get(current), stop)
  )
  const { socketDirectory } = yield* Ref.get(first)
  if (socketDirectory !== fresh) yield* Effect.addFinalizer(() => remove(socketDirectory))
  yield* Ref.get(first).pipe(
    Effect.flatMap(({ ended }) => ended),
    Effect.andThen(Effect.logError("PostgreSQL ended by itself: starting it again")),
    Effect.andThen(takeOrStart(options, socketDirectory)),
    Effect.flatMap((next) => Ref.set(first, next)),
    Effect.tapError((fault) => Effect.logError(fault.message)),
    Effect.retry(Schedule.spaced("5 seconds")),
    Effect.forever,
    Effect.forkScoped
  )
  return socketDirectory
})
