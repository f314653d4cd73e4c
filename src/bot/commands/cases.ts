import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import { Cases } from "../../services/Cases.ts"
import type { Command } from "./Command.ts"

/** The message shows the newest twenty and counts the others. */
const shown = 100

/** For support: the cases that are open, newest first. */
export const cases = {
  word: "cases",
  takes: /^$/,
  isForSupport: true,
  run: () =>
    Effect.gen(function* () {
      const all = yield* Cases
      const page = yield* inTime(all.list({ status: "open", limit: shown }))
      return { _tag: "cases", cases: page.cases } as const
    })
} satisfies Command
