import { Effect } from "effect"
import { testDatabaseUrl } from "./database.ts"
import { freePort } from "./freePort.ts"
import { FrontDoor } from "./frontDoor.ts"
import { aProcess } from "./process.ts"
import { theWorld } from "./smtp.ts"

/** Several nodes over one database and one mail server, each in a process of its own, and the portal before each. */
export const someNodes = Effect.fn("someNodes")(function* (count: number, env: Readonly<Record<string, string>> = {}) {
  const databaseUrl = yield* testDatabaseUrl
  const world = yield* theWorld()
  const node = Effect.fnUntraced(function* (more: Readonly<Record<string, string>> = {}) {
    const clusterPort = yield* freePort
    const process = yield* aProcess({
      ...world.env,
      DATABASE_URL: databaseUrl,
      REKEY_CLUSTER_PORT: String(clusterPort),
      ...env,
      ...more
    })
    return { ...process, clusterPort, door: FrontDoor.before(process, world.lettersTo) }
  })
  const nodes = yield* Effect.forEach(Array.from({ length: count }), () => node(), { concurrency: count })
  return { databaseUrl, world, nodes, node }
})
