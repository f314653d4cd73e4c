import type { AccountState, ChallengeState, Enrolment, FormerContact, Grant } from "./AccountState.ts"
import type { Charge } from "./budgets.ts"
import type { GrantId, NoticeLinkId, PortalLinkId, SlackInvitationId } from "./ids.ts"
import type { Message } from "./letters.ts"
import type { NoticeState } from "./notices.ts"
import type { Reset, ResetEnd } from "./resets.ts"
import type { PortalLink, Session, SessionKept } from "./sessions.ts"
import type { SlackUser } from "./slack.ts"
import type { EventDraft } from "./TwoFactor.ts"

/** All that one step does to an account, as a value: written in one statement or not at all (P2). */
export interface Changes {
  /** The account as it is afterwards; its own columns are written whole. */
  readonly state: AccountState
  readonly enrolments: { readonly changed: ReadonlyArray<Enrolment>; readonly begun: ReadonlyArray<Enrolment> }
  readonly challenges: {
    readonly changed: ReadonlyArray<ChallengeState>
    readonly begun: ReadonlyArray<ChallengeState>
  }
  readonly grantsMade: ReadonlyArray<Grant>
  readonly grantsUsed: ReadonlyArray<GrantId>
  readonly formerContacts: ReadonlyArray<FormerContact>
  readonly links: { readonly made: ReadonlyArray<PortalLink>; readonly used: ReadonlyArray<PortalLinkId> }
  readonly sessions: {
    readonly begun: ReadonlyArray<Session>
    /** The one that asked for this step, where it goes on under another token. */
    readonly kept: SessionKept | null
  }
  readonly notices: {
    readonly made: ReadonlyArray<NoticeState>
    /** Those that report: they go on into the epoch that their report begins. */
    readonly reported: ReadonlyArray<NoticeLinkId>
    readonly used: ReadonlyArray<NoticeLinkId>
  }
  readonly resets: { readonly begun: ReadonlyArray<Reset>; readonly ended: ReadonlyArray<ResetEnd> }
  readonly slack: {
    readonly linked: ReadonlyArray<SlackUser>
    readonly unlinked: ReadonlyArray<SlackUser>
    /** Invitations that are over. */
    readonly closed: ReadonlyArray<SlackInvitationId>
  }
  readonly events: ReadonlyArray<EventDraft>
  readonly messages: ReadonlyArray<Message>
  readonly charges: ReadonlyArray<Charge>
  readonly cleared: ReadonlyArray<Charge>
  /** The earliest lifetime that the decision rests on: not written once the database's clock has passed it. */
  readonly aliveUntil: Date | null
}

/** What was decided: the answer, and what has to be written for it to be true. */
export interface Decision<Answer> {
  readonly answer: Answer
  readonly changes?: Changes | undefined
}

/** Nothing but the state as it was read; steps say what is different. */
export const noChanges = (state: AccountState): Changes => ({
  state,
  enrolments: { changed: [], begun: [] },
  challenges: { changed: [], begun: [] },
  grantsMade: [],
  grantsUsed: [],
  formerContacts: [],
  links: { made: [], used: [] },
  sessions: { begun: [], kept: null },
  notices: { made: [], reported: [], used: [] },
  resets: { begun: [], ended: [] },
  slack: { linked: [], unlinked: [], closed: [] },
  events: [],
  messages: [],
  charges: [],
  cleared: [],
  aliveUntil: null
})

/** The state as it will be once the changes are written: what answers are made from. */
export const after = (changes: Changes): AccountState => {
  const replace = <Row extends { readonly id: string }>(
    rows: ReadonlyArray<Row>,
    { changed, begun }: { readonly changed: ReadonlyArray<Row>; readonly begun: ReadonlyArray<Row> }
  ): ReadonlyArray<Row> => [...rows.map((row) => changed.find(({ id }) => id === row.id) ?? row), ...begun]
  return {
    ...changes.state,
    enrolments: replace(changes.state.enrolments, changes.enrolments),
    challenges: replace(changes.state.challenges, changes.challenges)
  }
}
