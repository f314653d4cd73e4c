import { quoted } from "../plain.ts"
import { momentOf } from "../time.ts"
import type { Around, Draft, LetterOf } from "./Draft.ts"

/** Support was asked to turn two-factor authentication off, and what became of it: to every address on file (S-59). */
export const reset = (letter: LetterOf<"reset">, { words, timeZone }: Around): Draft => {
  const askedBy = quoted(letter.requestedBy, 80)
  const facts = askedBy === "" ? [] : [[words.labels.askedBy, askedBy] as const]
  if (letter.stage === "requested") {
    const due = words.when(momentOf(letter.executesAt, words.language, timeZone))
    return { ...words.mails.resetRequested(), facts: [[words.labels.takesEffect, due], ...facts] }
  }
  const { resetCancelled, resetExecuted } = words.mails
  return { ...(letter.stage === "cancelled" ? resetCancelled() : resetExecuted()), facts }
}
