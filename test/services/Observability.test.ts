import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Layer, Logger, Redacted } from "effect"
import { createServer } from "node:http"
import { portalKey, post, tinyServer } from "../http/tinyServer.ts"
import { layer, line } from "../../src/services/Observability.ts"

/** What a program logs as lines for a terminal. */
const linesOf = (program: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const keep = Logger.map(line, (text) => void lines.push(text))
    yield* Effect.provide(program, Logger.layer([keep]))
    return lines
  })

describe("the log on a terminal", () => {
  it.effect("is one line a message, with what belongs to it at its end", () =>
    Effect.gen(function* () {
      const [first] = yield* linesOf(
        Effect.logInfo("Refused").pipe(Effect.annotateLogs({ code: "not_found", status: 404 }))
      )
      assert.match(first ?? "", /^\d\d:\d\d:\d\d INFO  Refused  code=not_found status=404$/)
    })
  )

  it.effect("shows below an error what went wrong, and no secret", () =>
    Effect.gen(function* () {
      const key = Redacted.make("hunter2")
      const [first] = yield* linesOf(
        Effect.logError("Failed", key, Cause.die(new Error("disk full"))).pipe(Effect.annotateLogs({ key }))
      )
      assert.match(first ?? "", /^\S+ ERROR Failed .*\n.*disk full/)
      assert.notInclude(first, "hunter2")
    })
  )
})

describe("telemetry", () => {
  it.live("S-26: goes to the collector, with no query parameter and no key in it", () =>
    Effect.gen(function* () {
      const received: Array<string> = []
      const collector = yield* Effect.acquireRelease(
        Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
          const server = createServer((request, response) => {
            let body = ""
            request.on("data", (chunk) => (body += String(chunk)))
            request.on("end", () => {
              received.push(`${request.url} ${request.headers.authorization} ${body}`)
              response.end("{}")
            })
          }).listen(0, "127.0.0.1", () => {
            const address = server.address()
            resume(
              Effect.succeed({
                port: typeof address === "object" ? (address?.port ?? 0) : 0,
                close: () => void server.close()
              })
            )
          })
        }),
        ({ close }) => Effect.sync(close)
      )
      const telemetry = layer({
        level: "Info",
        otlpUrl: `http://user:pass@127.0.0.1:${collector.port}/`,
        terminal: false
      })
      // What is left is sent when the layer ends.
      yield* Effect.scoped(
        Effect.flatMap(Layer.build(Layer.provideMerge(tinyServer(), telemetry)), (context) =>
          Effect.provide(post("/v1/things/a?to=in-query", { what: "same" }), context)
        )
      )
      const all = received.join("\n")
      assert.match(all, /^\/v1\/traces Basic dXNlcjpwYXNz /m)
      assert.include(all, "/v1/logs")
      assert.include(all, "/v1/metrics")
      assert.include(all, "Refused")
      for (const secret of ["in-query", portalKey]) assert.notInclude(all, secret)
    })
  )
})
