import { Effect } from "effect"
import type { CaseAction } from "../domain/cases.ts"
import type { CaseId } from "../domain/ids.ts"
import { Cases } from "../services/Cases.ts"
import { SupportDesk } from "../services/SupportDesk.ts"
import { inTime } from "./ask.ts"

/**
 * Support claims, guides or closes a case; its one message follows. What its state does not allow has `moved` on. `by`:
 * Slack's id of whoever claims it.
 */
export const actOnCase = Effect.fn("actOnCase")(function* (caseId: CaseId, action: CaseAction, by?: string) {
  const cases = yield* Cases
  const desk = yield* SupportDesk
  return yield* inTime(cases.act({ id: caseId, action, by }, (done) => desk.tellCase(done, false)))
})
