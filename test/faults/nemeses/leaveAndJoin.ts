import { Effect } from "effect"
import { anyNode, type Nemesis } from "./Nemesis.ts"

/** A node is stopped as an upgrade stops it, and comes back. */
export const leaveAndJoin: Nemesis = {
  name: "leave-and-join",
  against: (stage, chance) => {
    const node = anyNode(stage, chance)
    return { start: Effect.asVoid(node.stop), lastsMillis: 300 + chance.below(2000), heal: node.start() }
  }
}
