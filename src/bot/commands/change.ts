import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import { beginGuide } from "../../account/guide.ts"
import { standingOf } from "../../account/standing.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

/**
 * The checklist, in direct messages; for whoever is not linked, the steps with links. It guides only: every change of
 * protection is made at the portal (S-69).
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
        const wants = /^sms$/i.test(asked.rest) ? "SMS" : "EMAIL"
        // nothing to guide to: it is there already, or the account has to be helped first
        if (standing.standard === wants || (!standing.canChange && !standing.canSetUp))
          return { _tag: "guide_refused", standing } as const
        yield* inTime(beginGuide({ ...asked.user, accountId: state.accountId }, state))
        return { _tag: "guide_begun" } as const
      }),
      { _tag: "steps" }
    )
} satisfies Command
