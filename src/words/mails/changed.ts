import type { Around, Draft, LetterOf } from "./Draft.ts"

/** A set-up or a change was committed: to the new address and the account's (S-42). */
export const changed = (letter: LetterOf<"changed">, { words }: Around): Draft => words.mails.changed(letter)
