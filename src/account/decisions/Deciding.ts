import type { DateTime } from "effect"
import { type AccountState, type ChallengeState, type Grant, openChallenges } from "../../domain/AccountState.ts"
import { type Address, toldFor } from "../../domain/addresses.ts"
import type { Charge } from "../../domain/budgets.ts"
import { type AccountId, type Actor, type ChallengeStatus, GrantId, type MethodId } from "../../domain/ids.ts"
import type { Client, Letter, Message } from "../../domain/letters.ts"
import type { NoticeState } from "../../domain/notices.ts"
import type { PortalLink } from "../../domain/sessions.ts"
import type { SlackInvitation } from "../../domain/slack.ts"
import { secondsAfter, utc } from "../../domain/time.ts"
import type { EventDraft } from "../../domain/TwoFactor.ts"

/** The settings that decisions depend on. */
export interface Policy {
  /** Whether lowering or changing protection needs the current factor too (S-07). */
  readonly stepUp: "required" | "password"
  readonly codeLength: number
  readonly codeTtlSeconds: number
  readonly codeAttempts: number
  readonly resendWaitSeconds: number
  readonly challengeSeconds: number
  readonly grantSeconds: number
  /** How long a reset by support waits (S-59). */
  readonly resetWaitSeconds: number
  /** Methods whose messages can be sent. */
  readonly offered: ReadonlyArray<MethodId>
  /** Whether the accounts of the demo are there. */
  readonly demo: boolean
}

/** Where new ids and nonces come from: the only chance in a decision. */
export interface Fresh {
  uuid(): string
  /** 16 random bytes, hex. */
  nonce(): string
  /** The key that new codes are derived with. */
  readonly keyId: string
}

/** Who asked, for audit rows and letters. */
export interface By {
  readonly actor: Actor
  readonly reference: string
  readonly client: Client | undefined
  readonly source: string | undefined
}

/** All that a decision may look at. */
export interface Deciding {
  readonly state: AccountState
  /** The link to the hosted pages that is being opened. */
  readonly link?: PortalLink | null
  /** The link of a notice that is being followed. */
  readonly notice?: NoticeState | null
  /** Somebody in Slack: their invitation, and the account that they are linked with. */
  readonly slack?: { readonly invitation: SlackInvitation | null; readonly linked: AccountId | null }
  readonly hits: (charge: Charge) => ReadonlyArray<Date>
  readonly by: By
  readonly policy: Policy
  readonly fresh: Fresh
}

/** What telling of a step takes: where it leads, who asked, and ids for the letters. */
export type Telling = Pick<Deciding, "state" | "by"> & { readonly fresh: Pick<Fresh, "uuid"> }

/** An audit entry of this step. */
export const event = (
  { state, by }: Pick<Deciding, "state" | "by">,
  draft: Pick<EventDraft, "type" | "outcome"> & Partial<EventDraft>
): EventDraft => ({
  epoch: state.epoch,
  actor: by.actor,
  reference: by.reference,
  ...(by.client === undefined ? {} : { client: by.client }),
  ...draft
})

/** What every letter of this step tells. */
export const circumstances = ({
  state,
  by
}: Pick<Deciding, "state" | "by">): { accountId: string; at: DateTime.Utc; client?: Client } => ({
  accountId: state.accountId,
  at: utc(state.now),
  ...(by.client === undefined ? {} : { client: by.client })
})

/** A letter to one address; a notice may be handed over for 72 hours, a code while it lives. */
export const message = (
  { state, fresh }: Pick<Telling, "state" | "fresh">,
  { channel, address }: Address,
  letter: Letter,
  times: Partial<Pick<Message, "notBefore" | "notAfter">> = {}
): Message => ({
  id: fresh.uuid(),
  accountId: state.accountId,
  channel,
  address,
  letter,
  name: state.name,
  locale: state.locale,
  timeZone: state.timeZone,
  challengeId: letter._tag === "code" ? letter.challengeId : null,
  notBefore: times.notBefore ?? state.now,
  notAfter: times.notAfter ?? new Date(state.now.getTime() + toldFor)
})

/** A challenge that ends now; one whose time had passed before says so. */
export const closed = (state: AccountState, challenge: ChallengeState, status: ChallengeStatus): ChallengeState => ({
  ...challenge,
  status: challenge.closesAt <= state.now ? "expired" : status,
  closedAt: state.now
})

/** A new proof of the current method, or of the password alone where no method is on (S-08). */
export const newGrant = ({ state, fresh, policy }: Deciding): Grant => ({
  id: GrantId.make(fresh.uuid()),
  epoch: state.epoch,
  madeAt: state.now,
  expiresAt: secondsAfter(state.now, policy.grantSeconds),
  usedAt: null
})

/** The audit entry of its end. */
export const closure = (deciding: Pick<Deciding, "state" | "by">, challenge: ChallengeState): EventDraft =>
  event(deciding, {
    type: "challenge.closed",
    outcome: challenge.status === "succeeded" ? "succeeded" : "refused",
    method: challenge.method,
    purpose: challenge.purpose,
    reason: challenge.status
  })

/** The challenges that a commit voids: all that are open, but its own. */
export const voided = (
  { state }: Deciding,
  but: ChallengeState | undefined,
  which: (challenge: ChallengeState) => boolean = () => true
): ReadonlyArray<ChallengeState> =>
  [...openChallenges(state)]
    .filter((challenge) => challenge.id !== but?.id && which(challenge))
    .map((challenge) => closed(state, challenge, "voided"))
