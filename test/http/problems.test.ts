import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { ask, type Heard, post, portalKey, speak, supportKey, tinyServer } from "./tinyServer.ts"

const isProblem = (heard: Heard, status: number, code: string): Record<string, unknown> => {
  const problem = heard.json()
  assert.strictEqual(heard.status, status)
  assert.strictEqual(heard.headers.get("content-type"), "application/problem+json")
  assert.strictEqual(problem.code, code)
  assert.strictEqual(problem.status, status)
  assert.strictEqual(problem.type, `https://rekey.example/problems/${code}`)
  assert.match(String(problem.reference), /^E-[0-9A-Z]{6}$/)
  assert.isNotEmpty(problem.title)
  assert.isNotEmpty(problem.detail)
  assert.notProperty(problem, "_tag")
  return problem
}

const bodyOf = (bytes: number) => JSON.stringify({ what: "x".repeat(bytes - 11) })
const chunked = (text: string) =>
  ({
    body: new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      }
    }),
    duplex: "half",
    headers: { "content-type": "application/json" }
  }) as RequestInit

layer(tinyServer())("problems", (it) => {
  it.effect("a refusal of an operation leaves with its absolute type and a reference", () =>
    Effect.gen(function* () {
      isProblem(yield* post("/v1/things/a", { what: "same" }), 409, "same_method")
    })
  )

  it.effect("retryAfter is also the Retry-After header", () =>
    Effect.gen(function* () {
      const heard = yield* post("/v1/things/a", { what: "often" })
      assert.strictEqual(isProblem(heard, 429, "rate_limited").retryAfter, 30)
      assert.strictEqual(heard.headers.get("retry-after"), "30")
    })
  )

  it.effect("a defect is internal_error, and its cause is not in the answer", () =>
    Effect.gen(function* () {
      const heard = yield* post("/v1/things/a", { what: "defect" })
      isProblem(heard, 500, "internal_error")
      assert.notInclude(heard.text, "secret internals")
    })
  )

  it.effect("malformed JSON is 400, and so is a body of another shape", () =>
    Effect.gen(function* () {
      const headers = { "content-type": "application/json" }
      isProblem(yield* ask("POST", "/v1/things/a", { body: `{"what":`, headers }), 400, "validation_failed")
      isProblem(yield* ask("POST", "/v1/things/a", { body: `"text"`, headers }), 400, "validation_failed")
      isProblem(yield* ask("POST", "/v1/things/a", { headers }), 400, "validation_failed")
    })
  )

  it.effect("a body of another type than JSON is 415, a compressed one too", () =>
    Effect.gen(function* () {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
        const heard = yield* ask("POST", "/v1/things/a", { body: `{"what":"a"}`, headers: { "content-type": type } })
        isProblem(heard, 415, "unsupported_media_type")
      }
      const gzip = { "content-type": "application/json", "content-encoding": "gzip" }
      isProblem(yield* ask("POST", "/v1/things/a", { body: "\x1f\x8b", headers: gzip }), 415, "unsupported_media_type")
      const charset = { "content-type": "application/json; charset=utf-8" }
      const fine = yield* ask("POST", "/v1/things/a", { body: `{"what":"a"}`, headers: charset })
      assert.strictEqual(fine.status, 200)
    })
  )

  it.effect("S-80: a body of 16 KiB is read, one byte more is 413, chunked too", () =>
    Effect.gen(function* () {
      const json = { "content-type": "application/json" }
      const limit = 16 * 1024
      assert.strictEqual((yield* ask("POST", "/v1/things/a", { body: bodyOf(limit), headers: json })).status, 200)
      assert.strictEqual((yield* ask("POST", "/v1/things/a", chunked(bodyOf(limit)))).status, 200)
      isProblem(
        yield* ask("POST", "/v1/things/a", { body: bodyOf(limit + 1), headers: json }),
        413,
        "payload_too_large"
      )
      isProblem(yield* ask("POST", "/v1/things/a", chunked(bodyOf(limit + 1))), 413, "payload_too_large")
    })
  )

  it.effect("checks run in their order: 401, 405, 413 and 415, then 400", () =>
    Effect.gen(function* () {
      const long = "x".repeat(129)
      const none = { authorization: "" }
      const text = { "content-type": "text/plain" }
      isProblem(yield* ask("PATCH", `/v1/things/${long}`, { headers: none }), 401, "unauthorized")
      isProblem(yield* ask("GET", "/v1/nowhere", { headers: none }), 401, "unauthorized")
      isProblem(yield* ask("PATCH", `/v1/things/${long}`, { body: "x", headers: text }), 405, "method_not_allowed")
      isProblem(yield* ask("POST", `/v1/things/${long}`, { body: "x", headers: text }), 415, "unsupported_media_type")
      isProblem(yield* ask("POST", `/v1/things/${long}`, chunked(bodyOf(20_000))), 413, "payload_too_large")
      isProblem(yield* post(`/v1/things/${long}`, {}), 400, "validation_failed")
    })
  )

  it.effect("S-51: only a bearer key is looked at", () =>
    Effect.gen(function* () {
      for (const authorization of [
        "",
        portalKey,
        `Basic ${portalKey}`,
        "Bearer ",
        `Bearer ${portalKey}x`,
        "Bearer a b"
      ]) {
        const cookie = `key=${portalKey}`
        const heard = yield* ask("GET", "/v1/things/a", { headers: { authorization, cookie } })
        isProblem(heard, 401, "unauthorized")
        assert.strictEqual(heard.headers.get("www-authenticate"), "Bearer")
      }
    })
  )

  it.effect("an unknown path is 404, a broken percent escape 400", () =>
    Effect.gen(function* () {
      isProblem(yield* ask("GET", "/v1/nowhere"), 404, "not_found")
      isProblem(yield* ask("GET", "/v1/things/%zz"), 400, "validation_failed")
      const heard = yield* speak("GET /problems/none HTTP/1.1\r\nHost: rekey.example\r\nConnection: close\r\n\r\n")
      assert.include(heard, "https://rekey.example/problems/not_found")
    })
  )

  it.effect("a JSON answer with an error status that is no problem stays as it is", () =>
    Effect.gen(function* () {
      const heard = yield* ask("GET", "/health/ready")
      assert.strictEqual(heard.status, 503)
      assert.deepStrictEqual(heard.json(), { status: "down" })
    })
  )

  it.effect("each code has a readable page, under the host of PUBLIC_URL", () =>
    Effect.gen(function* () {
      const heard = yield* speak(
        "GET /problems/code_incorrect HTTP/1.1\r\nHost: rekey.example\r\nConnection: close\r\n\r\n"
      )
      assert.include(heard, "HTTP/1.1 200")
      assert.include(heard, "That code is not right")
    })
  )

  it.effect("metrics want a key of role portal or metrics", () =>
    Effect.gen(function* () {
      isProblem(yield* ask("GET", "/metrics", { headers: { authorization: "" } }), 401, "unauthorized")
      const support = { authorization: `Bearer ${supportKey}` }
      isProblem(yield* ask("GET", "/metrics", { headers: support }), 403, "forbidden")
      const heard = yield* ask("GET", "/metrics")
      assert.strictEqual(heard.status, 200)
      assert.include(heard.text, 'rekey_http_requests_total{method="GET",route="/metrics",status="401"}')
    })
  )
})
