import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Case } from "../../domain/cases.ts"
import { Unavailable } from "../../domain/refusals.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { ApiKey, readers, Roles, staff } from "./ApiKey.ts"
import { cursor, Limit } from "./request.ts"
import { Validated } from "./Validated.ts"

// Any text: one that is no id names no case, which is 404 and not 400.
const ofCase = {
  caseId: Schema.String.annotate({ description: "`id` of a Case", examples: ["C-7F3K"] })
}

/** Which cases are listed where the request does not say. */
export const listedCases = "open"

/** `GET /v1/cases` */
const list = HttpApiEndpoint.get("list", "/", {
  query: {
    status: Schema.optionalKey(
      Schema.Literals(["open", "closed", "all"]).annotate({
        description: `\`open\` is every status but \`closed\`; ${listedCases} where it is left out`
      })
    ),
    before: Schema.optionalKey(cursor(/^[0-9]{1,18}$/u)),
    limit: Schema.optionalKey(Limit)
  },
  success: Schema.Struct({
    cases: Schema.Array(Case),
    next: Schema.NullOr(Schema.String).annotate({ description: "null at the end" })
  }),
  error: [Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(OpenApi.annotations({ summary: "List what people want support for, newest first" }))

/** `DELETE /v1/cases/{caseId}` */
const close = HttpApiEndpoint.delete("close", "/:caseId", {
  params: ofCase,
  success: HttpApiSchema.NoContent,
  error: refusalsOf.closeCase
})
  .annotate(Roles, staff)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Close a case that is solved",
      description: "It stays listed as closed; its message in Slack follows. One that is closed already stays so (204)."
    })
  )

/** What people want support for. */
export class CasesGroup extends HttpApiGroup.make("cases")
  .add(list, close)
  .prefix("/v1/cases")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(
    OpenApi.annotations({
      title: "Cases",
      description: "Who is stuck, has lost the phone or mailbox, or says that it was somebody else."
    })
  ) {}
