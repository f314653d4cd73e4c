import type { SlackFacts } from "../../domain/slackMessages.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, context, header, joined, message, section } from "./mrkdwn.ts"
import { clockOf, shown, typed } from "./shown.ts"

/** The way to the portal, for ten minutes; the number to pick comes once it is taken. */
export const linkOffer = ({ expiresAt }: SlackFacts<"link_offer">, around: Around): Message => {
  const { linking: w, buttons, neverType } = around.words
  const { linkUrl } = around
  return message([
    header(w.heading),
    section(joined([w.offer(clockOf(around, expiresAt)), w.afterwards])),
    ...(linkUrl === undefined
      ? []
      : actions(button(actionIds.open, buttons.openPortal, { url: linkUrl, style: "primary" }))),
    context(neverType)
  ])
}

/** The number to pick. No other digit is in this message, so that nobody picks a wrong one. */
export const number = (_: SlackFacts<"number">, { words, number: digits }: Around): Message =>
  message([section(joined([words.linking.number(digits ?? "–"), words.linking.notAsked]))])

export const linked = ({ accountId }: SlackFacts<"linked">, around: Around): Message => {
  const { linking: w } = around.words
  return message([
    section(joined([`*${w.linked(shown(accountId))}*`, w.seen])),
    context(w.undo(typed(around, "unlink")))
  ])
}

export const alreadyLinked = ({ accountId }: SlackFacts<"already_linked">, around: Around): Message => {
  const { linking: w } = around.words
  return message([section(joined([w.already(shown(accountId)), w.undo(typed(around, "unlink"))]))])
}

export const unlinked = ({ accountId }: SlackFacts<"unlinked">, around: Around): Message => {
  const { linking: w } = around.words
  return message([section(w.unlinked(shown(accountId))), context(w.again(typed(around, "link")))])
}

export const notLinked = (_: SlackFacts<"not_linked">, { words }: Around): Message =>
  message([section(words.linking.notLinked), ...actions(button(actionIds.link, words.buttons.link))])
