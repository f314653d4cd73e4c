import { Effect } from "effect"
import type { Way } from "../link.ts"
import type { Nemesis } from "./Nemesis.ts"

/** The nodes do not reach each other, but all reach the database: cut, or silence. */
export const partitionNodes: Nemesis = {
  name: "partition-nodes",
  against: ({ nodes }, chance) => {
    const be = (way: Way) =>
      Effect.sync(() => {
        for (const { others } of nodes) for (const link of others.values()) link.be(way)
      })
    return {
      start: be(chance.pick(["cut", "stalled"])),
      lastsMillis: 1000 + chance.below(11_000),
      heal: be("through")
    }
  }
}
