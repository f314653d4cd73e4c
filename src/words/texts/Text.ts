import { type CustomerLetter, isToSupport, type Message } from "../../domain/letters.ts"
import { browserOf } from "../browser.ts"
import { wordsFor } from "../catalogue.ts"
import type { LetterOf } from "../mails/Draft.ts"
import { reportOf } from "../mails/reports.ts"
import { slackUserIn } from "../mails/slack.ts"
import { oneLine, shownAccount } from "../plain.ts"
import type { Sender } from "../Sender.ts"
import { momentOf } from "../time.ts"
import type { Words } from "../Words.ts"
import { oneSegment, septets, toGsm7 } from "./gsm7.ts"

type NoticeTag = Exclude<CustomerLetter["_tag"], "code">

/** What happened; it always stands in the text. */
const notices: { readonly [Tag in NoticeTag]: (letter: LetterOf<Tag>, words: Words) => string } = {
  changed: (letter, { texts }) => texts.changed(letter),
  replaced: (letter, { texts }) => texts.replaced(letter),
  disabled: (_letter, { texts }) => texts.disabled(),
  unfinished: (_letter, { texts }) => texts.unfinished(),
  suspended: (_letter, { texts }) => texts.suspended(),
  tries: (_letter, { texts }) => texts.tries(),
  proved_after_failures: (letter, { texts }) => texts.provedAfterFailures(letter),
  contact: (letter, { texts }) => texts.contact(letter),
  // the mask of mails has bullets, which are not in the alphabet: one for each group of them
  undelivered: (letter, { texts }) => texts.undelivered({ address: letter.address.replace(/[• ]+/g, "**") }),
  reset: ({ stage }, { texts }) =>
    ({ requested: texts.resetRequested, cancelled: texts.resetCancelled, executed: texts.resetExecuted })[stage](),
  slack: (letter, { texts }) =>
    ({ linked: texts.slackLinked, unlinked: texts.slackUnlinked })[letter.stage]({
      slackUser: oneLine(toGsm7(slackUserIn(letter, 20)), 20)
    })
}

const noticeOf = <Tag extends NoticeTag>(tag: Tag, letter: LetterOf<Tag>, words: Words): string =>
  notices[tag](letter, words)

const fits = (text: string): boolean => (septets(text) ?? Infinity) <= oneSegment

/** A sentence, or several ways to say it, the best first. */
type Sentence = string | ReadonlyArray<string>

/** As many of the sentences as one segment holds, in their order; the first always stays, the last line if it can. */
const fitted = (first: string, more: ReadonlyArray<Sentence>, lastLine: string): string => {
  const end = fits(first + lastLine) ? lastLine : ""
  const next = (text: string, sentence: Sentence): string => {
    const ways = (typeof sentence === "string" ? [sentence] : sentence).map((way) => `${text} ${toGsm7(way)}`)
    return ways.find((longer) => fits(longer + end)) ?? text
  }
  return more.reduce(next, first) + end
}

/** Long ids are cut in a text: the beginning is what a person recognises. */
const shortAccount = (accountId: string): string => oneLine(shownAccount(accountId), 20)

/** The code bound to the host of its pages: a phone fills it in only there. */
const boundTo = (publicUrl: string, code: string): string => `\n\n@${new URL(publicUrl).hostname} #${code}`

/**
 * Writes the text: one GSM-7 segment, whatever brand, account and host are. A notice has its link where that fits,
 * before the time, which a phone shows anyway: the phone that was replaced may be all that a thief does not have.
 */
export const textMessageOf = (
  message: Message,
  sender: Sender,
  more: { readonly code?: string; readonly undoUrl?: string } = {}
): string => {
  const { letter } = message
  const words = wordsFor(message.locale)
  const brand = toGsm7(oneLine(sender.brand, 20))
  const moment = (instant: typeof letter.at) => momentOf(instant, words.language, message.timeZone)
  // these go by mail: a text would have room for no more
  if (isToSupport(letter)) return toGsm7(reportOf(letter, brand).subject)
  const account = `${words.account(shortAccount(letter.accountId))}.`
  if (letter._tag === "code") {
    const code = more.code ?? ""
    const first = toGsm7(words.texts.code({ brand, purpose: letter.purpose, code }))
    const until = words.texts.codeLives(moment(letter.expiresAt))
    const lastLine = boundTo(sender.publicUrl, code)
    // the whole sentence, unless a short one leaves room for the time, too
    const warning = fits(`${first} ${words.neverAsk} ${until}${lastLine}`) ? words.neverAsk : words.neverAskShort
    return fitted(first, [warning, until, account], lastLine)
  }
  const where = words.where(browserOf(letter.client?.userAgent))
  const due = letter._tag === "reset" && letter.stage === "requested" ? [moment(letter.executesAt)] : []
  const contact = { ...sender, brand }
  const first = toGsm7(`${brand}: ${noticeOf(letter._tag, letter, words)}`)
  const when = `${words.whenShort(moment(letter.at))}.`
  const link = more.undoUrl === undefined ? undefined : words.notYouLinkShort(more.undoUrl)
  const hasLink = link !== undefined && fits(toGsm7(`${first} ${link}`))
  return fitted(
    first,
    [
      ...(hasLink ? [link] : []),
      when,
      ...due.map(words.texts.takesEffect),
      // an address that is too long for a text gives way to the name of who can help
      ...(hasLink
        ? []
        : [[words.notYouShort(contact), words.notYouShort({ ...contact, supportEmail: null, portalUrl: null })]]),
      account,
      ...(where === null ? [] : [`${where}.`]),
      words.neverAskShort
    ],
    ""
  )
}
