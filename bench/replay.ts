import { Effect, Redacted } from "effect"
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

/** Notes every statement that goes through the layer that is given this. */
export const recording = (into: Array<Recorded>) =>
  Statement.CurrentTransformer.of((statement) => {
    const [text, params] = statement.compile()
    into.push({ text, params })
    return Effect.succeed(statement)
  })

/** The same statements for accounts, challenges and rows of other names, which they find as they found the first ones. */
export const renamed = (statements: ReadonlyArray<Recorded>, from: string, to: string): ReadonlyArray<Recorded> => {
  const other = (text: string) =>
    text
      .replaceAll(from, to)
      .replace(/\b[0-9a-f]([0-9a-f]{7}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\b/g, "f$1")
  return statements.map(({ text, params }) => ({
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
  return `'${String(value).replaceAll("'", "''")}'`
}

/** Each text is prepared once a session, as the driver does it, and executed with the recorded values. */
const scriptOf = (journeys: ReadonlyArray<ReadonlyArray<Recorded>>): string => {
  const names = new Map<string, string>()
  for (const { text } of journeys.flat()) if (!names.has(text)) names.set(text, `s${names.size}`)
  const oneLine = (text: string) => text.replaceAll(/^\s*--.*$/gm, "").replaceAll(/\s+/g, " ")
  const prepared = [...names].map(([text, name]) => `prepare ${name} as ${oneLine(text)};`)
  const executed = journeys.flat().map(({ text, params }) => {
    const values = params.length === 0 ? "" : `(${params.map(literal).join(", ")})`
    return `execute ${names.get(text)}${values};`
  })
  return [...prepared, ...executed, ""].join("\n")
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
  const began = performance.now()
  yield* Effect.forEach(files, (file) => Effect.tryPromise(() => run(program(), ["-n", "-t", "1", "-f", file], { env })), {
    concurrency: "unbounded"
  })
  return journeys.length / ((performance.now() - began) / 1000)
}, Effect.scoped)
