import { chargesOfWrongPassword } from "../../domain/budgets.ts"
import { type Decision, noChanges } from "../../domain/Changes.ts"
import type { RefusalOf } from "../../domain/refusalsOf.ts"
import { invitationStatus, type SlackUser } from "../../domain/slack.ts"
import { overBudget } from "./checks.ts"
import { circumstances, closure, type Deciding, event, message, voided } from "./Deciding.ts"

const linked = { _tag: "SlackLinked" } as const
const wrongNumber = { _tag: "WrongNumber" } as const
const over = { _tag: "InvitationOver" } as const

/** The owner is told by mail who sees the status now, or no longer. */
const told = (deciding: Deciding, stage: "linked" | "unlinked", slackUser: string) =>
  message(
    deciding,
    { channel: "email", address: deciding.state.email },
    { _tag: "slack", ...circumstances(deciding), stage, slackUser }
  )

/**
 * Links the Slack user of an invitation that this account has opened, since the number on the page was the one that Slack
 * shows (S-68). Another number ends the invitation, and counts as a wrong secret of this source does (S-37).
 */
export const decideLinkSlack = (
  deciding: Deciding,
  { right }: { readonly right: boolean }
): Decision<typeof linked | typeof wrongNumber | typeof over | RefusalOf<"linkSlack">> => {
  const { state, by } = deciding
  const invitation = deciding.slack?.invitation ?? null
  const already = deciding.slack?.linked ?? null
  if (invitation === null || invitationStatus(invitation, state.accountId, state.now) !== "opened")
    return { answer: over }
  const charges = chargesOfWrongPassword(by.source)
  const spent = overBudget(deciding, charges)
  if (spent !== undefined) return { answer: spent }
  const closed = { linked: [], unlinked: [], closed: [invitation.id] }
  if (!right) {
    return {
      answer: wrongNumber,
      changes: {
        ...noChanges(state),
        slack: closed,
        events: [event(deciding, { type: "slack.linked", outcome: "refused", reason: "number" })],
        charges
      }
    }
  }
  if (already !== null) {
    return {
      answer: already === state.accountId ? linked : over,
      changes: { ...noChanges(state), slack: closed }
    }
  }
  const { enterprise, team, user, displayName } = invitation
  return {
    answer: linked,
    changes: {
      ...noChanges(state),
      slack: { ...closed, linked: [{ enterprise, team, user }] },
      events: [event(deciding, { type: "slack.linked", outcome: "succeeded" })],
      messages: [told(deciding, "linked", displayName)],
      aliveUntil: invitation.expiresAt
    }
  }
}

/** Ends a link; its owner in Slack asks for it, and needs no more than that: it only takes sight away. */
export const decideUnlinkSlack = (
  deciding: Deciding,
  { user, displayName }: { readonly user: SlackUser; readonly displayName: string }
): Decision<{ readonly _tag: "SlackUnlinked"; readonly was: boolean } | RefusalOf<"unlinkSlack">> => {
  const { state } = deciding
  if (deciding.slack?.linked !== state.accountId) return { answer: { _tag: "SlackUnlinked", was: false } }
  return {
    answer: { _tag: "SlackUnlinked", was: true },
    changes: {
      ...noChanges(state),
      slack: { linked: [], unlinked: [user], closed: [] },
      events: [event(deciding, { type: "slack.unlinked", outcome: "succeeded" })],
      messages: [told(deciding, "unlinked", displayName)]
    }
  }
}

/** A secret was shown to others: whatever it was, no code that was sent before is taken any more (S-70). */
export const decideCloseChallenges = (
  deciding: Deciding
): Decision<{ readonly _tag: "ChallengesClosed"; readonly closed: number } | RefusalOf<"closeChallenges">> => {
  const ended = voided(deciding, undefined)
  const answer = { _tag: "ChallengesClosed", closed: ended.length } as const
  if (ended.length === 0) return { answer }
  return {
    answer,
    changes: {
      ...noChanges(deciding.state),
      challenges: { changed: ended, begun: [] },
      events: ended.map((one) => closure(deciding, one))
    }
  }
}
