import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { killNode } from "./nemeses/killNode.ts"
import { tellOf } from "./report.ts"
import { round } from "./round.ts"
import { aStage } from "./stage.ts"

it.live(
  "P1 to P6: two nodes, one of them killed and started again: no invariant is broken, and every call told in the end",
  () =>
    Effect.gen(function* () {
      const stage = yield* aStage({ nodes: 2 })
      const { violations, unknown, calls } = yield* round(stage, { nemesis: killNode, seed: 3, journeys: 6 })
      assert.deepStrictEqual(violations.map(tellOf), [])
      assert.strictEqual(unknown.never, 0)
      assert.isAbove(calls, 60)
    }).pipe(Effect.scoped),
  { timeout: 60_000 }
)
