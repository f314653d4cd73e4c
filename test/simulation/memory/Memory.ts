import type { AccountState, ChallengeState, Enrolment, FormerContact, Grant } from "../../../src/domain/AccountState.ts"
import type { Changes } from "../../../src/domain/Changes.ts"
import type { AccountId, ChallengeId, NoticeLinkId } from "../../../src/domain/ids.ts"
import type { Message } from "../../../src/domain/letters.ts"
import type { NoticeState } from "../../../src/domain/notices.ts"
import type { EventDraft } from "../../../src/domain/TwoFactor.ts"

/** What can be broken on purpose, to see that it is found. */
export const breaks = [
  "version guard removed",
  "single-use guard removed",
  "grant not consumed",
  "count rolled back with the refusal",
  "notice left out",
  "notice outside the transaction",
  "epoch check removed",
  "lifetime not asked again",
  "answer not remembered",
  "budget not held by the write",
  "old method ended before the new one is proved",
  "lease without expiry",
  "lease not asked for",
  "order of notices lost",
  "not-after ignored"
] as const
export type Broken = (typeof breaks)[number]

/** The columns of an account; what hangs on it is beside. */
export type Columns = Omit<AccountState, "now" | "enrolments" | "challenges" | "grants" | "formerContacts" | "reset">

/** An account with all its rows. Rows are replaced, never changed. */
export interface AccountRow {
  readonly columns: Columns
  readonly password: string
  readonly importedHash: string | null
  readonly enrolments: ReadonlyArray<Enrolment>
  readonly challenges: ReadonlyArray<ChallengeState>
  readonly grants: ReadonlyArray<Grant>
  readonly formerContacts: ReadonlyArray<FormerContact>
}

/** One statement that wrote: what a checker judges. */
export interface Commit {
  /** Of the statement. */
  readonly at: number
  /** Which operation; -1 for what works by itself. */
  readonly operation: number
  readonly accountId: AccountId
  readonly before: AccountRow | undefined
  readonly after: AccountRow
  readonly changes: Changes
  /** The Idempotency-Key under which its answer is remembered. */
  readonly scope: string | undefined
  /** The letters that it queued, as they are in the outbox. */
  readonly queued: ReadonlyArray<Letter>
}

/** A row of the outbox. */
export interface Letter {
  readonly message: Message
  readonly position: number
  readonly queuedAt: number
  state: "queued" | "deferred" | "handed_over" | "failed" | "obsolete"
  stateAt: number
  detail: string | null
  attempts: number
  notBefore: number
  lease: string | null
  leasedUntil: number | null
}

/** Every table, for as long as one history lasts. */
export class Memory {
  readonly accounts = new Map<AccountId, AccountRow>()
  readonly ownerOf = new Map<ChallengeId, AccountId>()
  readonly notices = new Map<NoticeLinkId, { readonly accountId: AccountId; readonly notice: NoticeState }>()
  readonly answers = new Map<string, { readonly body: string; readonly answer: unknown; readonly madeAt: number }>()
  readonly hits = new Map<string, ReadonlyArray<number>>()
  readonly audit = new Map<AccountId, ReadonlyArray<EventDraft>>()
  readonly outbox: Array<Letter> = []
  readonly commits: Array<Commit> = []
  /** Constraints that a step met although none may. */
  readonly faults: Array<string> = []
  readonly broken: Broken | undefined

  constructor(broken?: Broken) {
    this.broken = broken
  }

  /** Puts letters into the outbox, in this order. */
  queue(messages: ReadonlyArray<Message>, at: number): ReadonlyArray<Letter> {
    return messages.map((message) => {
      const letter: Letter = {
        message,
        position: this.outbox.length,
        queuedAt: at,
        state: "queued",
        stateAt: at,
        detail: null,
        attempts: 0,
        notBefore: message.notBefore.getTime(),
        lease: null,
        leasedUntil: null
      }
      this.outbox.push(letter)
      return letter
    })
  }
}
