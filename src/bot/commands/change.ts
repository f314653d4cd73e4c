import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import { beginGuide, canBeGuided } from "../../account/guide.ts"
import { standingOf } from "../../account/standing.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

/**
 * The checklist of the article, in direct messages; for whoever is not linked, the steps with links. It guides only: every
 * change of protection is made at the portal (S-69).
 */
export const change = {
  word: "change",
  takes: /^(?:email|e-mail|sms)?$/i,
  isForSupport: false,
  run: (asked) =>
    forLinked(
      asked,
      Effect.fnUntraced(function* (state) {
        const standing = standingOf(state)
        if (!canBeGuided(standing)) return { _tag: "guide_refused", standing } as const
        // the article leads to email, and from there on there is the page
        if (/^sms$/i.test(asked.rest) || (asked.rest === "" && standing.standard === "EMAIL"))
          return { _tag: "other_way", method: "SMS" } as const
        if (standing.standard === "EMAIL") return { _tag: "guide_refused", standing } as const
        yield* inTime(beginGuide({ ...asked.user, accountId: state.accountId }, state))
        return { _tag: "guide_begun" } as const
      }),
      { _tag: "steps" }
    )
} satisfies Command
