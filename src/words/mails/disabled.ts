import type { Around, Draft, LetterOf } from "./Draft.ts"

/** Two-factor authentication was turned off: to every address on file (S-42). */
export const disabled = (letter: LetterOf<"disabled">, { words }: Around): Draft => words.mails.disabled(letter)
