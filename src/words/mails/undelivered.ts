import type { Around, Draft, LetterOf } from "./Draft.ts"

/** A notice failed for good: to another address. */
export const undelivered = (letter: LetterOf<"undelivered">, { words }: Around): Draft =>
  words.mails.undelivered(letter)
