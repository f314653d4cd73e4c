import { Cause } from "effect"
import { HttpServerError, HttpServerResponse } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { problem, type Problem, problemOfStatus, problemsByCode } from "./edgeProblems.ts"
import { refusalOf } from "./validation.ts"

const problemJson = "application/problem+json"

/** What went wrong, as the edge sees it: an answer, or nobody is there any more to hear one. */
export type Judged =
  | { readonly _tag: "Answer"; readonly problem: Problem; readonly unexpected: boolean }
  | { readonly _tag: "Response"; readonly response: HttpServerResponse.HttpServerResponse }
  | { readonly _tag: "HungUp" }

const answer = (given: Problem, unexpected = false): Judged => ({ _tag: "Answer", problem: given, unexpected })

const internalError = () => answer(problem("internal_error"), true)

/** A refusal that no endpoint has encoded, such as one of a middleware, in its wire form. */
const refusalIn = (error: unknown): Problem | undefined => {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined
  const known = problemsByCode.get(error.code)
  if (known === undefined || !("status" in error) || error.status !== known.status) return undefined
  // What makes it an error is not enumerable, its tag is inherited: what is left are the members of the problem.
  return problem(error.code, Object.fromEntries(Object.entries(error)))
}

const judgedError = (error: unknown): Judged => {
  if (HttpApiError.HttpApiSchemaError.is(error)) {
    // An answer of ours that does not fit its schema is a fault of ours.
    const refusal = refusalIn(refusalOf(error))
    return refusal === undefined ? internalError() : answer(refusal)
  }
  if (HttpServerError.isHttpServerError(error)) {
    const { reason } = error
    switch (reason._tag) {
      case "RouteNotFound":
        return answer(problem("not_found"))
      case "RequestParseError":
        return answer(
          reason.reason === "BodyTooLarge"
            ? problem("payload_too_large")
            : problem("validation_failed", { detail: "The body could not be read. Nothing was changed." })
        )
      default:
        return internalError()
    }
  }
  const refusal = refusalIn(error)
  return refusal === undefined ? internalError() : answer(refusal)
}

/** Makes an answer of whatever ended a request (trap: the platform itself answers with an empty body). */
export const judge = (cause: Cause.Cause<unknown>): Judged => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Die" && HttpServerResponse.isHttpServerResponse(reason.defect))
      return { _tag: "Response", response: reason.defect }
  }
  const [failure] = cause.reasons.flatMap((reason) =>
    reason._tag === "Fail" ? [reason.error] : reason._tag === "Die" ? [reason.defect] : []
  )
  if (failure !== undefined) return judgedError(failure)
  const hungUp = cause.reasons.some(({ annotations }) => annotations.has(HttpServerError.ClientAbort.key))
  return hungUp ? { _tag: "HungUp" } : answer(problem("unavailable", { retryAfter: 5 }))
}

/** The text of a body that is in memory. */
const textOf = ({ body }: HttpServerResponse.HttpServerResponse): string | undefined => {
  if (body._tag !== "Uint8Array") return body._tag === "Empty" ? "" : undefined
  return new TextDecoder().decode(body.body)
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "status" in value && "type" in value

/**
 * The problem in an answer with an error status, if it is one or has to become one. Pages and JSON of other kinds (the
 * report of a probe) say themselves what they have to say.
 */
export const problemIn = (response: HttpServerResponse.HttpServerResponse): Problem | undefined => {
  if (response.status < 400) return undefined
  const contentType = response.headers["content-type"] ?? ""
  if (contentType.startsWith(problemJson)) {
    const text = textOf(response)
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    return isProblem(value) ? value : problemOfStatus(response.status)
  }
  return contentType === "" || contentType.startsWith("text/plain") || response.body._tag === "Empty"
    ? problemOfStatus(response.status)
    : undefined
}

/** What the outside needs beside the problem itself. */
export interface Outside {
  readonly publicUrl: URL
  readonly reference: string
}

const relative = /^\/problems\//

/** The members of a problem as they leave: `type` absolute, `reference` there; a replayed answer keeps its own. */
export const finished = (
  { type, title, status, detail, code, reference, ...members }: Problem,
  outside: Outside
): Problem => ({
  type: relative.test(type) ? new URL(type, outside.publicUrl).href : type,
  title,
  status,
  detail,
  code,
  reference: reference ?? outside.reference,
  ...members
})

/** The answer that a problem makes, with the headers that belong to it. */
export const problemResponse = (
  given: Problem,
  outside: Outside,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse => {
  const { retryAfter } = given
  const { "content-length": _length, "content-type": _type, ...kept } = headers
  return HttpServerResponse.text(JSON.stringify(finished(given, outside)), {
    status: given.status,
    contentType: problemJson,
    headers: {
      ...kept,
      ...(typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {}),
      ...(given.status === 401 ? { "www-authenticate": "Bearer" } : {}),
      // The rest of the body is not waited for, so nothing after it could be read.
      ...(given.status === 413 ? { connection: "close" } : {})
    }
  })
}
