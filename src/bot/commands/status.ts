import { Effect } from "effect"
import { standingOf } from "../../account/standing.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

/** How the account is protected now, and what can be done. */
export const status = {
  word: "status",
  takes: /^$/,
  isForSupport: false,
  run: (asked) => forLinked(asked, (state) => Effect.succeed({ _tag: "status", standing: standingOf(state) }))
} satisfies Command
