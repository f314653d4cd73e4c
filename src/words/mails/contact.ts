import type { Around, Draft, LetterOf } from "./Draft.ts"

/** The portal changed e-mail, phone or password: to the old and the new address. */
export const contact = (letter: LetterOf<"contact">, { words }: Around): Draft => words.mails.contact(letter)
