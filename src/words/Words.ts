import type { Channel, MethodId, Purpose } from "../domain/ids.ts"
import type { Browser } from "./browser.ts"
import type { Moment } from "./time.ts"

/** How a person can say that it was not them. */
export interface Contact {
  readonly brand: string
  readonly supportEmail: string | null
  readonly portalUrl: string | null
}

/** What of a contact was changed. */
export type ContactPart = "email" | "phone" | "password"

/** Subject and paragraphs of one letter. */
export interface LetterWords {
  readonly subject: string
  readonly paragraphs: ReadonlyArray<string>
}

/** The words around the link of a notice: what it is for, and what it is called. */
export interface LinkWords {
  readonly intro: string
  readonly label: string
}

/** A letter with a link to object: it is shown only where the sender made one. */
export interface LinkedWords extends LetterWords {
  readonly link: LinkWords
}

/**
 * Everything that mails and texts say, in one language. A further language is a second value of this type: what it
 * misses does not compile.
 */
export interface Words {
  /** BCP 47, for dates and the `lang` of a mail. */
  readonly language: string
  /** With a name in its middle, which is set apart since it may run from right to left. */
  readonly greeting: { readonly named: readonly [before: string, after: string]; readonly unnamed: string }
  readonly labels: {
    readonly account: string
    readonly when: string
    readonly where: string
    readonly askedBy: string
    readonly takesEffect: string
  }
  /** Date and clock in the account's zone, and UTC. */
  readonly when: (moment: Moment) => string
  /** The same, as short as a text needs it. */
  readonly whenShort: (moment: Moment) => string
  /** `null` where the browser told nothing. */
  readonly where: (browser: Browser) => string | null
  readonly account: (accountId: string) => string
  readonly neverAsk: string
  readonly neverAskShort: string
  /** In a notice, where no code stands above it. */
  readonly codesAreYours: string
  readonly notYou: (contact: Contact) => string
  /** Where to go from a text, which has no room for a link. */
  readonly notYouShort: (contact: Contact) => string
  /** The same with the link of the notice, in as few characters as can be. */
  readonly notYouLinkShort: (url: string) => string
  /** Below a link: the way for whom it does not help. */
  readonly alsoContact: (contact: Contact) => string
  readonly notYouCode: (contact: Contact) => string
  readonly footer: (brand: string) => string
  readonly mails: {
    readonly code: (f: { readonly brand: string; readonly purpose: Purpose; readonly method: MethodId }) => LetterWords
    readonly codeLives: (until: Moment) => string
    readonly changed: (f: { readonly from: MethodId | null; readonly to: MethodId }) => LinkedWords
    readonly replaced: (f: { readonly from: MethodId; readonly to: MethodId }) => LinkedWords
    readonly disabled: (f: { readonly method: MethodId }) => LinkedWords
    readonly unfinished: () => LetterWords
    readonly suspended: (f: { readonly method: MethodId }) => LetterWords
    readonly tries: (f: { readonly purpose: Purpose }) => LetterWords
    readonly provedAfterFailures: (f: { readonly purpose: Purpose; readonly failures: number }) => LetterWords
    readonly contact: (f: { readonly changed: ReadonlyArray<ContactPart> }) => LetterWords
    readonly undelivered: (f: {
      readonly channel: Channel
      readonly address: string
      readonly about: string
    }) => LetterWords
    readonly resetRequested: () => LinkedWords
    readonly resetCancelled: () => LetterWords
    readonly resetExecuted: () => LetterWords
    /** `slackUser`: as Slack shows them, without an `@`; empty where nothing of it can be shown. */
    readonly slackLinked: (f: { readonly slackUser: string }) => LetterWords
    readonly slackUnlinked: (f: { readonly slackUser: string }) => LetterWords
  }
  readonly texts: {
    readonly code: (f: { readonly brand: string; readonly purpose: Purpose; readonly code: string }) => string
    readonly codeLives: (until: Moment) => string
    readonly changed: (f: { readonly to: MethodId }) => string
    readonly replaced: (f: { readonly from: MethodId; readonly to: MethodId }) => string
    readonly disabled: () => string
    readonly unfinished: () => string
    readonly suspended: () => string
    readonly tries: () => string
    readonly provedAfterFailures: (f: { readonly purpose: Purpose }) => string
    readonly contact: (f: { readonly changed: ReadonlyArray<ContactPart> }) => string
    readonly undelivered: (f: { readonly address: string }) => string
    readonly resetRequested: () => string
    readonly takesEffect: (due: Moment) => string
    readonly resetCancelled: () => string
    readonly resetExecuted: () => string
    readonly slackLinked: (f: { readonly slackUser: string }) => string
    readonly slackUnlinked: (f: { readonly slackUser: string }) => string
  }
}
