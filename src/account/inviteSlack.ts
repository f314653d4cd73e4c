import { Effect, Redacted } from "effect"
import type { SlackInvitation, SlackUser } from "../domain/slack.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { KeyRing } from "../services/KeyRing.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { Settings } from "../settings.ts"
import { inTime } from "./ask.ts"

/**
 * Invites somebody in Slack to be linked with the account that they sign in to at the portal; none where they asked too
 * often. `displayName` and `workspace` are what the page shows of them.
 */
export const inviteSlack = Effect.fn("inviteSlack")(function* (
  user: SlackUser,
  shown: { readonly displayName: string; readonly workspace: string }
) {
  const links = yield* SlackLinks
  const { id: keyId } = (yield* KeyRing).current("matching")
  return yield* inTime(links.invite(user, { ...shown, keyId }))
})

/** Where the button of an invitation leads: its token is derived in the moment of sending. */
export const invitationUrl = Effect.fn("invitationUrl")(function* ({ id, keyId }: SlackInvitation) {
  const tokens = yield* BearerTokens
  const { publicUrl } = yield* Settings
  const token = yield* tokens.issue({ kind: "slack-invitation", id, accountId: "", epoch: 0 }, keyId)
  return new URL(`/account/slack/${Redacted.value(token)}`, publicUrl).href
})
