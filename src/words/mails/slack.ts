import { oneLine, quoted } from "../plain.ts"
import type { Around, Draft, LetterOf } from "./Draft.ts"

/** Who it is, as they wrote it in Slack, without the `@` that the words put before it. */
export const slackUserIn = ({ slackUser }: LetterOf<"slack">, longest: number): string =>
  quoted(oneLine(slackUser, 200).replace(/^[ @]+/, ""), longest)

/** A Slack user sees the status of the account now, or does not any more: to the account (S-68). */
export const slack = (letter: LetterOf<"slack">, { words }: Around): Draft => {
  const { slackLinked, slackUnlinked } = words.mails
  const say = letter.stage === "linked" ? slackLinked : slackUnlinked
  return say({ slackUser: slackUserIn(letter, 40) })
}
