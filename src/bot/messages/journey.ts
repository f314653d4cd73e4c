import { DateTime } from "effect"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { context, message, section } from "./mrkdwn.ts"
import { shortOf, shown } from "./shown.ts"

/** One account on its way: turned off, and then set up again; or in one step. `by` is who took the last one. */
export const journey = (facts: SlackFacts<"journey">, around: Around): Message => {
  const { support, by: actors } = around.words
  const { journey: w } = support
  const { accountId, standard, from, by, startedAt, at } = facts
  const account = shown(accountId)
  const who = by === "customer" ? "" : `, ${actors[by]}`
  const isOneStep = DateTime.toEpochMillis(startedAt) === DateTime.toEpochMillis(at)
  const said =
    standard === "NONE"
      ? `${w.off(account, from)}${who} – ${w.waiting}`
      : !isOneStep
        ? `${w.off(account, from)} – ${w.again(standard, shortOf(around, at))}${who}`
        : `${from === null ? w.now(account, standard) : w.changed(account, from, standard)}${who}`
  return message([section(said), context(shortOf(around, startedAt))])
}

/** A reset by support, edited to what became of it. */
export const reset = ({ accountId, stage, at }: SlackFacts<"reset">, around: Around): Message =>
  message([section(around.words.support.reset[stage](shown(accountId))), context(shortOf(around, at))])
