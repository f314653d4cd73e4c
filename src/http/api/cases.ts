import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { inTime } from "../../account/ask.ts"
import { closeCase } from "../../account/closeCase.ts"
import { CaseId } from "../../domain/ids.ts"
import { NotFound } from "../../domain/refusals.ts"
import { Cases } from "../../services/Cases.ts"
import { Api } from "../contract/Api.ts"
import { listedCases } from "../contract/cases.ts"
import { ofAPage } from "../contract/request.ts"
import { called } from "../requestCaller.ts"
import { RequestReference } from "../requestReference.ts"

const isCaseId = Schema.is(CaseId)

/** The id in the path; a text that is none is the id of no case. */
const idIn = Effect.fnUntraced(function* ({ caseId }: { readonly caseId: string }) {
  return isCaseId(caseId) ? caseId : yield* new NotFound({ reference: yield* RequestReference })
})

/** What people want support for. */
export const layer = HttpApiBuilder.group(Api, "cases", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(function* ({ query: { status = listedCases, before, limit = ofAPage } }) {
      const cases = yield* Cases
      return yield* called(inTime(cases.list({ status, before, limit })))
    }),
    close: Effect.fnUntraced(function* ({ params }) {
      yield* called(Effect.flatMap(idIn(params), closeCase))
    })
  })
)
