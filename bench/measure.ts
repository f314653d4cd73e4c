import { Effect, Layer, type Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { monitorEventLoopDelay } from "node:perf_hooks"
import type { AccountId } from "../src/domain/ids.ts"
import * as Courier from "../src/services/Courier.ts"
import { Mailer } from "../src/services/Mailer.ts"
import { PasswordVerifier } from "../src/services/PasswordVerifier.ts"
import { Settings } from "../src/settings.ts"
import { connections, counted, type Counters, serverCpu } from "./counters.ts"
import { type BareHash, bareHash } from "./hashRate.ts"
import { answerRightly, challenged, type Journey } from "./journeys.ts"
import { type Load, percentile, timed, timesOf, underLoad } from "./load.ts"
import { asPortal, knowingTheCode, password, people, withoutHash } from "./people.ts"
import { pgbenchThere, recorded, renamed, throughDriver, throughPgbench, twins } from "./replay.ts"
import { type Service, service, touch, walkOverHttp } from "./service.ts"

/** More than there are connections, fewer than may wait for a hash. */
const atOnce = 16

type Way = ReturnType<Journey["walk"]>

const walked = (journey: Journey) => (accountId: AccountId) => {
  const way: Effect.Effect<unknown, Effect.Error<Way>, Effect.Services<Way>> = journey.walk(accountId)
  return way.pipe(knowingTheCode, asPortal)
}

/** Compiles what is hot, and runs each statement so often on each connection that its plan is kept. */
export const warmUp = Effect.fn("warmUp")(function* (journeys: ReadonlyArray<Journey>) {
  for (const journey of journeys) {
    yield* Effect.forEach(yield* people(100, journey.starts), walked(journey), { concurrency: atOnce }).pipe(
      withoutHash
    )
  }
})

/** Each counter divided by the number of journeys. */
const each = (counters: Counters, count: number): Counters => ({
  statements: counters.statements === null ? null : counters.statements / count,
  control: counters.control === null ? null : counters.control / count,
  commits: counters.commits / count,
  writeTransactions: counters.writeTransactions / count,
  walBytes: counters.walBytes / count,
  walSyncs: counters.walSyncs === null ? null : counters.walSyncs / count
})

/** What one journey costs the database, one journey at a time. */
export const cost = Effect.fn("cost")(function* (journey: Journey, statementsCounted: boolean) {
  const count = 25
  const accounts = yield* people(count, journey.starts)
  const work = Effect.forEach(accounts, walked(journey), { discard: true }).pipe(withoutHash)
  return each(yield* counted(statementsCounted, work), count)
})

const swiftMailer = Layer.succeed(
  Mailer,
  Mailer.of({ send: () => Effect.succeed({ detail: "250 taken" }), health: Effect.void })
)

/** The same with its letters: the courier runs, and who takes them answers at once. */
export const costWithLetters = Effect.fn("costWithLetters")(function* (journey: Journey, statementsCounted: boolean) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`delete from outbox`
  const count = 25
  const accounts = yield* people(count, journey.starts)
  const drained = sql<{ left: number }>`
    select count(*)::int as left from outbox where state in ('queued', 'deferred') and not_before < now()`.pipe(
    Effect.delay("100 millis"),
    Effect.repeat({ until: ([row]) => row?.left === 0 })
  )
  const work = Effect.forEach(accounts, walked(journey), { discard: true }).pipe(
    withoutHash,
    Effect.andThen(drained),
    Effect.provide(Courier.layer.pipe(Layer.provide(swiftMailer)))
  )
  return each(yield* counted(statementsCounted, work), count)
})

/** So often the bare hash and the journey take turns: a shared machine is not the same one a few seconds later. */
const turns = 6

const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)

