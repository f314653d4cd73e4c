import { declared } from "../domain/declared.ts"

/** A problem as it stands in an answer, before the edge makes `type` absolute and adds the reference. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly reference?: string
  readonly retryAfter?: number
  readonly [member: string]: unknown
}

/** Problems that only the edge has: the request never became one that an operation could refuse. */
const onlyHere = [
  {
    code: "request_timeout",
    status: 408,
    title: "The request did not arrive in time",
    detail: "Send the whole request within 15 seconds. Nothing was changed."
  },
  {
    code: "headers_too_large",
    status: 431,
    title: "The headers are too large",
    detail: "Send at most 16 KiB of headers, the address of the request included. Nothing was changed."
  }
] as const

/** Every problem that this server answers with, by code. */
export const problemsByCode: ReadonlyMap<
  string,
  { readonly [K in "code" | "title" | "detail"]: string } & { status: number }
> = new Map([...declared.values(), ...onlyHere].map((problem) => [problem.code, problem]))

/** The problem of a code, with another sentence or further members where there is more to say. */
export const problem = (
  code: string,
  more: { readonly detail?: string; readonly [member: string]: unknown } = {}
): Problem => {
  const known = problemsByCode.get(code)
  if (known === undefined) throw new Error(`no problem is declared as ${code}`)
  const { title, status, detail } = known
  return { type: `/problems/${code}`, title, status, detail, code, ...more }
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: "validation_failed",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  408: "request_timeout",
  413: "payload_too_large",
  415: "unsupported_media_type",
  421: "misdirected",
  431: "headers_too_large",
  503: "unavailable"
}

/** The problem for a status that came without a body. */
export const problemOfStatus = (status: number): Problem => {
  const code = codeOfStatus[status] ?? (status < 500 ? "validation_failed" : "internal_error")
  return problem(code, code === "unavailable" ? { retryAfter: 5 } : {})
}
