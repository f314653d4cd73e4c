import { Cause, Clock, Effect, Exit, Metric, type Types } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { ApiKeys } from "./ApiKeys.ts"
import { bearerOf } from "./bearer.ts"
import { bodyProblem } from "./bodyCheck.ts"
import { problem, type Problem } from "./edgeProblems.ts"
import { withSecurityHeaders } from "./headers.ts"
import { type Hosts, namesOneHost, served } from "./hosts.ts"
import { type Known, KnownRoutes } from "./methodCheck.ts"
import { requestSeconds, requestsTotal } from "./metrics.ts"
import { judge, problemIn, problemResponse } from "./problems.ts"
import { RequestReference } from "./requestReference.ts"
import { inServerSpan } from "./serverSpan.ts"
import { newReference } from "../services/newReference.ts"

/** What is answered before any route is asked: a refusal, or the methods of a path. */
type Early =
  | { readonly _tag: "Refused"; readonly problem: Problem; readonly allow?: ReadonlyArray<string> }
  | { readonly _tag: "Options"; readonly allow: ReadonlyArray<string> }

const everyMethod = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]

const refuse = (code: string, more?: { readonly detail: string }): Early => ({
  _tag: "Refused",
  problem: problem(code, more)
})

const wellEscaped = (path: string): boolean => {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** The checks that come before any other, in the order of the contract: host, 401, 405, then 404. */
const checks =
  (isServed: ReturnType<typeof served>, keys: typeof ApiKeys.Service) =>
  (request: HttpServerRequest.HttpServerRequest, known: Known | undefined): Early | undefined => {
    const path = request.url.replace(/[?;#].*$/s, "")
    if (!namesOneHost(request)) return refuse("validation_failed", { detail: "Send exactly one Host header." })
    if (request.url === "*" && request.method === "OPTIONS") return { _tag: "Options", allow: everyMethod }
    if (!isServed(path, request.headers["host"])) return refuse("misdirected")
    if (/^\/v1(\/|$)/.test(known?.pattern ?? path)) {
      const key = bearerOf(request)
      if (key === undefined || keys.find(key) === undefined) return refuse("unauthorized")
    }
    if (known !== undefined && !known.allow.includes(request.method))
      return { _tag: "Refused", problem: problem("method_not_allowed"), allow: known.allow }
    if (!wellEscaped(path)) return refuse("validation_failed", { detail: "The address has a broken percent escape." })
    if (known === undefined) return refuse("not_found")
    return request.method === "OPTIONS" ? { _tag: "Options", allow: known.allow } : undefined
  }

/** What the edge needs to know. */
export interface EdgeOptions extends Hosts {
  /** Content security policies of routes that cannot set one themselves. */
  readonly policies?: Readonly<Record<string, string>>
  /** A problem as a page for a browser; undefined where it stays a problem. */
  readonly asPage?: (
    request: HttpServerRequest.HttpServerRequest,
    problem: Problem
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse | undefined>
  /** Whether the server is about to stop: connections are closed after their answer. */
  readonly stopping?: () => boolean
}

/**
 * Around every request: gives it its reference, runs the checks that come first, makes a problem of whatever went
 * wrong, adds the security headers, counts, and logs each refusal in one line that names no person and no secret.
 */
export const edge = (options: EdgeOptions) =>
  HttpRouter.middleware(
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const routes = yield* KnownRoutes
      const early = checks(served(options), keys)
      const secured = withSecurityHeaders(options.publicUrl)
      const asPage = options.asPage ?? (() => Effect.undefined)

      const answered = Effect.fnUntraced(function* (
        request: HttpServerRequest.HttpServerRequest,
        httpEffect: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>,
        route: Known | undefined,
        reference: string
      ) {
        const outside = { publicUrl: options.publicUrl, reference }
        const first = early(request, route)
        if (first?._tag === "Options") {
          const response = HttpServerResponse.empty({ status: 204, headers: { allow: first.allow.join(", ") } })
          return { response, problem: undefined, cause: undefined }
        }
        if (first?._tag === "Refused") {
          const headers: Record<string, string> = first.allow === undefined ? {} : { allow: first.allow.join(", ") }
          return {
            response: problemResponse(first.problem, outside, headers),
            problem: first.problem,
            cause: undefined
          }
        }
        const exit = yield* Effect.exit(Effect.provideService(httpEffect, RequestReference, reference))
        const judged = Exit.isSuccess(exit) ? ({ _tag: "Response", response: exit.value } as const) : judge(exit.cause)
        if (judged._tag === "HungUp") return undefined
        const found = judged._tag === "Answer" ? judged.problem : problemIn(judged.response)
        const cause = Exit.isFailure(exit) && judged._tag === "Answer" && judged.unexpected ? exit.cause : undefined
        if (found === undefined)
          return judged._tag === "Response" ? { response: judged.response, problem: undefined, cause } : undefined
        // Of several faults in one request the body's size and type are told first, as the contract has it.
        const told = found.status === 400 ? ((yield* bodyProblem(request)) ?? found) : found
        const headers = judged._tag === "Response" ? judged.response.headers : {}
        return { response: problemResponse(told, outside, headers), problem: told, cause }
      })

      const handled = Effect.fnUntraced(function* (
        request: HttpServerRequest.HttpServerRequest,
        httpEffect: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>,
        route: Known | undefined
      ) {
        const clock = yield* Clock.Clock
        const startedAt = clock.currentTimeMillisUnsafe()
        const reference = yield* newReference
        const result = yield* answered(request, httpEffect, route, reference)
        const took = clock.currentTimeMillisUnsafe() - startedAt
        const about = { method: request.method, route: route?.pattern ?? "none" }
        if (result === undefined) {
          yield* Effect.logInfo("The client hung up").pipe(Effect.annotateLogs({ ...about, reference, ms: took }))
          return yield* Effect.interrupt
        }
        const { problem: refusal, cause } = result
        const page =
          refusal === undefined
            ? undefined
            : yield* asPage(request, { ...refusal, reference: refusal.reference ?? reference })
        const response = page ?? result.response
        yield* Metric.update(Metric.withAttributes(requestsTotal, { ...about, status: String(response.status) }), 1)
        yield* Metric.update(Metric.withAttributes(requestSeconds, about), took / 1000)
        if (refusal !== undefined)
          yield* logRefusal(refusal, { ...about, reference: refusal.reference ?? reference, ms: took }, cause)
        const policy = route === undefined ? undefined : options.policies?.[route.pattern]
        const own = {
          ...(policy === undefined || response.status >= 400 ? {} : { "content-security-policy": policy }),
          ...(options.stopping?.() === true ? { connection: "close" } : {})
        }
        return secured(HttpServerResponse.setHeaders(response, own))
      })

      return (
        httpEffect: Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled>
      ): Effect.Effect<HttpServerResponse.HttpServerResponse, Types.unhandled, HttpServerRequest.HttpServerRequest> =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
          const route = routes.at(request.url)
          return handled(request, httpEffect, route).pipe(inServerSpan(request, route?.pattern ?? "none"))
        })
    }),
    { global: true }
  )

/** The one line about a refusal; a fault of ours goes out as an error, with its cause. */
export const logRefusal = (
  { code, status }: Problem,
  about: Readonly<Record<string, string | number>>,
  cause?: Cause.Cause<unknown>
) => {
  const line =
    status < 500 ? Effect.logInfo("Refused") : Effect.logError("Failed", ...(cause === undefined ? [] : [cause]))
  return Effect.annotateLogs(line, { code, status, ...about })
}
