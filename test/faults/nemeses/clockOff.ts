import { Effect } from "effect"
import { anyNode, type Nemesis } from "./Nemesis.ts"

const tenMinutes = 600_000

/** A node starts anew with a clock that is ten minutes fast or slow. */
export const clockOff: Nemesis = {
  name: "clock-off",
  against: (stage, chance) => {
    const node = anyNode(stage, chance)
    const skew = String(chance.pick([tenMinutes, -tenMinutes]))
    const anew = (env: Readonly<Record<string, string>>) => Effect.andThen(node.stop, node.start(env))
    return { start: anew({ FAULTS_SKEW_MILLIS: skew }), lastsMillis: 4000 + chance.below(4000), heal: anew({}) }
  }
}
