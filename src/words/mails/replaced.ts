import type { Around, Draft, LetterOf } from "./Draft.ts"

/** The same, to the destination that is no longer in force (S-42). */
export const replaced = (letter: LetterOf<"replaced">, { words }: Around): Draft => words.mails.replaced(letter)
