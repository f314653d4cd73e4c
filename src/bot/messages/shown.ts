import type { KnownBlock } from "@slack/types"
import type { DateTime } from "effect"
import { article, type ArticleStep, numberOf } from "../../domain/article.ts"
import type { AccountId, ChallengeId } from "../../domain/ids.ts"
import { oneLine, shownAccount } from "../../words/plain.ts"
import { momentOf } from "../../words/time.ts"
import type { CommandWord } from "../../words/slack/SlackWords.ts"
import { actionIds, type Around } from "./Message.ts"
import { actions, button, code, mailto, mrkdwn, section } from "./mrkdwn.ts"

/** An account id as it may be shown: whole, so that support can look it up, but an e-mail address is masked (S-67). */
export const shown = (accountId: AccountId): string =>
  code(accountId.includes("@") ? shownAccount(accountId) : accountId)

/** The brand on one line. */
export const brandOf = ({ brand }: Around): string => oneLine(brand, 60)

/** A command as it is typed. */
export const typed = ({ command, words }: Around, word: CommandWord): string =>
  code(`${command} ${words.commands[word].usage}`)

const momentIn = ({ words, timeZone }: Around, instant: DateTime.Utc) => momentOf(instant, words.language, timeZone)

/** Day, clock and zone. */
export const whenOf = (around: Around, instant: DateTime.Utc): string => around.words.when(momentIn(around, instant))

/** Day and clock, for lists. */
export const shortOf = (around: Around, instant: DateTime.Utc): string =>
  around.words.whenShort(momentIn(around, instant))

/** The clock alone. */
export const clockOf = (around: Around, instant: DateTime.Utc): string => around.words.clock(momentIn(around, instant))

/** A page of ours. */
export const pageUrl = ({ publicUrl }: Around, path: string): string => new URL(path, publicUrl).href

/** The page of a step: without a challenge the overview, and the portal for the first. */
export const stepUrl = (around: Around, step: ArticleStep, challengeId: ChallengeId | null): string => {
  if (step === "menu") return around.portalUrl ?? around.publicUrl.href
  const { path } = article[numberOf(step) - 1] ?? article[0]
  if (!path.includes(":challengeId")) return pageUrl(around, path)
  return pageUrl(around, challengeId === null ? "/account/security" : path.replace(":challengeId", challengeId))
}

/** A step by its heading and its control: `Disable two-factor authentication: Disable 2FA`. */
export const stepLabel = ({ pages }: Around, step: ArticleStep): string => {
  const { heading, control } = pages.steps[step]
  return heading === control ? heading : `${heading}: ${control}`
}

/** `Step 5 of 11 (Disable two-factor authentication: Disable 2FA)` */
export const stepPlace = (around: Around, step: ArticleStep): string =>
  `${around.pages.stepOf(numberOf(step), article.length)} (${stepLabel(around, step)})`

/** A button to a page of ours. */
export const toPage = (around: Around, path: string, label: string, style?: "primary") =>
  button(actionIds.open, label, { url: pageUrl(around, path), ...(style === undefined ? {} : { style }) })

/** The button to the overview. */
export const toSecurity = (around: Around) => toPage(around, "/account/security", around.pages.steps.security.control)

/** How to reach support: the address, and the portal. */
export const contact = (around: Around): ReadonlyArray<KnownBlock> => {
  const { words, supportEmail, portalUrl } = around
  return [
    section(
      supportEmail === null
        ? words.contact(brandOf(around))
        : mrkdwn`${words.supportAt(brandOf(around))}: ${mailto(supportEmail)}`
    ),
    ...(portalUrl === null ? [] : actions(button(actionIds.open, words.buttons.openPortal, { url: portalUrl })))
  ]
}
