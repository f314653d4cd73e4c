import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { context, joined, message, section } from "./mrkdwn.ts"
import { shortOf, shown } from "./shown.ts"

/** So many accounts are named; the counter tells of all. */
const named = 10

/** An alarm with its counter, edited in place each time that it is raised again. */
export const alertMessage = ({ alert }: SlackFacts<"alert">, around: Around): Message => {
  const { support: w } = around.words
  const { alarm, count, accounts, since, at, overAt } = alert
  const { heading, body } = w.alarms[alarm]
  return message([
    section(joined([`*${heading}*`, ...(overAt === null ? [body] : [w.over(shortOf(around, overAt))])])),
    ...(accounts.length === 0 ? [] : [section(`${w.lastAccounts}: ${accounts.slice(-named).map(shown).join(", ")}`)]),
    context(w.raised(count, shortOf(around, since), shortOf(around, at)))
  ])
}
