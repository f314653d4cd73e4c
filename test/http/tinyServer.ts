import { Deferred, Effect, Layer, Redacted, Schema } from "effect"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { connect } from "node:net"
import { ApiKeys } from "../../src/http/ApiKeys.ts"
import * as metrics from "../../src/http/metrics.ts"
import * as problemPages from "../../src/http/problemPages.ts"
import { serve, type ServeOptions } from "../../src/http/serve.ts"
import { RateLimited, SameMethod } from "../../src/domain/refusals.ts"

/** Keys of the tests. */
export const portalKey = "portal-key-of-the-tests-0123456789"
export const supportKey = "support-key-of-the-tests-0123456789"

class Things extends HttpApiGroup.make("things")
  .add(
    HttpApiEndpoint.get("read", "/:id", {
      params: { id: Schema.String.check(Schema.isMaxLength(128)) },
      success: Schema.Struct({ id: Schema.String })
    }),
    HttpApiEndpoint.post("make", "/:id", {
      params: { id: Schema.String.check(Schema.isMaxLength(128)) },
      payload: Schema.Struct({ what: Schema.String }),
      success: Schema.Struct({ what: Schema.String }),
      error: [SameMethod, RateLimited]
    })
  )
  .prefix("/v1/things") {}

class Tiny extends HttpApi.make("tiny").add(Things) {}

/** Where a request of a test waits until it is let go. */
export interface Gate {
  readonly entered: Deferred.Deferred<void>
  readonly letGo: Deferred.Deferred<void>
}

const things = (gate: Gate | undefined) =>
  HttpApiBuilder.group(Tiny, "things", (handlers) =>
    handlers.handleAll({
      read: ({ params }) => Effect.succeed(params),
      make: Effect.fnUntraced(function* ({ payload }) {
        switch (payload.what) {
          case "same":
            return yield* new SameMethod({})
          case "often":
            return yield* new RateLimited({ retryAfter: 30 })
          case "defect":
            return yield* Effect.die(new Error("secret internals"))
          case "wait":
            if (gate === undefined) return payload
            yield* Deferred.succeed(gate.entered, undefined)
            return yield* Effect.as(Deferred.await(gate.letGo), payload)
          default:
            return payload
        }
      })
    })
  )

const pages = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    yield* router.add("GET", "/page", HttpServerResponse.html("<!doctype html><p>page</p>"))
    yield* router.add("GET", "/health/ready", HttpServerResponse.jsonUnsafe({ status: "down" }, { status: 503 }))
  })
)

const routes = (gate: Gate | undefined) =>
  Layer.mergeAll(
    HttpApiBuilder.layer(Tiny, { openapiPath: "/openapi.json" }).pipe(Layer.provide(things(gate))),
    pages,
    problemPages.layer,
    metrics.layer({ local: false })
  )

const keys = ApiKeys.layerOf([
  { role: "portal", key: Redacted.make(portalKey) },
  { role: "support", key: Redacted.make(supportKey) }
])

/** A small API behind the real edge, on a free port of loopback. */
export const tinyServer = (options: Partial<ServeOptions> = {}, gate?: Gate) =>
  serve(routes(gate), {
    publicUrl: new URL("https://rekey.example"),
    local: false,
    host: "127.0.0.1",
    port: 0,
    ...options
  }).pipe(Layer.provide(keys))

/** The port that the server got. */
export const portOf = Effect.map(HttpServer.HttpServer, ({ address }) => ("port" in address ? address.port : 0))

/** An answer as it went over the wire. */
export interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: () => Record<string, unknown>
}

/** Asks with a portal key, unless headers say otherwise. */
export const ask = (method: string, path: string, init: RequestInit = {}) =>
  Effect.gen(function* () {
    const port = yield* portOf
    return yield* Effect.promise(async (): Promise<Heard> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        redirect: "manual",
        ...init,
        headers: { authorization: `Bearer ${portalKey}`, ...(init.headers as Record<string, string> | undefined) }
      })
      const text = await response.text()
      const json = () => JSON.parse(text) as Record<string, unknown>
      return { status: response.status, headers: response.headers, text, json }
    })
  })

/** Posts JSON. */
export const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask("POST", path, { body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } })

/** Writes bytes to a connection and answers with whatever comes back until it is closed. */
export const speak = (bytes: string) =>
  Effect.flatMap(portOf, (port) =>
    Effect.callback<string>((resume) => {
      let heard = ""
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
      socket.on("data", (chunk) => (heard += chunk.toString()))
      socket.on("error", () => resume(Effect.succeed(heard)))
      socket.on("close", () => resume(Effect.succeed(heard)))
      return Effect.sync(() => socket.destroy())
    })
  )
