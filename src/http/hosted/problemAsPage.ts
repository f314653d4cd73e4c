import { Effect } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Settings } from "../../settings.ts"
import type { Problem } from "../edgeProblems.ts"
import { misusePage, notFoundPage, unavailablePage } from "../pages/messages.ts"
import { frameFor, shownAt } from "./visitor.ts"

/** What programs ask for: they get their problems as JSON, whatever they say that they accept. */
const forPrograms = /^\/(v1|health|metrics|slack|openapi\.json)(\/|$)/

/** A problem as a person meets it in a browser; undefined where it stays what it is. */
export const problemAsPage = (
  request: HttpServerRequest.HttpServerRequest,
  problem: Problem
): Effect.Effect<HttpServerResponse.HttpServerResponse | undefined, never, Settings> =>
  Effect.gen(function* () {
    const path = request.url.replace(/[?#].*$/s, "")
    if (!(request.headers["accept"] ?? "").includes("text/html") || forPrograms.test(path)) return undefined
    const frame = yield* frameFor(request)
    if (problem.status === 404) return shownAt(request, notFoundPage(frame, problem.reference), 404)
    const page =
      problem.status >= 500 ? unavailablePage(frame, path, problem.reference) : misusePage(frame, problem.reference)
    return shownAt(request, page, problem.status)
  })
