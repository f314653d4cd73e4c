import { maskEmail } from "../../domain/masking.ts"
import { oneLine } from "../plain.ts"
import { momentOf } from "../time.ts"
import type { Around, Draft, LetterOf } from "./Draft.ts"

/** No full address (S-45), and nothing that a mail program would turn into a link: `visit evil. test`. */
const withoutTarget = (word: string): string => {
  if (/.@./u.test(word)) return maskEmail(word)
  return word.replace(/:\/+/g, " ").replace(/\.(?=[\p{L}\p{N}]{2})/gu, ". ")
}

/** Who asked, in one line: what the portal wrote, as it is but for addresses and links. */
const asker = (requestedBy: string): string =>
  oneLine(oneLine(requestedBy, 80).split(" ").map(withoutTarget).join(" "), 80)

/** Support was asked to turn two-factor authentication off, and what became of it: to every address on file (S-59). */
export const reset = (letter: LetterOf<"reset">, { words, timeZone }: Around): Draft => {
  const askedBy = asker(letter.requestedBy)
  const facts = askedBy === "" ? [] : [[words.labels.askedBy, askedBy] as const]
  if (letter.stage === "requested") {
    const due = words.when(momentOf(letter.executesAt, words.language, timeZone))
    return { ...words.mails.resetRequested(), facts: [[words.labels.takesEffect, due], ...facts] }
  }
  const { resetCancelled, resetExecuted } = words.mails
  return { ...(letter.stage === "cancelled" ? resetCancelled() : resetExecuted()), facts }
}
