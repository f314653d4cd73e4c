import type { Alarm, CaseKind } from "../../domain/cases.ts"
import { reachedByEvent } from "../../domain/guide.ts"
import type { MethodId } from "../../domain/ids.ts"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import type { Event } from "../../domain/TwoFactor.ts"

/** What follows from an event outside the account, for support and in Slack. */
export interface FollowUp {
  /** How far it brings the checklist of its owner; 0 where it does not. */
  readonly reached: number
  /** What its linked owner is told. */
  readonly notice?: SlackFacts<"notice">["about"]
  /** What the support channel shows of the way that the account takes. */
  readonly journey?: "begins" | "goes on"
  readonly reset?: SlackFacts<"reset">["stage"]
  readonly alarm?: Alarm
  /** The case that it opens. */
  readonly opens?: CaseKind
  /** The cases that it settles, since what they were about is over. */
  readonly settles: ReadonlyArray<CaseKind>
  /** What whoever works on a case of this account has to know. */
  readonly line?: SlackFacts<"case_line">["about"]
  /** Nothing that waits is said of the account any more. */
  readonly forgets?: true
}

/** What each type of event brings about; the others bring about nothing. */
const table: Partial<
  Record<Event["type"], Omit<FollowUp, "reached" | "settles"> & Partial<Pick<FollowUp, "settles">>>
> = {
  "method.enabled": { notice: "enabled", journey: "goes on", settles: ["stuck", "lost"] },
  "method.changed": { notice: "changed", journey: "goes on", settles: ["stuck", "lost"] },
  "method.disabled": { notice: "disabled", journey: "begins" },
  "method.suspended": { notice: "locked", alarm: "lock-out", line: "locked" },
  "protection.reported": { notice: "reported", opens: "reported", line: "reported" },
  "protection.undone": { notice: "undone", settles: ["reported"] },
  "delivery.failed": { alarm: "delivery" },
  "account.deleted": { forgets: true },
  "reset.requested": { notice: "reset", reset: "requested" },
  "reset.cancelled": { reset: "cancelled" },
  "reset.executed": { reset: "executed" }
}

/** What follows from an event; none where nothing does. Refused attempts bring nothing about but failed deliveries. */
export const followUpOf = (event: Event): FollowUp | undefined => {
  if (event.outcome === "refused" && event.type !== "delivery.failed" && event.type !== "method.suspended")
    return undefined
  const reached = reachedByEvent(event)
  const found = table[event.type]
  if (found === undefined && reached === 0) return undefined
  return { settles: [], ...found, reached }
}

/** The method that an event leaves in force. */
export const standardAfter = ({ type, method }: Pick<Event, "type" | "method">): MethodId | "NONE" =>
  type === "method.disabled" ? "NONE" : (method ?? "NONE")
