import { Effect, Layer, Metric } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { Forbidden, Unauthorized } from "../domain/edgeRefusals.ts"
import { ApiKeys } from "./ApiKeys.ts"
import { bearerOf } from "./bearer.ts"

/** Answers by method, route as declared, and status. */
export const requestsTotal = Metric.counter("rekey_http_requests_total", {
  description: "Answers, by method, route and status",
  incremental: true
})

/** From the first byte of a request to its answer. */
export const requestSeconds = Metric.histogram("rekey_http_request_seconds", {
  description: "Seconds from a request to its answer",
  boundaries: [0.005, 0.015, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})

const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** `GET /metrics` in the text format of Prometheus: for a key of role `metrics` or `portal`; in local mode for anybody. */
export const layer = ({
  local
}: {
  readonly local: boolean
}): Layer.Layer<never, never, HttpRouter.HttpRouter | ApiKeys> =>
  HttpRouter.use(
    Effect.fnUntraced(function* (router) {
      const keys = yield* ApiKeys
      yield* router.add(
        "GET",
        "/metrics",
        Effect.gen(function* () {
          const key = bearerOf(yield* HttpServerRequest.HttpServerRequest)
          const holder = key === undefined ? undefined : keys.find(key)
          if (holder === undefined && !(local && key === undefined)) return yield* Effect.die(new Unauthorized({}))
          if (holder?.role === "support") return yield* Effect.die(new Forbidden({}))
          return HttpServerResponse.text(yield* PrometheusMetrics.format(), { contentType })
        })
      )
    })
  )
