import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { TestDatabase } from "../kit/database.ts"

layer(TestDatabase)("Database", (it) => {
  it.effect("works", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`select count(*) as n from accounts`
      assert.deepStrictEqual(rows, [{ n: 0n }])
    })
  )
})
