import { momentOf } from "../time.ts"
import type { Around, Draft, LetterOf } from "./Draft.ts"

/** The code, to the destination of its method. It stands in the body alone, never in the subject (S-45). */
export const code = (letter: LetterOf<"code">, { words, sender, timeZone, code: digits }: Around): Draft => ({
  ...words.mails.code({ brand: sender.brand, purpose: letter.purpose, method: letter.method }),
  code: digits ?? "",
  codeLives: words.mails.codeLives(momentOf(letter.expiresAt, words.language, timeZone))
})
