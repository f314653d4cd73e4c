import type { Effect } from "effect"
import type { Chance } from "../../simulation/chance.ts"
import type { Stage } from "../stage.ts"

/** A fault that comes and goes: what it does to the stage, how long it stays, and how it is healed. */
export interface Attack {
  readonly start: Effect.Effect<void>
  readonly lastsMillis: number
  readonly heal: Effect.Effect<void>
}

/** Something that happens to those who run Rekey. */
export interface Nemesis {
  readonly name: string
  /** Chance says whom it meets, and when. */
  readonly against: (stage: Stage, chance: Chance) => Attack
}

/** Any of the nodes. */
export const anyNode = ({ nodes }: Stage, chance: Chance) => {
  const node = nodes[chance.below(nodes.length)]
  if (node === undefined) throw new Error("There are no nodes")
  return node
}
