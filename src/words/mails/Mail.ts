import { type CustomerLetter, isToSupport, type Message, type SupportLetter } from "../../domain/letters.ts"
import { browserOf } from "../browser.ts"
import { wordsFor } from "../catalogue.ts"
import { oneLine, personName, shownAccount } from "../plain.ts"
import type { Sender } from "../Sender.ts"
import { momentOf } from "../time.ts"
import type { Words } from "../Words.ts"
import { changed } from "./changed.ts"
import { code } from "./code.ts"
import { contact } from "./contact.ts"
import type { Content } from "./Content.ts"
import { disabled } from "./disabled.ts"
import type { Around, Draft, LetterOf } from "./Draft.ts"
import { htmlOf } from "./htmlPart.ts"
import { provedAfterFailures } from "./provedAfterFailures.ts"
import { replaced } from "./replaced.ts"
import { reportOf } from "./reports.ts"
import { reset } from "./reset.ts"
import { slack } from "./slack.ts"
import { suspended } from "./suspended.ts"
import { textOf } from "./textPart.ts"
import { tries } from "./tries.ts"
import { undelivered } from "./undelivered.ts"
import { unfinished } from "./unfinished.ts"

/** A letter as a mail: the same facts as hand-written text and as HTML. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export { shownAccount }

const drafts: { readonly [Tag in CustomerLetter["_tag"]]: (letter: LetterOf<Tag>, around: Around) => Draft } = {
  code,
  changed,
  replaced,
  disabled,
  unfinished,
  suspended,
  tries,
  proved_after_failures: provedAfterFailures,
  contact,
  undelivered,
  reset,
  slack
}

const draftOf = <Tag extends CustomerLetter["_tag"]>(tag: Tag, letter: LetterOf<Tag>, around: Around): Draft =>
  drafts[tag](letter, around)

/** Without a name the greeting is whole by itself. */
const greetingOf = ({ greeting }: Words, name: string | null): Content["greeting"] =>
  name === null
    ? { before: greeting.unnamed, name: "", after: "" }
    : { before: greeting.named[0], name, after: greeting.named[1] }

/** To support: what is the case, and nothing of what a customer is told around it. */
const toSupport = (letter: SupportLetter, brand: string): Content => ({
  ...reportOf(letter, brand),
  language: "en-GB",
  brand,
  greeting: null,
  link: null,
  warning: null,
  neverAsk: null,
  footer: `Rekey sends the cases and alerts of ${brand} to this address by itself. Replies are not read.`
})

/** What a letter to a customer may have besides its facts, made in the moment of sending. */
interface More {
  readonly code?: string
  readonly undoUrl?: string
}

const toCustomer = (letter: CustomerLetter, message: Message, sender: Sender, more: More): Content => {
  const words = wordsFor(message.locale)
  const around = { words, sender, timeZone: message.timeZone, code: more.code ?? null }
  const draft = draftOf(letter._tag, letter, around)
  const where = words.where(browserOf(letter.client?.userAgent))
  const isCode = draft.code !== undefined
  const link = draft.link === undefined || more.undoUrl === undefined ? null : { ...draft.link, url: more.undoUrl }
  const warn = isCode ? words.notYouCode : link === null ? words.notYou : words.alsoContact
  return {
    ...draft,
    language: words.language,
    brand: sender.brand,
    greeting: greetingOf(words, personName(message.name)),
    facts: [
      [words.labels.account, shownAccount(letter.accountId)],
      [words.labels.when, words.when(momentOf(letter.at, words.language, message.timeZone))],
      ...(where === null ? [] : [[words.labels.where, where] as const]),
      ...(draft.facts ?? [])
    ],
    link,
    warning: warn(sender),
    neverAsk: isCode ? [words.neverAsk] : [words.codesAreYours, words.neverAsk],
    footer: words.footer(sender.brand)
  }
}

/**
 * Writes the mail. The same message gives the same mail, whenever and however often (P5). `undoUrl` is the page behind
 * a notice; letters that offer nothing there leave it out, and a code mail has no link at all.
 */
export const mailOf = (message: Message, sender: Sender, more: More = {}): Mail => {
  const { letter } = message
  const brand = oneLine(sender.brand, 60)
  const written = isToSupport(letter)
    ? toSupport(letter, brand)
    : toCustomer(letter, message, { ...sender, brand }, more)
  const content = { ...written, subject: oneLine(written.subject, 120) }
  return { subject: content.subject, text: textOf(content), html: htmlOf(content).toString() }
}
