import { Effect } from "effect"
import { unlinkSlack } from "../../account/unlinkSlack.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

/** Ends the link: nothing of the account is shown in Slack any more. */
export const unlink = {
  word: "unlink",
  takes: /^$/,
  isForSupport: false,
  run: (asked) =>
    forLinked(asked, ({ accountId }) =>
      Effect.as(unlinkSlack(accountId, asked.user, asked.displayName), { _tag: "unlinked", accountId } as const)
    )
} satisfies Command