/** A journey with the hash and the bare hash in turns. */
export const withHash = Effect.fn("withHash")(function* (journey: Journey, seconds: number) {
  const { passwordCost } = yield* Settings
  const sliceSeconds = seconds / turns
  const loads: Array<Load> = []
  const bare: Array<BareHash> = []
  for (let turn = 0; turn < turns; turn++) {
    const accounts = yield* people(Math.ceil(sliceSeconds * 400) + atOnce, journey.starts)
    bare.push(yield* Effect.promise(() => bareHash(passwordCost, sliceSeconds / 2)))
    loads.push(
      yield* underLoad({
        seconds: sliceSeconds,
        atOnce,
        items: accounts,
        work: walked(journey),
        serverCpu: serverCpu()
      })
    )
    bare.push(yield* Effect.promise(() => bareHash(passwordCost, sliceSeconds / 2)))
  }
  const done = sum(loads.map((load) => load.done))
  const elapsed = sum(loads.map((load) => load.seconds))
  const hashesPerSecond = sum(bare.map((one) => one.done)) / sum(bare.map((one) => one.seconds))
  const server = loads.map((load) => load.cpuSeconds.server)
  const load: Load = {
    done,
    seconds: elapsed,
    perSecond: done / elapsed,
    took: loads.flatMap(({ took }) => took),
    cpuSeconds: {
      node: sum(loads.map((one) => one.cpuSeconds.node)),
      server: server.includes(null) ? null : sum(server.map((one) => one ?? 0))
    }
  }
  const hashCpuSeconds = (sum(bare.map((one) => one.cpuSeconds)) / sum(bare.map((one) => one.done))) * journey.hashes
  return {
    load: timesOf(load),
    hashesPerSecond,
    share: (load.perSecond * journey.hashes) / hashesPerSecond,
    /** What part of all CPU time is the hash's own: what the share would be on a machine with nothing else to do. */
    cpuShare:
      load.cpuSeconds.server === null
        ? null
        : hashCpuSeconds / ((load.cpuSeconds.node + load.cpuSeconds.server) / load.done)
  }
})

/** A journey with all but the hash. */
export const allButHash = Effect.fn("allButHash")(function* (journey: Journey, seconds: number) {
  const accounts = yield* people(Math.ceil(seconds * 1500), journey.starts)
  return yield* underLoad({ seconds, atOnce, items: accounts, work: walked(journey), serverCpu: serverCpu() }).pipe(
    withoutHash,
    Effect.map(timesOf)
  )
})

/** How fast the database alone takes the statements of a journey. */
export const statementsAlone = Effect.fn("statementsAlone")(function* (
  journey: Journey,
  url: Redacted.Redacted,
  count: number
) {
  const sql = yield* SqlClient.SqlClient
  const accounts = yield* people(count, journey.starts)
  const own = (accounts[0] ?? "").replace(/-.*$/, "")
  const [from, first, second] = [`${own}-`, `${own}driver-`, `${own}pgbench-`] as const
  yield* twins(from, first, "5")
  yield* twins(from, second, "6")
  const tapes = yield* Effect.forEach(accounts, (accountId) => recorded(walked(journey)(accountId))).pipe(withoutHash)
  const as = (to: string, version: string) => tapes.map((tape) => renamed(tape, from, to, version))
  yield* sql`delete from rate_limits`
  const driver = yield* throughDriver(as(first, "5"), atOnce)
  yield* sql`delete from rate_limits`
  const pgbench = (yield* pgbenchThere) ? yield* throughPgbench(url, as(second, "6"), connections) : undefined
  // statements that found something else than the recorded ones would have cost something else
  const [ended] = yield* sql<{ versions: number }>`select count(distinct version)::int as versions from accounts
    where starts_with(account_id, ${from}) or starts_with(account_id, ${first})
      or (${pgbench !== undefined} and starts_with(account_id, ${second}))`
  if (ended?.versions !== 1) return yield* Effect.die("the replayed statements did not do what the recorded ones did")
  return { driver, pgbench, statements: (tapes.at(-1) ?? []).length }
})

