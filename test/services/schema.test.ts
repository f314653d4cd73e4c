import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestDatabase } from "../kit/database.ts"
import { schemaText } from "../kit/schema.ts"

// After a change that was meant: `npm test -- test/services/schema.test.ts -u`, then review the difference.
it("the files of sql/ together make the database that was reviewed", async () => {
  const schema = await Effect.runPromise(Effect.provide(schemaText, TestDatabase))
  await expect(schema).toMatchFileSnapshot("../golden/schema.sql")
})
