import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { actions, context, joined, message, section } from "./mrkdwn.ts"
import { contact, stepPlace, toSecurity } from "./shown.ts"

/** Support knows; to the person who asked. */
export const caseOpened = ({ caseId, step, isNew }: SlackFacts<"case_opened">, around: Around): Message => {
  const { caseOpened: w } = around.words
  return message([
    section(
      joined([isNew ? w.fresh(caseId) : w.again(caseId), ...(step === null ? [] : [w.at(stepPlace(around, step))])])
    ),
    context(w.sees)
  ])
}

/** From support to the customer: are you still there? */
export const nudge = ({ caseId, kind }: SlackFacts<"nudge">, around: Around): Message => {
  const { nudge: w, neverType } = around.words
  return message([
    section(joined([w.asks[kind](caseId), w.next])),
    ...actions(toSecurity(around)),
    ...contact(around),
    context(neverType)
  ])
}
