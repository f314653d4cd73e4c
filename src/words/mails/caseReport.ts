import { DateTime } from "effect"
import { article, numberOf } from "../../domain/article.ts"
import type { Case, CaseKind, CaseStatus } from "../../domain/cases.ts"
import type { DeliveryState } from "../../domain/ids.ts"
import type { Protection } from "../../domain/state.ts"
import { en } from "../pages/en.ts"
import { shownAccount } from "../plain.ts"
import type { LetterOf, Report } from "./Draft.ts"
import { inUtc } from "./inUtc.ts"

const kinds: Readonly<Record<CaseKind, { readonly inWords: string; readonly body: string }>> = {
  stuck: { inWords: "stuck", body: "A customer is stuck on the way through the guide and asks for help." },
  lost: {
    inWords: "lost phone or mailbox",
    body: "A customer has lost the phone or the mailbox that the codes go to."
  },
  reported: {
    inWords: "says that it was somebody else",
    body:
      "The owner of an account says that a change was made by somebody else. The account is frozen: it takes no " +
      "further change until the freeze is lifted."
  }
}

const statuses: Readonly<Record<CaseStatus, string>> = {
  opened: "open",
  claimed: "claimed",
  guided: "guide sent",
  closed: "closed"
}

const verdicts: Readonly<Record<DeliveryState, string>> = {
  queued: "waits to be sent",
  handed_over: "handed over",
  deferred: "not taken yet, is tried again",
  failed: "could not be delivered"
}

const protections: Readonly<Record<Protection, string>> = {
  off: "off, password only",
  on: "on",
  suspended: "on, code entry paused"
}

const stepIn = ({ step }: Case): string =>
  step === null ? "none" : `${numberOf(step)} of ${article.length}, ${en.steps[step].control}`

/** A case as it stands, for whoever takes care of it. */
export const caseReport = ({ case: found }: LetterOf<"case">): Report => {
  const { id, kind, status, step, verdict } = found
  const { inWords, body } = kinds[kind]
  const place = kind === "stuck" && step !== null ? ` at step ${numberOf(step)}` : ""
  return {
    subject: `Case ${id}${status === "closed" ? " closed" : ""}: ${inWords}${place}`,
    paragraphs: [body, ...(status === "closed" ? [] : [`Once it is solved, close it: DELETE /v1/cases/${id}.`])],
    facts: [
      ["Case", id],
      ["Kind", inWords],
      ["Account", shownAccount(found.accountId)],
      ["Step", stepIn(found)],
      ["Code", verdict === null ? "none was asked for" : verdicts[verdict]],
      ["Two-factor", protections[found.protection]],
      ["Status", statuses[status]],
      ["Since", inUtc(found.openedAt)],
      ...(DateTime.Equivalence(found.openedAt, found.changedAt) ? [] : [["Changed", inUtc(found.changedAt)] as const])
    ]
  }
}
