import { Effect, Layer, type Redacted, References, Schedule } from "effect"
import type { SqlClient } from "effect/sql"
import { fileURLToPath } from "node:url"
import { Database } from "../../src/services/Database.ts"
import { type Node, someNodes } from "./nodes.ts"
import { ownPostgres } from "./ownPostgres.ts"
import { aWorld } from "./world.ts"

const name = "rekey"
const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")

/** How a stage is set. */
export interface StageOptions {
  readonly nodes: number
  /** Holds the `src/main.ts` that is tried. */
  readonly root?: string
}

/** PostgreSQL, the world and the nodes of a run, all of its own. */
export const aStage = Effect.fn("aStage")(function* ({ nodes: count, root = project }: StageOptions) {
  const postgres = yield* ownPostgres({ max_connections: "60" })
  yield* Effect.orDie(postgres.ask("postgres", (sql) => sql.unsafe(`create database ${name}`)))
  // the schema of the build that is tried: a copy may have a flaw in it
  yield* Effect.scoped(Layer.build(Database.layer({ url: postgres.direct(name), sqlDirectory: `${root}/sql` }))).pipe(
    Effect.provideService(References.MinimumLogLevel, "None"),
    Effect.orDie
  )
  const world = yield* aWorld()
  const env = { ...world.env, LOG_LEVEL: "info" }
  const nodes = yield* someNodes(count, { postgres, database: name, env, root })
  const sql = <A, E>(question: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) => postgres.ask(name, question)

  const isReady = (node: Node) =>
    Effect.promise(() =>
      fetch(`${node.base}/health/ready`, { signal: AbortSignal.timeout(3000) }).then(
        ({ status }) => status === 200,
        () => false
      )
    )
  /** Whether all nodes say within a minute that they are ready. */
  const ready = Effect.forEach(nodes, isReady, { concurrency: "unbounded" }).pipe(
    Effect.map((answers) => answers.every((answer) => answer)),
    Effect.repeat({ until: (all) => all, schedule: Schedule.spaced("250 millis"), times: 240 })
  )
  return {
    postgres,
    world,
    nodes,
    sql,
    ready,
    root,
    env,
    database: name,
    url: postgres.direct(name) satisfies Redacted.Redacted
  }
})
export type Stage = Effect.Success<ReturnType<typeof aStage>>
