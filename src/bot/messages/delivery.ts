import { DateTime } from "effect"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { actions, joined, message, section } from "./mrkdwn.ts"
import { clockOf, toPage, toSecurity } from "./shown.ts"

/** The clock of the next full minute: nobody is sent there too early. */
const notBefore = (around: Around, instant: DateTime.Utc): string => {
  const minute = 60_000
  return clockOf(around, DateTime.makeUnsafe(Math.ceil(DateTime.toEpochMillis(instant) / minute) * minute))
}

/** Where the message with the code stands, in the words of the code page. */
export const delivery = (facts: SlackFacts<"delivery">, around: Around): Message => {
  const { pages, words } = around
  const { delivery: now, challengeId } = facts
  if (now === null)
    return message([
      section(joined([words.delivery.none, words.delivery.startAtPortal])),
      ...actions(toSecurity(around))
    ])
  const { method, state, at, canResendAt } = now
  const line = pages.verify.delivery[state]({ method, clock: clockOf(around, at), detail: null })
  return message([
    section(
      joined([
        `*${line}*`,
        ...(state === "handed_over" ? [pages.verify.slow] : []),
        words.delivery.again(notBefore(around, canResendAt))
      ])
    ),
    ...actions(
      challengeId === null
        ? toSecurity(around)
        : toPage(around, `/account/security/verify/${challengeId}`, words.buttons.enterCode, "primary")
    )
  ])
}
