import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { Role } from "../../src/http/ApiKeys.ts"
import { keyOf, server } from "./form.ts"
import { speak } from "./tinyServer.ts"

const post = (headers: ReadonlyArray<string>, body: string, role: Role = "portal") =>
  speak(
    [
      "POST /v1/accounts/alex/sign-in HTTP/1.1",
      "Host: localhost",
      `Authorization: Bearer ${Redacted.value(keyOf(role))}`,
      ...headers,
      "",
      body
    ].join("\r\n")
  )

const answersIn = (heard: string) => heard.match(/^HTTP\/1\.1 \d+/gm) ?? []
const json = "Content-Type: application/json"
const aPassword = `{"password":"x"}`

layer(server)("bodies", (it) => {
  it.effect("S-80: a body that says that it is too large is 413 before it is sent", () =>
    Effect.gen(function* () {
      for (const expecting of [[], ["Expect: 100-continue"]]) {
        const heard = yield* post([json, "Content-Length: 99999999", ...expecting], "")
        assert.deepStrictEqual(answersIn(heard), ["HTTP/1.1 413"])
        assert.include(heard, `"code":"payload_too_large"`)
        assert.match(heard, /^connection: close\r$/im)
      }
    })
  )

  it.effect("S-80: a body that grows too large is answered once, and the connection is closed", () =>
    Effect.gen(function* () {
      const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`
      const heard = yield* post([json, "Transfer-Encoding: chunked"], chunk.repeat(3))
      assert.deepStrictEqual(answersIn(heard), ["HTTP/1.1 413"])
      assert.match(heard, /^connection: close\r$/im)
    })
  )

  it.effect("the role is looked at before the body is: 403, not 413 or 415", () =>
    Effect.gen(function* () {
      const large = yield* post([json, "Content-Length: 99999999"], "", "support")
      assert.deepStrictEqual(answersIn(large), ["HTTP/1.1 403"])
      const text = yield* post(["Content-Type: text/plain", "Content-Length: 1", "Connection: close"], "x", "support")
      assert.deepStrictEqual(answersIn(text), ["HTTP/1.1 403"])
    })
  )

  it.effect("a body that says that it is compressed is 415, whatever it is", () =>
    Effect.gen(function* () {
      const length = `Content-Length: ${aPassword.length}`
      const heard = yield* post([json, length, "Content-Encoding: gzip", "Connection: close"], aPassword)
      assert.deepStrictEqual(answersIn(heard), ["HTTP/1.1 415"])
      assert.include(heard, `"code":"unsupported_media_type"`)
    })
  )

  it.effect("an expectation that nobody knows is passed over", () =>
    Effect.gen(function* () {
      const heard = yield* post([json, "Content-Length: 2", "Expect: magic", "Connection: close"], "{}")
      assert.deepStrictEqual(answersIn(heard), ["HTTP/1.1 400"])
      assert.include(heard, `"pointer":"/password"`)
    })
  )

  it.effect("S-52: what is no HTTP gets the security headers too", () =>
    Effect.gen(function* () {
      const heard = yield* speak("HELLO\r\n\r\n")
      for (const header of ["x-content-type-options: nosniff", "cache-control: no-store", "referrer-policy:"]) {
        assert.include(heard.toLowerCase(), header)
      }
    })
  )
})
