import type { Draft } from "./Draft.ts"

/** All that stands in a mail, in the order of reading. */
export interface Content extends Draft {
  readonly language: string
  readonly brand: string
  readonly greeting: string
  /** Which account, when, from where. */
  readonly facts: ReadonlyArray<readonly [label: string, value: string]>
  /** What to do if it was somebody else. */
  readonly warning: string
  readonly link: string | null
  /** A line each. */
  readonly neverAsk: ReadonlyArray<string>
  readonly footer: string
}
