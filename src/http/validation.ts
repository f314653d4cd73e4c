import { Effect, SchemaIssue } from "effect"
import { HttpApiMiddleware, type HttpApiError } from "effect/http-api"
import { type FieldFault, ValidationFailed } from "../domain/refusals.ts"
import { Validated } from "./contract/Validated.ts"

const faultsAtMost = 50
const pointerAtMost = 200

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
  "a valid JSON body": "valid JSON"
}

/** What a schema calls its kind of value, in plain words: `"SMS" | "EMAIL"` is `one of SMS, EMAIL`. */
const plainly = (expected: string): string => {
  const members = expected.split(" | ")
  const literals = members.filter((member) => /^".*"$/.test(member)).map((member) => member.slice(1, -1))
  if (literals.length === members.length) return `must be one of ${literals.join(", ")}`
  return `must be ${members.map((member) => kinds[member] ?? "of the declared form").join(" or ")}`
}

const ruleOf: SchemaIssue.LeafHook = (issue) => {
  switch (issue._tag) {
    case "MissingKey":
      return "is missing"
    case "UnexpectedKey":
      return "is not a known field"
    case "InvalidType":
      // A schema with a name of its own would be called by it, which says nothing to the caller.
      return issue.ast._tag === "Objects" ? "must be an object" : SchemaIssue.defaultLeafHook(issue)
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
      detail: message.replace(/^Expected (.*)$/s, (_, expected: string) => plainly(expected))
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
