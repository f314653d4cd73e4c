import { Effect, Option } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import type { SlackMessage } from "../domain/slackMessages.ts"
import type { Asked } from "./Asked.ts"

/** Answers whoever is linked from the state of their account, and whoever is not with something else. */
export const forLinked = <E, R>(
  { account }: Asked,
  linked: (state: AccountState) => Effect.Effect<SlackMessage, E, R>,
  otherwise: SlackMessage = { _tag: "not_linked" }
): Effect.Effect<SlackMessage, E, R> =>
  Option.match(account, { onNone: () => Effect.succeed(otherwise), onSome: linked })
