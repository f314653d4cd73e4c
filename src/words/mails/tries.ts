import type { Around, Draft, LetterOf } from "./Draft.ts"

/** The password was right and the codes were not (S-46). */
export const tries = (letter: LetterOf<"tries">, { words }: Around): Draft => words.mails.tries(letter)
