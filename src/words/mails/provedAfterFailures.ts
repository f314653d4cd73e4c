import type { Around, Draft, LetterOf } from "./Draft.ts"

/** A right code after several wrong ones: the owner's own, or somebody's who got hold of it (S-46). */
export const provedAfterFailures = (letter: LetterOf<"proved_after_failures">, { words }: Around): Draft =>
  words.mails.provedAfterFailures(letter)
