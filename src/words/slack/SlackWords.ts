import type { Actor, MethodId } from "../../domain/ids.ts"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { StepMark } from "../../domain/guide.ts"
import type { Moment } from "../time.ts"
import type { SupportWords } from "./SupportWords.ts"

/** The words of the slash command. */
export type CommandWord =
  | "help"
  | "status"
  | "change"
  | "lost"
  | "why"
  | "link"
  | "unlink"
  | "cases"
  | "case"
  | "find"
  | "nudge"

/** How a word is typed, and what it does in one line. */
export interface CommandWords {
  /** The word itself and what follows it, such as `case C-7F3K`. */
  readonly usage: string
  readonly help: string
}

/** What a notice is about. */
export type NoticeAbout = SlackFacts<"notice">["about"]

/**
 * What the bot says, in one language; what a further one misses does not compile. What the pages say too stands in the
 * words of the pages. Texts are Slack's `mrkdwn`, and `&`, `<` and `>` are escaped by whoever puts them into blocks. A
 * `command` is one as it is typed, an `account` an id as it may be shown.
 */
export interface SlackWords {
  /** BCP 47, for dates. */
  readonly language: string
  /** Day, clock and zone. */
  readonly when: (moment: Moment) => string
  readonly whenShort: (moment: Moment) => string
  readonly clock: (moment: Moment) => string
  readonly commands: Record<CommandWord, CommandWords>
  /** Who did it, where it was not the person. */
  readonly by: Record<Exclude<Actor, "customer">, string>
  readonly account: (account: string) => string
  /** That nothing secret is ever typed here. */
  readonly neverType: string
  readonly contact: (brand: string) => string
  /** Before an address. */
  readonly supportAt: (brand: string) => string
  readonly oneMoment: string
  readonly close: string
  readonly buttons: {
    readonly open: string
    readonly codeNotArrived: string
    readonly stuck: string
    readonly tellSupport: string
    readonly link: string
    readonly openPortal: string
    readonly enterCode: string
    readonly ways: string
    readonly status: string
  }
  readonly guide: {
    readonly marks: Record<StepMark, string>
    readonly done: string
    readonly replaced: string
    readonly begun: string
    readonly refused: string
    readonly alreadyEmail: string
    readonly otherWay: (method: string) => string
  }
  readonly steps: { readonly noMarks: (command: string) => string }
  readonly status: {
    readonly heading: string
    readonly on: (method: MethodId) => string
    readonly pending: (method: MethodId, until: string) => string
    readonly reset: (when: string) => string
  }
  readonly home: { readonly hello: (brand: string) => string; readonly words: string }
  readonly lost: { readonly tell: string; readonly linkFirst: (command: string) => string }
  readonly linking: {
    readonly heading: string
    readonly offer: (until: string) => string
    readonly afterwards: string
    readonly number: (number: string) => string
    readonly notAsked: string
    readonly linked: (account: string) => string
    readonly seen: string
    readonly undo: (command: string) => string
    readonly already: (account: string) => string
    readonly unlinked: (account: string) => string
    readonly again: (command: string) => string
    readonly notLinked: string
  }
  readonly notice: {
    readonly next: Record<NoticeAbout, string>
    /** What to do if it was somebody else: with a page for that behind the button, and without. */
    readonly page: string
    readonly noPage: string
  }
  readonly delivery: {
    readonly none: string
    readonly startAtPortal: string
    readonly again: (clock: string) => string
  }
  readonly caseOpened: {
    readonly fresh: (caseId: string) => string
    readonly again: (caseId: string) => string
    readonly at: (step: string) => string
    readonly sees: string
  }
  readonly nudge: {
    readonly asks: Record<SlackFacts<"nudge">["kind"], (caseId: string) => string>
    readonly next: string
  }
  readonly help: { readonly heading: string; readonly support: string }
  readonly unknown: {
    readonly what: string
    readonly nearest: (command: string) => string
    readonly all: (command: string) => string
  }
  readonly secret: {
    readonly what: string
    readonly nobody: (brand: string) => string
    readonly notKept: string
    readonly cancelled: string
    readonly notCancelled: string
    readonly next: string
  }
  readonly notForYou: (command: string) => string
  readonly slowDown: string
  readonly support: SupportWords
}
