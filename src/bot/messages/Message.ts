import type { KnownBlock } from "@slack/types"
import type { PageWords } from "../../words/pages/PageWords.ts"
import type { SlackWords } from "../../words/slack/SlackWords.ts"

/** A message as Slack takes it: blocks, and the same in one text for notifications and screen readers. */
export interface Message {
  readonly text: string
  readonly blocks: ReadonlyArray<KnownBlock>
}

/** Who says it, to whom, and what is made in the moment of sending. */
export interface Around {
  readonly words: SlackWords
  /** What the pages call the steps. */
  readonly pages: PageWords
  readonly brand: string
  /** The slash command, such as `/2fa`. */
  readonly command: string
  readonly publicUrl: URL
  readonly portalUrl: string | null
  readonly supportEmail: string | null
  readonly timeZone: string | null
  /** The two digits of a `number`. */
  readonly number?: string
  /** Where the button of a `link_offer` leads. */
  readonly linkUrl?: string
  /** The page behind a `notice`. */
  readonly noticeUrl?: string
}

/** The buttons; their values are ids. Those that only open an address are acknowledged and do nothing. */
export const actionIds = {
  open: "open",
  stuck: "stuck",
  codeNotArrived: "code-not-arrived",
  lost: "lost",
  change: "change",
  status: "status",
  link: "link",
  claim: "case-claim",
  guide: "case-guide",
  close: "case-close"
} as const
