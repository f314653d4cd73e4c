import type { KnownBlock, ModalView, View } from "@slack/types"
import type { SlackMessage } from "../../domain/slackMessages.ts"
import { oneLine } from "../../words/plain.ts"
import type { Around } from "./Message.ts"
import { messageOf } from "./messageOf.ts"
import { section } from "./mrkdwn.ts"

const plain = (text: string) => ({ type: "plain_text", text: oneLine(text, 24), emoji: false }) as const

const modal = ({ pages, words }: Around, blocks: ReadonlyArray<KnownBlock>): ModalView => ({
  type: "modal",
  title: plain(pages.steps.security.control),
  close: plain(words.close),
  blocks: [...blocks]
})

/** Opened at once, while the answer is looked up: what opens a modal lives for three seconds only. */
export const skeletonModal = (around: Around): View => modal(around, [section(around.words.oneMoment)])

/** The answer in its place. */
export const filledModal = (facts: SlackMessage, around: Around): View => modal(around, messageOf(facts, around).blocks)
