import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { ask, post, tinyServer } from "./tinyServer.ts"

const always = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'"
}

layer(tinyServer())("headers", (it) => {
  it.effect("S-52: every answer has them, refusals and probes too, and none says what serves it", () =>
    Effect.gen(function* () {
      const answers = [
        yield* ask("GET", "/v1/things/a"),
        yield* ask("GET", "/v1/none"),
        yield* ask("GET", "/health/ready"),
        yield* ask("PATCH", "/v1/things/a"),
        yield* post("/v1/things/a", { what: "defect" })
      ]
      for (const { headers } of answers) {
        for (const [name, value] of Object.entries(always)) assert.strictEqual(headers.get(name), value)
        assert.match(headers.get("strict-transport-security") ?? "", /^max-age=\d{8}/)
        assert.isNull(headers.get("server"))
        assert.isNull(headers.get("x-powered-by"))
        assert.isNull(headers.get("access-control-allow-origin"))
        assert.isNull(headers.get("set-cookie"))
      }
    })
  )
})

layer(tinyServer({ publicUrl: new URL("http://localhost:3000"), local: true }))("headers without TLS", (it) => {
  it.effect("S-52: HSTS goes out on https only", () =>
    Effect.gen(function* () {
      assert.isNull((yield* ask("GET", "/v1/things/a")).headers.get("strict-transport-security"))
    })
  )
})
