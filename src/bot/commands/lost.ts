import { Effect } from "effect"
import { standingOf } from "../../account/standing.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

/** What to do without the phone or the mailbox. */
export const lost = {
  word: "lost",
  takes: /^$/,
  isForSupport: false,
  run: (asked) =>
    forLinked(asked, (state) => Effect.succeed({ _tag: "lost", standing: standingOf(state) }), {
      _tag: "lost",
      standing: null
    })
} satisfies Command
