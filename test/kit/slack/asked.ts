import type { View } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

/** Who does something, where it is not the usual workspace. */
export interface Whose {
  readonly user: string
  readonly team?: string
  /** Null where the workspace belongs to none. */
  readonly enterprise?: string | null
}

/** A slash command that somebody types. */
export interface Command extends Whose {
  /** Their direct messages with the bot where it is not said. */
  readonly channel?: string
  readonly text: string
  readonly command?: string
}

/** A button, or an option of a menu, that somebody presses. */
export interface Press extends Whose {
  readonly channel?: string
  /** The newest message that has it where it is not said. */
  readonly messageTs?: string
  readonly viewId?: string
  readonly actionId: string
  /** The value of the button or the option. */
  readonly value?: string
  readonly blockId?: string
  /** Also where nobody sees such a button (any more), as after an edit or from a forger. */
  readonly anyway?: boolean
}

/** A modal that somebody submits or closes: the topmost where it is not said. */
export interface Submit extends Whose {
  readonly viewId?: string
  /** What they entered, by the action id of the input. */
  readonly values?: Readonly<Record<string, string>>
}

/** An event that Slack tells of. */
export type SlackEvent = Fields & { readonly type: string; readonly user?: string; readonly channel?: string }

/** How an event is told. */
export interface Telling {
  readonly team?: string
  readonly enterprise?: string | null
  readonly eventId?: string
  /** Which retry it is, and why. */
  readonly retryNum?: number
  readonly retryReason?: string
}

/** What a delivery says, however it travels. */
export interface Payload {
  readonly type: "slash_commands" | "interactive" | "events_api"
  readonly payload: Fields
  readonly triggerId?: string
  readonly responseUrl?: string
  readonly eventId?: string
  /** The message that came to be by it. */
  readonly ts?: string
  readonly user?: string
  readonly channel?: string
  readonly view?: View
}
