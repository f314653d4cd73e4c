import { Effect } from "effect"
import type { TextTrouble } from "../world.ts"
import type { Nemesis } from "./Nemesis.ts"

const trouble = (name: string, what: TextTrouble): Nemesis => ({
  name,
  against: ({ world }, chance) => ({
    start: Effect.sync(() => world.texts(what)),
    lastsMillis: 1500 + chance.below(5000),
    heal: Effect.sync(() => world.texts("none"))
  })
})

/** The gateway of texts refuses, or keeps silent. */
export const texts: ReadonlyArray<Nemesis> = [trouble("texts-refused", "refuse"), trouble("texts-hang", "hang")]
