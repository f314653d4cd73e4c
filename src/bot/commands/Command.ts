import { Effect } from "effect"
import type { SlackMessage } from "../../domain/slackMessages.ts"
import type { CommandWord } from "../../words/slack/SlackWords.ts"
import type { Asked } from "../Asked.ts"

/** A word of the slash command: what may follow it, and what it answers. `help` and the nearest word come from the list. */
export interface Command<E = unknown, R = unknown> {
  readonly word: CommandWord
  /** What may follow it, whole; a text that does not fit is no such command. */
  readonly takes: RegExp
  /** For members of the configured user groups only. */
  readonly isForSupport: boolean
  readonly run: (asked: Asked) => Effect.Effect<SlackMessage, E, R>
}
