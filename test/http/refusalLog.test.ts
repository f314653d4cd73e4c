import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Logger, References } from "effect"
import { ask, portalKey, post, tinyServer } from "./tinyServer.ts"

interface Line {
  readonly text: string
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

const lines: Array<Line> = []

const keeping = Logger.make(({ message, cause, logLevel, fiber }) => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  lines.push({
    text: `${String(message)} ${String(cause)} ${JSON.stringify(annotations)}`,
    level: logLevel,
    annotations
  })
})

layer(tinyServer().pipe(Layer.provideMerge(Logger.layer([keeping]))))("the log of refusals", (it) => {
  it.effect("S-26: one line with the reference, and nothing of the request but its method and route", () =>
    Effect.gen(function* () {
      lines.length = 0
      const answer = yield* post("/v1/things/alex?secret=in-query", { what: 482913 })
      const { reference } = answer.json()
      assert.strictEqual(lines.length, 1)
      const [{ text = "", level, annotations } = { annotations: {}, level: "" }] = lines
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
})
