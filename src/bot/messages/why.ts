import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { context, header, joined, message, section } from "./mrkdwn.ts"
import { shortOf, shown } from "./shown.ts"

/** What happened to the account last, in the sentences of its activity page. */
export const why = ({ accountId, events }: SlackFacts<"why">, around: Around): Message => {
  const { pages, words } = around
  const lines = events.map(({ type, at, actor, method, purpose, refused }) => {
    const said = pages.activity.events[type]({ method, purpose, refused })
    return `• ${shortOf(around, at)} – ${said}${actor === "customer" ? "" : ` (${words.by[actor]})`}`
  })
  return message([
    header(pages.activity.heading),
    section(lines.length === 0 ? pages.activity.empty : joined(lines)),
    context(words.account(shown(accountId)))
  ])
}
