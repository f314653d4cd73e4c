import type {
  AccountId,
  ChallengeId,
  ChallengeStatus,
  EnrolmentId,
  GrantId,
  MethodId,
  NoticeLinkId,
  Purpose
} from "./ids.ts"
import { slotOf } from "./ids.ts"
import type { Delivery } from "./TwoFactor.ts"
import type { Channel } from "./ids.ts"
import type { Reset } from "./resets.ts"
import type { Protection } from "./state.ts"

/** A second factor of an account, in force while `endedAt` is null. */
export interface Enrolment {
  readonly id: EnrolmentId
  readonly method: MethodId
  readonly destination: string
  readonly enrolledAt: Date
  readonly lastUsedAt: Date | null
  /** Consecutive wrong codes; only a right code sets it to 0 (S-21, S-24). */
  readonly failures: number
  readonly blockedUntil: Date | null
  readonly suspendedAt: Date | null
  readonly endedAt: Date | null
}

/** A challenge as it is kept. `issuedAt` is of the code that is alive; another `issue` is another code. */
export interface ChallengeState {
  readonly id: ChallengeId
  readonly purpose: Purpose
  readonly method: MethodId
  readonly destination: string
  readonly epoch: number
  readonly keyId: string
  /** Hex. */
  readonly nonce: string
  readonly issue: number
  readonly codeLength: number
  readonly tries: number
  readonly maxTries: number
  readonly sends: number
  readonly status: ChallengeStatus
  readonly acknowledged: string | null
  /** The link of a notice that permitted it, for a change back to the former method. */
  readonly noticeLinkId: NoticeLinkId | null
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly closesAt: Date
  readonly resendAfter: Date
  readonly closedAt: Date | null
  readonly delivery: Delivery | null
}

/** The proof of the current method, to be spent once. */
export interface Grant {
  readonly id: GrantId
  readonly epoch: number
  readonly madeAt: Date
  readonly expiresAt: Date
  readonly usedAt: Date | null
}

/** An address that is still told of changes, until then. */
export interface FormerContact {
  readonly channel: Channel
  readonly address: string
  readonly until: Date
}

/** All that a decision about one account rests on, read in one statement at `now`, the database's time. */
export interface AccountState {
  readonly accountId: AccountId
  readonly now: Date
  /** A step is written only over the version that it was decided on. */
  readonly version: number
  readonly epoch: number
  readonly email: string
  readonly phone: string | null
  readonly name: string | null
  readonly locale: string | null
  readonly timeZone: string | null
  readonly demo: boolean
  readonly mustEnrol: boolean
  readonly reportedAt: Date | null
  readonly passwordFailures: number
  readonly passwordBlockedUntil: Date | null
  readonly enrolmentFailures: number
  readonly enrolmentBlockedUntil: Date | null
  readonly changedAt: Date
  /** The one in force, and those that ended in the last 72 hours. */
  readonly enrolments: ReadonlyArray<Enrolment>
  /** The open ones, and the one that was asked for. */
  readonly challenges: ReadonlyArray<ChallengeState>
  readonly grants: ReadonlyArray<Grant>
  readonly formerContacts: ReadonlyArray<FormerContact>
  /** The one that waits. */
  readonly reset: Reset | null
}

/** The method in force. */
export const inForce = (state: AccountState): Enrolment | undefined =>
  state.enrolments.find((enrolment) => enrolment.endedAt === null)

/** The state of the machine that the account is in. */
export const protectionOf = (state: AccountState): Protection => {
  const method = inForce(state)
  return method === undefined ? "off" : method.suspendedAt === null ? "on" : "suspended"
}

/** What a challenge is at `now`: one that nobody closed lapses by itself. */
export const statusOf = (challenge: ChallengeState, now: Date): ChallengeStatus =>
  challenge.status === "open" && challenge.closesAt <= now ? "expired" : challenge.status

/** The challenges that are open and alive at `now`. */
export const openChallenges = (state: AccountState): ReadonlyArray<ChallengeState> =>
  state.challenges.filter((challenge) => statusOf(challenge, state.now) === "open")

/** The challenge that was asked for last, whatever it is for: the one whose code somebody waits for. */
export const newestOpen = (state: AccountState): ChallengeState | undefined =>
  openChallenges(state)
    .toSorted((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime())
    .at(-1)

/** The set-up or change that waits for its code. */
export const pendingOf = (state: AccountState): ChallengeState | undefined =>
  openChallenges(state).find((challenge) => slotOf(challenge.purpose) === "protection")
