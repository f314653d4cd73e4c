import { Effect } from "effect"
import { anyNode, type Nemesis } from "./Nemesis.ts"

/** A node does not reach the database, but the others and its callers do reach it: cut, or silence. */
export const partitionDatabase: Nemesis = {
  name: "partition-database",
  against: (stage, chance) => {
    const { database } = anyNode(stage, chance)
    const way = chance.pick(["cut", "stalled"] as const)
    return {
      start: Effect.sync(() => database.be(way)),
      lastsMillis: 1000 + chance.below(11_000),
      heal: Effect.sync(() => database.be("through"))
    }
  }
}
