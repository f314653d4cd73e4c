import { Effect } from "effect"
import { anyNode, type Nemesis } from "./Nemesis.ts"

/** kill -9 of a node, and a new one in its place. */
export const killNode: Nemesis = {
  name: "kill-node",
  against: (stage, chance) => {
    const node = anyNode(stage, chance)
    return {
      start: node.kill,
      lastsMillis: 300 + chance.below(3000),
      heal: Effect.suspend(() => (node.isUp() ? Effect.void : node.start()))
    }
  }
}
