import type { Effect } from "effect"
import type * as measure from "./measure.ts"
import { atLeast, atMost, percent, type Row, shown } from "./report.ts"

type Success<F extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Effect.Success<ReturnType<F>>

/** Everything that was measured in one run. */
export interface Results {
  readonly machine: { readonly cores: number; readonly processor: string; readonly database: string }
  readonly journeys: ReadonlyArray<{
    readonly name: string
    readonly hashes: number
    readonly cost: Success<typeof measure.cost>
    readonly hashed: Success<typeof measure.withHash>
    readonly unhashed: Success<typeof measure.allButHash>
    readonly alone: Success<typeof measure.statementsAlone>
  }>
  readonly letters: Success<typeof measure.costWithLetters>
  readonly beside: Success<typeof measure.verifyBesideHashes>
  readonly whole: Success<typeof measure.wholeService>
}

/** The contract's way of the article, for which the goals are. */
const promised = "disable + set-up + verify"

const megabyte = 1024 * 1024
const milliseconds = (seconds: number | null, journeys: number) =>
  shown(seconds === null ? null : (seconds / journeys) * 1000, " ms")

const loadRows = (load: Results["whole"]["http"]): ReadonlyArray<Row> => [
  { what: "journeys a second", value: shown(load.perSecond) },
  { what: "p50 and p99 of 16 at once", value: `${shown(load.p50)} and ${shown(load.p99)} ms` },
  { what: "CPU a journey, this process", value: milliseconds(load.cpuSeconds.node, load.done) },
  { what: "CPU a journey, PostgreSQL", value: milliseconds(load.cpuSeconds.server, load.done) }
]

const journeySection = ({ name, hashes, cost, hashed, unhashed, alone }: Results["journeys"][number]) => {
  const limit = alone.pgbench ?? alone.driver
  const goals = name === promised
  return {
    title: name,
    rows: [
      atLeast(`share of the bare hash rate (${shown(hashed.hashesPerSecond)} a second)`, hashed.share, 0.8),
      {
        what: "share of hashes and statements one after the other",
        value: percent(hashed.load.perSecond * (hashes / hashed.hashesPerSecond + 1 / limit))
      },
      {
        what: "the hash's share of all CPU time",
        value: hashed.cpuShare === null ? "not counted here" : percent(hashed.cpuShare)
      },
      ...loadRows(hashed.load).slice(0, 2),
      {
        what: `CPU a journey with ${hashes} hash${hashes > 1 ? "es" : ""}`,
        value: milliseconds(hashed.load.cpuSeconds.node, hashed.load.done)
      },
      ...loadRows(unhashed).map((row) => ({ ...row, what: `without the hash: ${row.what}` })),
      {
        what: `its ${alone.statements} statements alone through ${alone.pgbench === undefined ? "the driver, for want of pgbench" : "pgbench"}`,
        value: `${shown(limit)} a second`
      },
      { what: "share of that without the hash", value: percent(unhashed.perSecond / limit) },
      {
        what: "the driver's share of pgbench",
        value: alone.pgbench === undefined ? "–" : percent(alone.driver / alone.pgbench)
      },
      goals
        ? atMost("SQL statements, checks of foreign keys included", cost.statements, 14)
        : { what: "SQL statements, checks of foreign keys included", value: shown(cost.statements) },
      { what: "begin, commit, rollback", value: shown(cost.control) },
      goals
        ? atMost("write transactions", cost.writeTransactions, 3)
        : { what: "write transactions", value: shown(cost.writeTransactions) },
      { what: "commits, reads included", value: shown(cost.commits) },
      { what: "WAL", value: shown(cost.walBytes / 1024, " KiB") },
      { what: "WAL flushes", value: shown(cost.walSyncs) }
    ] satisfies ReadonlyArray<Row>
  }
}

/** The table, by subject. */
export const sectionsOf = ({ machine, journeys, letters, beside, whole }: Results) => [
  {
    title: "Where",
    rows: [
      { what: "processor", value: `${machine.cores} × ${machine.processor}` },
      { what: "PostgreSQL", value: machine.database }
    ] satisfies ReadonlyArray<Row>
  },
  ...journeys.map(journeySection),
  {
    title: `${promised}, letters sent`,
    rows: [
      { what: "SQL statements", value: shown(letters.statements) },
      { what: "write transactions", value: shown(letters.writeTransactions) },
      { what: "WAL", value: shown(letters.walBytes / 1024, " KiB") }
    ] satisfies ReadonlyArray<Row>
  },
  {
    title: "verify, which hashes nothing, beside 16 password checks",
    rows: [
      atMost("p99", beside.p99, 15, " ms"),
      { what: "p50", value: shown(beside.p50, " ms") },
      {
        what: "p50 and p99 without password checks",
        value: `${shown(beside.alone.p50)} and ${shown(beside.alone.p99)} ms`
      },
      { what: "p99 of the event loop's delay", value: shown(beside.eventLoopDelayP99, " ms") }
    ] satisfies ReadonlyArray<Row>
  },
  {
    title: `The whole service: ${promised} over HTTP, letters sent, the code read by SQL`,
    rows: loadRows(whole.http)
  },
  {
    title: "A hosted page, read from the database each time",
    rows: [
      atMost("CPU a page, this process", whole.pages?.node ?? Number.NaN, 5, " ms"),
      { what: "CPU a page, PostgreSQL", value: shown(whole.pages?.server ?? null, " ms") }
    ] satisfies ReadonlyArray<Row>
  },
  {
    title: `Its memory after ${whole.accounts} accounts`,
    rows: [
      atMost("resident set, idle again", whole.idle.rssBytes / megabyte, 250, " MB"),
      { what: "heap then", value: shown(whole.idle.heapBytes / megabyte, " MB") },
      { what: "resident set at once", value: shown(whole.atOnce.rssBytes / megabyte, " MB") },
      { what: "heap at once", value: shown(whole.atOnce.heapBytes / megabyte, " MB") },
      { what: "an idle account actor", value: shown(whole.bytesAnActor / 1024, " KiB") }
    ] satisfies ReadonlyArray<Row>
  }
]
