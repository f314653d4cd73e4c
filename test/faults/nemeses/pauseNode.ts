import { anyNode, type Nemesis } from "./Nemesis.ts"

/** A node stands still for longer than its locks last, and goes on as if nothing had been. */
export const pauseNode: Nemesis = {
  name: "pause-node",
  against: (stage, chance) => {
    const node = anyNode(stage, chance)
    return { start: node.signal("SIGSTOP"), lastsMillis: 12_500 + chance.below(1500), heal: node.signal("SIGCONT") }
  }
}
