import type { Option } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import type { SlackUser } from "../domain/slack.ts"

/** Who asks for something in Slack, and where. What they typed is not kept beyond the word that was asked for. */
export interface Asked {
  readonly user: SlackUser
  /** As Slack shows this person: text that somebody else wrote, for the page and the mail of a link only. */
  readonly displayName: string
  readonly workspace: string
  /** The account that this person is linked with, as it is now (S-55: never one from what was typed). */
  readonly account: Option.Option<AccountState>
  /** Where it was asked; null in the home tab. */
  readonly channel: string | null
  /** Whether Slack says how this person is called: not with what is written to the bot. */
  readonly isNamed: boolean
  /** What follows the word, or the value of the button: it has been checked for its shape. */
  readonly rest: string
}
