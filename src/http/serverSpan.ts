import { Effect, Option } from "effect"
import { HttpTraceContext, type HttpServerRequest, type HttpServerResponse } from "effect/http"

/**
 * The span of one request, after OpenTelemetry's conventions for HTTP and as the child of the caller's. It is named by
 * the route, never by the address: that may bear a token, a name or whatever somebody typed (S-26).
 */
export const inServerSpan =
  (request: HttpServerRequest.HttpServerRequest, route: string) =>
  <E, R>(
    answered: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
  ): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> =>
    answered.pipe(
      Effect.tap(({ status }) =>
        Effect.annotateCurrentSpan({
          "http.response.status_code": status,
          ...(status >= 500 ? { "error.type": String(status) } : {})
        })
      ),
      Effect.withSpan(
        `${request.method} ${route}`,
        {
          kind: "server",
          parent: Option.getOrUndefined(HttpTraceContext.fromHeaders(request.headers)),
          attributes: { "http.request.method": request.method, "http.route": route }
        },
        { captureStackTrace: false }
      )
    )
