import { Effect, Layer, Redacted } from "effect"
import { SqlClient, Statement } from "effect/sql"
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

/** One statement as it went to the driver. */
export interface Recorded {
  readonly text: string
  readonly params: ReadonlyArray<unknown>
}

let tape: Array<Recorded> | undefined

/** Hears every statement of the programs and actors that stand on it; notes them while `recorded` runs. */
export const recorder = Layer.succeed(Statement.CurrentTransformer, (statement) =>
  Effect.sync(() => {
    const [text, params] = statement.compile()
    tape?.push({ text, params })
    return statement
  })
)

/** The statements of this work, of which there is one piece at a time. */
export const recorded = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<ReadonlyArray<Recorded>, E, R> =>
  Effect.suspend(() => {
    const own: Array<Recorded> = []
    tape = own
    return work.pipe(Effect.ensuring(Effect.sync(() => (tape = undefined))), Effect.as(own))
  })

/** All ids are random ones, version 4; their twins have another digit there, which no other id has. */
const uuids = /\b([0-9a-f]{8}-[0-9a-f]{4}-)4([0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\b/g

/** The accounts with this prefix once more under another, with ids of this version, for `renamed`. */
export const twins = Effect.fn("twins")(function* (from: string, to: string, version: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`insert into accounts select (jsonb_populate_record(a,
      jsonb_build_object('account_id', replace(account_id, ${from}, ${to})))).*
    from accounts a where starts_with(account_id, ${from})`
  yield* sql`insert into enrolments select (jsonb_populate_record(e,
      jsonb_build_object('account_id', replace(account_id, ${from}, ${to}), 'id', overlay(id::text placing ${version} from 15)))).*
    from enrolments e where starts_with(account_id, ${from})`
})

/** The same statements for these twins, who are found as the first ones were. */
export const renamed = (statements: ReadonlyArray<Recorded>, from: string, to: string, version: string) => {
  const other = (text: string) => text.replaceAll(from, to).replace(uuids, `$1${version}$2`)
  return statements.map(({ text, params }): Recorded => ({
    text,
    params: params.map((param) => (typeof param === "string" ? other(param) : param))
  }))
}

/** Journeys a second of statements alone, through the driver that Rekey uses. */
export const throughDriver = Effect.fnUntraced(function* (
  journeys: ReadonlyArray<ReadonlyArray<Recorded>>,
  atOnce: number
) {
  const sql = yield* SqlClient.SqlClient
  const began = performance.now()
  yield* Effect.forEach(
    journeys,
    (statements) => Effect.forEach(statements, ({ text, params }) => sql.unsafe(text, params), { discard: true }),
    { concurrency: atOnce, discard: true }
  )
  return journeys.length / ((performance.now() - began) / 1000)
})

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return "null"
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return `'${text.replaceAll("'", "''")}'`
}

/** Each text is prepared and planned once a session, as the driver's are in the long run, and executed with its values. */
const scriptOf = (journeys: ReadonlyArray<ReadonlyArray<Recorded>>): string => {
  const names = new Map<string, string>()
  for (const { text } of journeys.flat()) if (!names.has(text)) names.set(text, `s${names.size}`)
  const oneLine = (text: string) => text.replaceAll(/^\s*--.*$/gm, "").replaceAll(/\s+/g, " ")
  const prepared = [...names].map(([text, name]) => `prepare ${name} as ${oneLine(text)};`)
  const executed = journeys.flat().map(({ text, params }) => {
    const values = params.length === 0 ? "" : `(${params.map(literal).join(", ")})`
    return `execute ${names.get(text)}${values};`
  })
  return ["set plan_cache_mode = force_generic_plan;", ...prepared, ...executed, ""].join("\n")
}

const run = promisify(execFile)
const program = () => process.env["PGBENCH"] ?? "pgbench"

/** Whether there is a pgbench, in `PGBENCH` or on the `PATH`. */
export const pgbenchThere = Effect.promise(() =>
  run(program(), ["--version"]).then(
    () => true,
    () => false
  )
)

const connection = (url: URL): Readonly<Record<string, string>> => ({
  PGHOST: url.searchParams.get("host") ?? url.hostname,
  ...(url.port === "" ? {} : { PGPORT: url.port }),
  PGUSER: decodeURIComponent(url.username),
  PGPASSWORD: decodeURIComponent(url.password),
  PGDATABASE: decodeURIComponent(url.pathname.slice(1))
})

/** Scripts a second, without the time that the connection takes. */
const rateOf = (file: string, env: NodeJS.ProcessEnv) =>
  Effect.tryPromise(async () => {
    const { stdout } = await run(program(), ["-n", "-t", "1", "-f", file], { env })
    return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
  })

/** Journeys a second of statements alone, through pgbench: each of its sessions has a share of the journeys. */
export const throughPgbench = Effect.fnUntraced(function* (
  url: Redacted.Redacted,
  journeys: ReadonlyArray<ReadonlyArray<Recorded>>,
  atOnce: number
) {
  const directory = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "rekey-replay-"))),
    (made) => Effect.promise(() => rm(made, { recursive: true, force: true }))
  )
  const env = { ...process.env, ...connection(new URL(Redacted.value(url))) }
  const files = yield* Effect.forEach(Array.from({ length: atOnce }), (_, place) => {
    const file = join(directory, `${place}.sql`)
    const share = journeys.filter((_journey, one) => one % atOnce === place)
    return Effect.as(
      Effect.promise(() => writeFile(file, scriptOf(share))),
      file
    )
  })
  const rates = yield* Effect.forEach(files, (file) => rateOf(file, env), { concurrency: "unbounded" })
  return rates.reduce((sum, rate) => sum + rate, 0) * (journeys.length / atOnce)
}, Effect.scoped)
