import { Effect } from "effect"
import type { Nemesis } from "./Nemesis.ts"

/** Nothing happens: what is found here is no one's fault but the product's, or the harness'. */
export const calm: Nemesis = {
  name: "calm",
  against: () => ({ start: Effect.void, lastsMillis: 0, heal: Effect.void })
}
