import type { Effect } from "effect"
import type { SlackMessage } from "../../domain/slackMessages.ts"
import type { Asked } from "../Asked.ts"

/** A button: which values it has, and what it answers; nothing where the message itself shows what was done. */
export interface Action<E = unknown, R = unknown> {
  readonly id: string
  readonly value: RegExp
  /** For members of the configured user groups only. */
  readonly isForSupport: boolean
  /** Whether a modal opens at once, to be filled with the answer. */
  readonly opensModal: boolean
  readonly run: (asked: Asked) => Effect.Effect<SlackMessage | undefined, E, R>
}