/** How long a verify takes, which needs no hash, while sixteen password checks are asked for all the time. */
export const verifyBesideHashes = Effect.fn("verifyBesideHashes")(function* (count: number) {
  const passwords = yield* PasswordVerifier
  const stored = yield* passwords.hash(password)
  const begun = Effect.flatMap(people(count, "SMS"), (accounts) =>
    Effect.forEach(accounts, (id) => challenged(id).pipe(asPortal), { concurrency: 8 })
  ).pipe(withoutHash)
  const verified = (challenges: Effect.Success<typeof begun>) =>
    Effect.forEach(challenges, (challenge) =>
      timed(answerRightly(challenge).pipe(knowingTheCode, asPortal)).pipe(Effect.delay("2 millis"))
    )
  const alone = yield* Effect.flatMap(begun, verified)
  const challenges = yield* begun
  const crowd = Effect.all(
    Array.from({ length: 16 }, () => Effect.forever(passwords.verify(stored, password))),
    { concurrency: "unbounded" }
  )
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const took = yield* Effect.raceFirst(verified(challenges), crowd)
  delay.disable()
  return {
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    alone: { p50: percentile(alone, 0.5), p99: percentile(alone, 0.99) },
    eventLoopDelayP99: delay.percentile(99) / 1e6
  }
})

/** The pages of an account whose method is on, looked at one after the other. */
const looks = ["", "/manage", "/disable", "/change", "/activity"].map((path) => `/account/security${path}`)

/** What a page costs, session and account read and all: it hashes nothing. */
const pagesOf = Effect.fnUntraced(function* (running: Service, accountId: AccountId, rounds: number) {
  const cookie = yield* running.enter(accountId)
  const look = Effect.forEach(looks, (path) => running.page(path, cookie), { discard: true })
  yield* Effect.repeat(look, { times: 20 })
  const [node, server] = [yield* running.cpuSeconds, yield* serverCpu()]
  yield* Effect.repeat(look, { times: rounds - 1 })
  const [nodeAfter, serverAfter] = [yield* running.cpuSeconds, yield* serverCpu()]
  const pages = rounds * looks.length
  return {
    node: ((nodeAfter - node) / pages) * 1000,
    server: server === null || serverAfter === null ? null : ((serverAfter - server) / pages) * 1000
  }
})

/** How long nobody comes before a process counts as idle: the actors leave after ten seconds, or a round later. */
const actorsLeave = "22 seconds"
/** V8 keeps the pages of a collected heap for some seconds more before the system has them back. */
const pagesReturn = "22 seconds"

/** The whole service in a process of its own: journeys over HTTP, then its memory before and after so many accounts. */
export const wholeService = Effect.fn("wholeService")(function* (
  url: Redacted.Redacted,
  accounts: number,
  seconds: number
) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`delete from outbox`
  const walkers = yield* people(Math.ceil(seconds * 200), "SMS")
  const sleepers = yield* people(accounts, "off")
  const reader = (yield* people(1, "SMS"))[0]
  const running = yield* service(url)
  const pages = reader === undefined ? null : yield* pagesOf(running, reader, 100)
  yield* Effect.forEach(walkers.splice(0, 40), (id) => walkOverHttp(running, id), { concurrency: 8 })
  const http = yield* underLoad({
    seconds,
    atOnce,
    items: walkers,
    work: (id) => walkOverHttp(running, id),
    serverCpu: serverCpu()
  }).pipe(Effect.map(timesOf))
  // the letters that still wait would be counted as memory of the actors
  yield* sql`delete from outbox`
  const touched = (ids: ReadonlyArray<AccountId>) =>
    Effect.forEach(ids, (id) => touch(running, id), { concurrency: 16, discard: true })
  yield* touched(sleepers.splice(0, 500))
  const before = yield* running.memory
  // so few that none has left again by the end
  const few = sleepers.splice(0, 1000)
  yield* touched(few)
  const resident = yield* running.memory
  yield* touched(sleepers)
  const after = yield* running.memory
  yield* Effect.sleep(actorsLeave)
  yield* running.memory
  yield* Effect.sleep(pagesReturn)
  const idle = yield* running.memory
  return {
    http,
    pages,
    accounts,
    bytesAnActor: (resident.heapUsed - before.heapUsed) / few.length,
    atOnce: { rssBytes: after.rss, heapBytes: after.heapUsed },
    idle: { rssBytes: idle.rss, heapBytes: idle.heapUsed, heapTotalBytes: idle.heapTotal }
  }
}, Effect.scoped)
