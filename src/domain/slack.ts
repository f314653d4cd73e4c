import { Schema } from "effect"
import { AccountId, type SlackInvitationId } from "./ids.ts"

/**
 * A person in Slack: never known by the user id alone, which is unique in one workspace only (S-68). `enterprise` is
 * null outside Enterprise Grid.
 */
export const SlackUser = Schema.Struct({
  enterprise: Schema.NullOr(Schema.String),
  team: Schema.String,
  user: Schema.String
})
export type SlackUser = typeof SlackUser.Type

/** A Slack user who sees an account's status, since its owner has linked the two at the portal. */
export const SlackLink = Schema.Struct({ ...SlackUser.fields, accountId: AccountId })
export type SlackLink = typeof SlackLink.Type

/** How long what belongs to linking lives, in seconds. */
export const linkingSeconds = {
  /** The link in Slack, until it is opened at the portal. */
  invitation: 600,
  /** The three numbers on the page, once it is opened. */
  matching: 300
} as const

/** A way for a Slack user to be linked with the account that opens it, once. */
export interface SlackInvitation extends SlackUser {
  readonly id: SlackInvitationId
  /** As Slack shows this person, for whoever opens the link; forgotten with the invitation. */
  readonly displayName: string
  readonly workspace: string
  readonly keyId: string
  readonly madeAt: Date
  readonly expiresAt: Date
  /** The account that opened it, signed in; from then on it is for that account only. */
  readonly accountId: AccountId | null
  readonly openedAt: Date | null
  /** Linked, refused by a wrong number, or replaced by a later one. */
  readonly closedAt: Date | null
}

/** What an invitation is at `now`, for this account. */
export const invitationStatus = (
  { accountId, openedAt, closedAt, expiresAt }: SlackInvitation,
  asked: AccountId,
  now: Date
): "new" | "opened" | "over" => {
  if (closedAt !== null || expiresAt <= now || (accountId !== null && accountId !== asked)) return "over"
  return openedAt === null ? "new" : "opened"
}
