import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { inject } from "vitest"
import type { TestServer } from "./postgres.ts"

const aDatabase = (from: (template: string) => string) =>
  Effect.gen(function* () {
    const { url, template }: TestServer = inject("postgres")
    const admin = PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })
    const ask = (statement: string) =>
      SqlClient.SqlClient.use((sql) => sql.unsafe(statement)).pipe(Effect.provide(admin), Effect.orDie)
    const name = `test_${randomUUID().replaceAll("-", "")}`
    yield* Effect.acquireRelease(ask(`create database ${name} template ${from(template)} strategy file_copy`), () =>
      ask(`drop database ${name} with (force)`)
    )
    const own = new URL(url)
    own.pathname = `/${name}`
    return own.href
  })

/** URL of a database of one's own, migrated, for processes that a test starts; dropped when the scope closes. */
export const testDatabaseUrl = aDatabase((template) => template)

/** URL of a database of one's own with nothing in it. */
export const emptyDatabaseUrl = aDatabase(() => "template0")

/** A migrated database of one's own; dropped when the scope closes. */
export const TestDatabase: Layer.Layer<PgClient.PgClient | SqlClient.SqlClient> = Layer.unwrap(
  Effect.map(testDatabaseUrl, (url) => PgClient.layer({ url: Redacted.make(url), maxConnections: 10 }))
).pipe(Layer.orDie)
