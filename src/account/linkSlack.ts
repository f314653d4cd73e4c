import { Effect, Option, type Redacted, Schema } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import { SlackInvitationId } from "../domain/ids.ts"
import { invitationStatus, linkingSeconds, type SlackInvitation } from "../domain/slack.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { NumberMatching } from "../services/NumberMatching.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { SlackOutbox } from "../services/SlackOutbox.ts"
import { Account } from "./Account.ts"
import { by, foresee, inTime, orRefuse, send } from "./ask.ts"

const isInvitationId = Schema.is(SlackInvitationId)

/** What the page of an invitation shows to whoever has opened it, signed in. */
export interface InvitationSeen {
  readonly invitation: SlackInvitation
  readonly status: "new" | "opened" | "over"
  /** The numbers to pick from, once the right one is on its way. */
  readonly choices: ReadonlyArray<string>
}

/** The invitation in a token, where that is genuine; changes nothing, as GET must not (S-51). */
export const readInvitation = Effect.fn("readInvitation")(function* (token: Redacted.Redacted, state: AccountState) {
  const tokens = yield* BearerTokens
  const links = yield* SlackLinks
  const matching = yield* NumberMatching
  const genuine = yield* Effect.orDie(tokens.idIn(token, { kind: "slack-invitation", accountId: "", epoch: 0 }))
  if (!isInvitationId(genuine)) return Option.none<InvitationSeen>()
  const found = yield* inTime(links.invitation(genuine))
  if (Option.isNone(found)) return Option.none<InvitationSeen>()
  const status = invitationStatus(found.value, state.accountId, state.now)
  const choices = status === "opened" ? yield* Effect.orDie(matching.choicesFor(found.value)) : []
  return Option.some<InvitationSeen>({ invitation: found.value, status, choices })
})

/** The subject of the one message that bears the number. */
export const numberSubject = (id: SlackInvitationId): string => `number:${id}`

/**
 * Opens an invitation for the account that is signed in with its second factor, once: from here on it is for that account
 * only, and its number is on the way to Slack.
 */
export const openInvitation = Effect.fn("openInvitation")(function* (
  { invitation: { id, user } }: InvitationSeen,
  { accountId, locale, timeZone }: AccountState
) {
  const links = yield* SlackLinks
  const slack = yield* SlackOutbox
  const number = slack.put({
    subject: numberSubject(id),
    recipient: user,
    message: { _tag: "number", invitationId: id },
    accountId,
    locale,
    timeZone,
    lifeSeconds: linkingSeconds.matching
  })
  return yield* inTime(links.open(id, accountId, number))
})

/** Picks a number: the one that Slack shows links the two, another ends the invitation (S-68). */
export const pickNumber = Effect.fn("pickNumber")(function* (
  { invitation }: InvitationSeen,
  { accountId, locale, timeZone }: AccountState,
  picked: Redacted.Redacted
) {
  const accounts = yield* Account.client
  const matching = yield* NumberMatching
  const slack = yield* SlackOutbox
  const right = yield* Effect.orDie(matching.matches(invitation, picked))
  const snapshot = yield* foresee({ accountId, slack: { invitation: invitation.id } })
  const answer = yield* send(
    snapshot,
    accountId,
    accounts(accountId).LinkSlack({ by: yield* by, invitationId: invitation.id, right })
  ).pipe(Effect.flatMap(orRefuse))
  if (answer._tag === "InvitationOver") return answer._tag
  yield* inTime(slack.drop(numberSubject(invitation.id)))
  if (answer._tag === "SlackLinked") {
    yield* inTime(
      slack.put({
        subject: `linked:${invitation.id}`,
        recipient: invitation.user,
        message: { _tag: "linked", accountId },
        accountId,
        locale,
        timeZone
      })
    )
  }
  return answer._tag
})
