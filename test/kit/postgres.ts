import { Effect, Exit, Layer, Redacted, References, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { PgClient } from "@effect/sql-pg"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { Database } from "../../src/services/Database.ts"
import { EmbeddedPostgres } from "../../src/services/EmbeddedPostgres.ts"

/** Where the server of this run is: an URL of its maintenance database, and the name of the migrated template. */
export interface TestServer {
  readonly url: string
  readonly template: string
}

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: TestServer
  }
}

/** Where test folders go that the server's user must reach: as root, whatever TMPDIR says, where everybody can. */
export const temporary = process.getuid?.() === 0 ? "/tmp" : tmpdir()

const template = "rekey_template"

/** What is lost in a crash is lost with the run. */
const hasty = { fsync: "off", full_page_writes: "off", max_connections: "300", shared_buffers: "128MB" }

const begin = Effect.fnUntraced(function* (dataDir: string) {
  const server = yield* EmbeddedPostgres.start({ dataDir, settings: hasty })
  const admin = PgClient.layer({ url: server.url("postgres") })
  yield* SqlClient.SqlClient.use((sql) => sql.unsafe(`create database ${template}`)).pipe(Effect.provide(admin))
  yield* Effect.scoped(Layer.build(Database.layer({ url: server.url(template) })))
  return { url: Redacted.value(server.url("postgres")), template } satisfies TestServer
})

/** Where starts and faults are what is tested, their log lines are noise. */
export const quietly = Effect.provideService(References.MinimumLogLevel, "None")

/** One PostgreSQL for the whole run, with a template that has every migration; gone when the run ends. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const dataDir = mkdtempSync(join(temporary, "rekey-test-"))
  const scope = Scope.makeUnsafe()
  const end = async () => {
    await Effect.runPromise(quietly(Scope.close(scope, Exit.void)))
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    project.provide("postgres", await Effect.runPromise(quietly(Scope.provide(begin(dataDir), scope))))
    return end
  } catch (cause) {
    await end()
    throw cause
  }
}
