import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { readdir } from "node:fs/promises"
import { resolve } from "node:path"

const released = resolve(import.meta.dirname, "../../../sql")

/**
 * A check whether every SQL file of this release has made the database; a newer release may have added its own. The
 * files are looked at once.
 */
export const migrated = (sql: SqlClient.SqlClient) =>
  Effect.map(
    Effect.promise(() => readdir(released)),
    (names) => {
      const files = names.filter((name) => name.endsWith(".sql"))
      return Effect.map(sql<{ name: string }>`select name from migrations`, (applied) => {
        const there = new Set(applied.map(({ name }) => name))
        return files.every((name) => there.has(name))
      })
    }
  )
