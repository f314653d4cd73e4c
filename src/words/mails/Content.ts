import type { Draft } from "./Draft.ts"

/** The page behind a notice, in the moment of sending. */
export interface ContentLink {
  readonly intro: string
  readonly label: string
  readonly url: string
}

/** All that stands in a mail, in the order of reading. */
export interface Content extends Omit<Draft, "link"> {
  readonly language: string
  readonly brand: string
  /** None to support. */
  readonly greeting: { readonly before: string; readonly name: string; readonly after: string } | null
  /** Which account, when, from where, and what the letter adds of its own. */
  readonly facts: ReadonlyArray<readonly [label: string, value: string]>
  readonly link: ContentLink | null
  /** What to do if it was somebody else; below a link, the other way to do it. None to support. */
  readonly warning: string | null
  /** A line each. None to support. */
  readonly neverAsk: ReadonlyArray<string> | null
  readonly footer: string
}
