import type { SlackFacts } from "../../domain/slackMessages.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, header, joined, message, section } from "./mrkdwn.ts"
import { contact, toPage, typed } from "./shown.ts"

/** Without the phone or the mailbox: the ways that there are, and support. */
export const lost = ({ standing }: SlackFacts<"lost">, around: Around): Message => {
  const { pages, words } = around
  const { lost: w, buttons } = words
  return message([
    header(pages.lost.heading),
    section(
      joined([pages.lost.intro, ...pages.lost.ways.map(({ heading }) => `• ${heading}`)]),
      toPage(around, "/docs/lost", buttons.ways)
    ),
    ...(standing === null
      ? [section(w.linkFirst(typed(around, "link"))), ...contact(around)]
      : [section(w.tell), ...actions(button(actionIds.lost, buttons.tellSupport, { style: "primary" }))])
  ])
}
