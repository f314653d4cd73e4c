import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { CommandWord } from "../../words/slack/SlackWords.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, code, context, header, joined, message, type Mrkdwn, section } from "./mrkdwn.ts"
import { typed } from "./shown.ts"

/** For everybody. */
const forAll = ["help", "status", "change", "lost", "why", "link", "unlink"] as const
/** For members of the support groups. */
const forSupport = ["cases", "case", "find", "nudge"] as const

const listed = (around: Around, words: ReadonlyArray<CommandWord>): Mrkdwn =>
  joined(words.map((word) => `${typed(around, word)} – ${around.words.commands[word].help}`))

/** The words that everybody can type. */
export const customerWords = (around: Around): Mrkdwn => listed(around, forAll)

export const help = ({ support, linked }: SlackFacts<"help">, around: Around): Message => {
  const { help: w, buttons, neverType } = around.words
  return message([
    header(w.heading),
    section(customerWords(around)),
    ...(support ? [section(joined([`*${w.support}*`, listed(around, forSupport)]))] : []),
    context(neverType),
    ...(linked ? [] : actions(button(actionIds.link, buttons.link)))
  ])
}

/** What was typed is not repeated. */
export const unknownWord = ({ nearest }: SlackFacts<"unknown_word">, around: Around): Message => {
  const { unknown: w } = around.words
  return message([
    section(
      joined([
        w.what,
        ...(nearest === null ? [] : [w.nearest(code(`${around.command} ${nearest}`))]),
        w.all(typed(around, "help"))
      ])
    )
  ])
}

export const notForYou = (_: SlackFacts<"not_for_you">, around: Around): Message =>
  message([section(around.words.notForYou(typed(around, "help")))])
