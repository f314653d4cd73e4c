import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { actions, context, joined, message, section } from "./mrkdwn.ts"
import { brandOf, toSecurity } from "./shown.ts"

/** A secret was typed (S-70). Nothing is said about whether it was a right one. */
export const secretSeen = ({ cancelled }: SlackFacts<"secret_seen">, around: Around): Message => {
  const { secret: w } = around.words
  return message([
    section(
      joined([
        `*${w.what}* ${w.nobody(brandOf(around))}`,
        `${w.notKept} ${cancelled ? w.cancelled : w.notCancelled}`,
        w.next
      ])
    ),
    ...actions(toSecurity(around))
  ])
}

export const slowDown = (_: SlackFacts<"slow_down">, { words }: Around): Message => message([section(words.slowDown)])

/** Something on our side does not answer; support finds it by the reference. */
export const unavailable = ({ reference }: SlackFacts<"unavailable">, { pages }: Around): Message =>
  message([
    section(joined([`*${pages.unavailable.heading}*`, pages.unavailable.body])),
    context(pages.reference(reference))
  ])
