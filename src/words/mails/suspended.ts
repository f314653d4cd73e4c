import type { Around, Draft, LetterOf } from "./Draft.ts"

/** Too many wrong codes: the method is paused and still protects (S-22). */
export const suspended = (letter: LetterOf<"suspended">, { words }: Around): Draft => words.mails.suspended(letter)
