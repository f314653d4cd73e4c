import type { Alarm, CaseAction, CaseKind, CaseStatus } from "../../domain/cases.ts"
import type { DeliveryState, MethodId } from "../../domain/ids.ts"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Protection } from "../../domain/state.ts"
import type { EventType } from "../../domain/TwoFactor.ts"

/** What the bot says to support, in one language. */
export interface SupportWords {
  readonly labels: {
    readonly account: string
    readonly step: string
    readonly delivery: string
    readonly protection: string
    readonly method: string
    readonly status: string
    readonly claimedBy: string
    readonly opened: string
    readonly changed: string
    readonly pending: string
    readonly last: string
  }
  readonly kinds: Record<CaseKind, string>
  readonly statuses: Record<CaseStatus, string>
  readonly verdicts: Record<DeliveryState, string>
  readonly protections: Record<Protection, string>
  readonly actions: Record<CaseAction, string>
  readonly noStep: string
  readonly noCode: string
  readonly noMethod: string
  readonly nothingYet: string
  readonly frozen: string
  readonly mustEnrol: string
  readonly pending: (method: MethodId, until: string) => string
  /** In the thread of a case: what happened, and what a person must do. */
  readonly lines: Record<SlackFacts<"case_line">["about"], string>
  readonly alarms: Record<Alarm, { readonly heading: string; readonly body: string }>
  readonly raised: (count: number, since: string, at: string) => string
  readonly lastAccounts: string
  readonly over: (at: string) => string
  readonly journey: {
    readonly off: (account: string, from: MethodId | null) => string
    readonly waiting: string
    /** Turned off before, and set up now. */
    readonly again: (standard: MethodId, at: string) => string
    readonly changed: (account: string, from: MethodId, to: MethodId) => string
    /** Set up or changed, from what is not known. */
    readonly now: (account: string, to: MethodId) => string
  }
  readonly reset: Record<SlackFacts<"reset">["stage"], (account: string) => string>
  readonly cases: {
    readonly heading: string
    readonly none: string
    readonly more: (count: number) => string
    readonly one: (command: string) => string
  }
  readonly noSuchCase: (example: string) => string
  readonly movedOn: (caseId: string) => string
  readonly notFound: string
  readonly nudged: (caseId: string) => string
  readonly cannotReach: (caseId: string) => string
  /** An event as it concerns somebody else. */
  readonly linkRefused: string
  readonly events: Record<EventType, string>
}
