import { Effect, SchemaIssue } from "effect"
import { HttpApiMiddleware, type HttpApiError } from "effect/http-api"
import { type FieldFault, ValidationFailed } from "../domain/refusals.ts"
import { Validated } from "./contract/Validated.ts"

const faultsAtMost = 50
const pointerAtMost = 200

const ruleOf: SchemaIssue.LeafHook = (issue) => {
  switch (issue._tag) {
    case "MissingKey":
      return "is required"
    case "UnexpectedKey":
      return "is not a field of this request"
    default:
      return SchemaIssue.defaultLeafHook(issue)
  }
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({ leafHook: ruleOf })

/** RFC 6901. */
const escaped = (segment: PropertyKey): string => String(segment).replace(/~/g, "~0").replace(/\//g, "~1")

/** What is wrong with a request, all of it: a JSON pointer and the rule, never the value. */
export const fieldFaults = ({ cause }: HttpApiError.HttpApiSchemaError): ReadonlyArray<FieldFault> =>
  format(cause.issue)
    .issues.slice(0, faultsAtMost)
    .map(({ path = [], message }) => ({
      pointer: path
        .map((segment) => `/${escaped(typeof segment === "object" ? segment.key : segment)}`)
        .join("")
        .slice(0, pointerAtMost),
      detail: message.replace(/^Expected /, "has to be ")
    }))

/** The refusal of a request that does not have the declared form; undefined where it is our answer that has not. */
export const refusalOf = (error: HttpApiError.HttpApiSchemaError): ValidationFailed | undefined => {
  switch (error.kind) {
    case "Params":
    case "Query":
    case "Payload":
      return new ValidationFailed({ errors: fieldFaults(error) })
    case "Headers":
      // A JSON pointer cannot name a header: the sentence does.
      return new ValidationFailed({
        detail: fieldFaults(error)
          .map(({ detail }) => detail)
          .join(" ")
      })
    case "Body":
    case "ResponseHeaders":
      return undefined
  }
}

/** Turns decoding failures into `validation_failed`. */
export const layer = HttpApiMiddleware.layerSchemaErrorTransform(Validated, (error) => {
  const refusal = refusalOf(error)
  return Effect.fail(refusal ?? error)
})
