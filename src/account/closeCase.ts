import { Effect } from "effect"
import type { CaseId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { actOnCase } from "./actOnCase.ts"
import { Caller } from "./Caller.ts"

/** Closes a case, also where it is closed already. Refuses one that is not there with `not_found`. */
export const closeCase = Effect.fn("closeCase")(function* (caseId: CaseId) {
  const { reference } = yield* Caller
  const done = yield* actOnCase(caseId, "close")
  return done._tag === "unknown" ? yield* new NotFound({ reference }) : done.case
})
