import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Layer, Logger, References } from "effect"
import { connect } from "node:net"
import { ask, type Gate, portalKey, portOf, post, tinyServer } from "./tinyServer.ts"

interface Line {
  readonly text: string
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

const nothing: Line = { text: "", level: "", annotations: {} }

const lines: Array<Line> = []

const keeping = Logger.make(({ message, cause, logLevel, fiber }) => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  lines.push({
    text: `${String(message)} ${String(cause)} ${JSON.stringify(annotations)}`,
    level: logLevel,
    annotations
  })
})

const gate: Gate = { entered: Deferred.makeUnsafe(), letGo: Deferred.makeUnsafe() }

layer(tinyServer({}, gate).pipe(Layer.provideMerge(Logger.layer([keeping]))))("the log of refusals", (it) => {
  it.effect("S-26: one line with the reference, and nothing of the request but its method and route", () =>
    Effect.gen(function* () {
      lines.length = 0
      const answer = yield* post("/v1/things/alex?secret=in-query", { what: 482913 })
      const { reference } = answer.json()
      assert.strictEqual(lines.length, 1)
      const { text, level, annotations } = lines[0] ?? nothing
      const { ms, ...rest } = annotations
      assert.isNumber(ms)
      assert.strictEqual(level, "Info")
      assert.deepStrictEqual(rest, {
        reference,
        code: "validation_failed",
        method: "POST",
        route: "/v1/things/:id",
        status: 400
      })
      for (const secret of ["482913", "alex", "in-query", portalKey, "127.0.0.1"]) assert.notInclude(text, secret)
    })
  )

  it.effect("a defect is an error, with its cause; an answer that is none is not logged", () =>
    Effect.gen(function* () {
      lines.length = 0
      yield* ask("GET", "/v1/things/a")
      assert.strictEqual(lines.length, 0)
      const { reference } = (yield* post("/v1/things/a", { what: "defect" })).json()
      assert.strictEqual(lines.length, 1)
      assert.strictEqual(lines[0]?.level, "Error")
      assert.strictEqual(lines[0]?.annotations["reference"], reference)
      assert.include(lines[0]?.text, "secret internals")
    })
  )

  it.effect("a client that hangs up is no error of ours", () =>
    Effect.gen(function* () {
      lines.length = 0
      const socket = connect(yield* portOf, "127.0.0.1")
      const body = JSON.stringify({ what: "wait" })
      const head = [
        "POST /v1/things/a HTTP/1.1",
        "Host: a",
        `Authorization: Bearer ${portalKey}`,
        "Content-Type: application/json"
      ]
      socket.write([...head, `Content-Length: ${body.length}`, "", body].join("\r\n"))
      yield* Deferred.await(gate.entered)
      socket.destroy()
      // Another request is answered after the loop has seen the end of the first.
      yield* ask("GET", "/v1/things/a").pipe(Effect.repeat({ until: () => lines.length > 0 }))
      assert.deepStrictEqual([lines.length, lines[0]?.level], [1, "Info"])
      assert.include(lines[0]?.text, "hung up")
    })
  )
})
