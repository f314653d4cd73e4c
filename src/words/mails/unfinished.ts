import type { Around, Draft, LetterOf } from "./Draft.ts"

/** A reminder that two-factor authentication is still off. */
export const unfinished = (_letter: LetterOf<"unfinished">, { words }: Around): Draft => words.mails.unfinished()
