import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, type HttpServerResponse } from "effect/http"
import type { NotFound, Unavailable } from "../../domain/refusals.ts"
import { notFoundPage, unavailablePage } from "../pages/messages.ts"
import { Settings } from "../../settings.ts"
import { frameFor, shownAt, urlOf } from "./visitor.ts"

/**
 * A page at this address. What it does not tell itself is told here: that it is not there, or that something on our
 * side does not answer. Anything else is a defect, which the edge logs and answers.
 */
export const route = <R>(
  method: "GET" | "POST",
  path: HttpRouter.PathInput,
  answer: Effect.Effect<HttpServerResponse.HttpServerResponse, NotFound | Unavailable, R>
) =>
  HttpRouter.use(
    Effect.fnUntraced(function* (router) {
      const parts = yield* Effect.context<Exclude<R, HttpRouter.Provided> | Settings>()
      yield* router.add(
        method,
        path,
        answer.pipe(
          Effect.catch(
            Effect.fnUntraced(function* (error) {
              const request = yield* HttpServerRequest.HttpServerRequest
              const frame = yield* frameFor(request)
              return error._tag === "NotFound"
                ? shownAt(request, notFoundPage(frame, error.reference), 404)
                : shownAt(request, unavailablePage(frame, urlOf(request).pathname, error.reference), 503)
            })
          ),
          Effect.provideContext(parts)
        )
      )
    })
  )
