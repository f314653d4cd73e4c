import type { Letter, Message } from "../../domain/letters.ts"
import { browserOf } from "../browser.ts"
import { wordsFor } from "../catalogue.ts"
import { shownAccount } from "../mails/Mail.ts"
import type { LetterOf } from "../mails/Draft.ts"
import { oneLine } from "../plain.ts"
import type { Sender } from "../Sender.ts"
import { momentOf } from "../time.ts"
import type { Words } from "../Words.ts"
import { oneSegment, septets, toGsm7 } from "./gsm7.ts"

const notices: {
  readonly [Tag in Exclude<Letter["_tag"], "code">]: (letter: LetterOf<Tag>, words: Words) => string
} = {
  changed: (letter, { texts }) => texts.changed(letter),
  replaced: (letter, { texts }) => texts.replaced(letter),
  disabled: (_letter, { texts }) => texts.disabled(),
  unfinished: (_letter, { texts }) => texts.unfinished(),
  suspended: (_letter, { texts }) => texts.suspended(),
  tries: (_letter, { texts }) => texts.tries(),
  proved_after_failures: (letter, { texts }) => texts.provedAfterFailures(letter),
  contact: (letter, { texts }) => texts.contact(letter),
  // the mask of mails has bullets, which are not in the alphabet: one for each group of them
  undelivered: (letter, { texts }) => texts.undelivered({ address: letter.address.replace(/[• ]+/g, "**") })
}

const noticeOf = <Tag extends Exclude<Letter["_tag"], "code">>(tag: Tag, letter: LetterOf<Tag>, words: Words): string =>
  notices[tag](letter, words)

const fits = (text: string): boolean => (septets(text) ?? Infinity) <= oneSegment

/** As many of the sentences as one segment holds, in their order; the first always stays, the last line if it can. */
const fitted = (first: string, more: ReadonlyArray<string>, lastLine: string): string => {
  const end = fits(first + lastLine) ? lastLine : ""
  return (
    more.map(toGsm7).reduce((text, next) => (fits(`${text} ${next}${end}`) ? `${text} ${next}` : text), first) + end
  )
}

/** Long ids are cut in a text: the beginning is what a person recognises. */
const shortAccount = (accountId: string): string => oneLine(shownAccount(accountId), 20)

/** The code bound to the host of its pages: a phone fills it in only there. */
const boundTo = (publicUrl: string, code: string): string => `\n\n@${new URL(publicUrl).hostname} #${code}`

/** Writes the text: one GSM-7 segment, whatever brand, account and host are. */
export const textMessageOf = (message: Message, sender: Sender, more: { readonly code?: string } = {}): string => {
  const { letter } = message
  const words = wordsFor(message.locale)
  const brand = toGsm7(oneLine(sender.brand, 20))
  const moment = (instant: typeof letter.at) => momentOf(instant, words.language, message.timeZone)
  const account = `${words.account(shortAccount(letter.accountId))}.`
  if (letter._tag === "code") {
    const code = more.code ?? ""
    return fitted(
      toGsm7(words.texts.code({ brand, purpose: letter.purpose, code })),
      [words.neverAsk, words.texts.codeLives(moment(letter.expiresAt)), account],
      boundTo(sender.publicUrl, code)
    )
  }
  const where = words.where(browserOf(letter.client?.userAgent))
  const what = toGsm7(`${brand}: ${noticeOf(letter._tag, letter, words)}`)
  return fitted(
    what,
    [
      `${words.whenShort(moment(letter.at))}.`,
      words.notYouShort({ ...sender, brand }),
      account,
      ...(where === null ? [] : [`${where}.`]),
      words.neverAskShort
    ],
    ""
  )
}
