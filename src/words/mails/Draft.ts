import type { Letter } from "../../domain/letters.ts"
import type { Sender } from "../Sender.ts"
import type { LinkWords, Words } from "../Words.ts"

/** One kind of letter. */
export type LetterOf<Tag extends Letter["_tag"]> = Extract<Letter, { readonly _tag: Tag }>

/** What a letter says of its own, before greeting, circumstances and warnings are put around it. */
export interface Draft {
  readonly subject: string
  readonly paragraphs: ReadonlyArray<string>
  /** Shown large. Only a `code` letter has one, and no link beside it. */
  readonly code?: string
  /** Below the code. */
  readonly codeLives?: string
  /** Beside the circumstances that every letter tells. */
  readonly facts?: ReadonlyArray<readonly [label: string, value: string]>
  /** What is said around the link, where the sender makes one. */
  readonly link?: LinkWords
}

/** What a letter to support says, which is all that stands in it: no greeting, no warnings. */
export interface Report {
  readonly subject: string
  readonly paragraphs: ReadonlyArray<string>
  readonly facts: ReadonlyArray<readonly [label: string, value: string]>
}

/** What a letter may draw on. */
export interface Around {
  readonly words: Words
  readonly sender: Sender
  readonly timeZone: string | null
  /** The code, for a letter that carries one, in the moment of sending only (S-27). */
  readonly code: string | null
}
