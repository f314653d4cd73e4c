import { assert, it, layer } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { Agent, request } from "node:http"
import { connect } from "node:net"
import { ask, type Gate, portalKey, portOf, speak, tinyServer } from "./tinyServer.ts"

const head = (method: string, path: string, more: ReadonlyArray<string> = []) =>
  [`${method} ${path} HTTP/1.1`, "Host: rekey.example", `Authorization: Bearer ${portalKey}`, ...more, "", ""].join(
    "\r\n"
  )

layer(tinyServer())("server", (it) => {
  it.effect("a wrong method is 405 and names the right ones, a POST-only path without HEAD", () =>
    Effect.gen(function* () {
      const heard = yield* ask("PATCH", "/v1/things/a")
      assert.strictEqual(heard.status, 405)
      assert.strictEqual(heard.headers.get("allow"), "GET, HEAD, POST, OPTIONS")
      assert.strictEqual(heard.json().code, "method_not_allowed")
      assert.strictEqual((yield* ask("POST", "/metrics")).status, 405)
    })
  )

  it.effect("HEAD answers as GET does, without a body", () =>
    Effect.gen(function* () {
      const heard = yield* ask("HEAD", "/v1/things/a")
      assert.strictEqual(heard.status, 200)
      assert.strictEqual(heard.text, "")
      assert.strictEqual((yield* ask("HEAD", "/v1/none")).status, 404)
    })
  )

  it.effect("S-52: OPTIONS names the methods and no origin; TRACE and CONNECT are refused", () =>
    Effect.gen(function* () {
      const headers = { origin: "https://evil.example", "access-control-request-method": "POST" }
      const heard = yield* ask("OPTIONS", "/v1/things/a", { headers })
      assert.strictEqual(heard.status, 204)
      assert.strictEqual(heard.headers.get("allow"), "GET, HEAD, POST, OPTIONS")
      for (const name of heard.headers.keys()) assert.notMatch(name, /^access-control/)
      assert.include(yield* speak(head("OPTIONS", "*", ["Connection: close"])), "HTTP/1.1 204")
      const trace = yield* speak(head("TRACE", "/page", ["Connection: close"]))
      assert.include(trace, "HTTP/1.1 405")
      assert.notInclude(trace, portalKey)
      assert.strictEqual(yield* speak(head("CONNECT", "rekey.example:443")), "")
    })
  )

  it.effect("an id of 128 characters is found, escaped ones too", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* ask("GET", `/v1/things/${"x".repeat(128)}`)).status, 200)
      assert.strictEqual((yield* ask("GET", `/v1/things/${"%40".repeat(128)}`)).status, 200)
    })
  )

  it.effect("S-51: there is no other way to the API than its own path", () =>
    Effect.gen(function* () {
      const paths = [
        "/%76%31/things/a",
        "//v1/things/a",
        "/v1//things/a",
        "/V1/things/a",
        "/page/../v1/things/a",
        "/v1/things/a;x"
      ]
      for (const path of paths) {
        const text = `GET ${path} HTTP/1.1\r\nHost: rekey.example\r\nConnection: close\r\n\r\n`
        assert.match(yield* speak(text), /^HTTP\/1\.1 (401|404) /, path)
      }
    })
  )

  it.effect("what is no HTTP is answered with a problem and closed", () =>
    Effect.gen(function* () {
      for (const bytes of [
        "HELLO\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        `GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n`
      ]) {
        const heard = yield* speak(bytes)
        assert.match(heard, /^HTTP\/1\.1 400 Bad Request\r\n/)
        assert.include(heard, "Content-Type: application/problem+json")
        assert.match(heard, /"type":"https:\/\/rekey.example\/problems\/validation_failed".*"reference":"E-/)
      }
    })
  )

  it.effect("S-80: headers over 16 KiB are 431", () =>
    Effect.gen(function* () {
      const heard = yield* speak(head("GET", "/page", [`X-Long: ${"x".repeat(17_000)}`]))
      assert.match(heard, /^HTTP\/1\.1 431 /)
      assert.include(heard, `"code":"headers_too_large"`)
      assert.match(yield* speak(head("GET", `/page?${"x".repeat(17_000)}`)), /^HTTP\/1\.1 431 /)
    })
  )

  it.effect("a request names its host exactly once, unless it is HTTP/1.0", () =>
    Effect.gen(function* () {
      const close = "Connection: close\r\n\r\n"
      assert.match(yield* speak(`GET /health/ready HTTP/1.1\r\n${close}`), /^HTTP\/1\.1 400 /)
      assert.match(yield* speak(`GET /health/ready HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`), /^HTTP\/1\.1 400 /)
      assert.match(yield* speak(`GET /health/ready HTTP/1.0\r\n${close}`), /^HTTP\/1\.1 503 /)
    })
  )

  it.effect("smuggled lengths are refused", () =>
    Effect.gen(function* () {
      const both = head("POST", "/v1/things/a", [
        "Content-Type: application/json",
        "Content-Length: 4",
        "Transfer-Encoding: chunked"
      ])
      assert.match(yield* speak(`${both}0\r\n\r\n`), /^HTTP\/1\.1 400 /)
      assert.match(
        yield* speak(head("POST", "/v1/things/a", ["Content-Length: 1", "Content-Length: 2"])),
        /^HTTP\/1\.1 400 /
      )
    })
  )

  it.effect("an upgrade that nobody offers is an ordinary request", () =>
    Effect.gen(function* () {
      const upgrade = [
        "Connection: Upgrade, close",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      ]
      assert.match(yield* speak(head("GET", "/page", upgrade)), /^HTTP\/1\.1 200 /)
    })
  )
})

layer(tinyServer({ limits: { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 } }))(
  "slow clients",
  (it) => {
    it.effect("S-80: headers that do not end are 408, and so is a body that does not", () =>
      Effect.gen(function* () {
        const slowHeaders = yield* speak("GET /page HTTP/1.1\r\nHost: rekey.example\r\nX-Slow: ")
        assert.match(slowHeaders, /^HTTP\/1\.1 408 /)
        assert.include(slowHeaders, `"code":"request_timeout"`)
        const json = ["Content-Type: application/json", "Content-Length: 100"]
        const slowBody = yield* speak(`${head("POST", "/v1/things/a", json)}{"what":`)
        assert.match(slowBody, /^HTTP\/1\.1 408 /)
      })
    )
  }
)

/** What a request in flight is answered with when it ends. */
const posted = (port: number, agent: Agent) =>
  Effect.callback<{ readonly status: number | undefined; readonly connection: string | undefined }>((resume) => {
    const headers = { authorization: `Bearer ${portalKey}`, "content-type": "application/json" }
    const asking = request(
      { port, host: "127.0.0.1", agent, method: "POST", path: "/v1/things/a", headers },
      (answer) => {
        answer.resume()
        answer.on("end", () =>
          resume(Effect.succeed({ status: answer.statusCode, connection: answer.headers.connection }))
        )
      }
    )
    asking.end(JSON.stringify({ what: "wait" }))
  })

/** Whether somebody listens. */
const listens = (port: number) =>
  Effect.callback<boolean>((resume) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("error", () => resume(Effect.succeed(false)))
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
  })

it.live("a stop answers what is in flight, refuses what is new, and does not wait for idle connections", () =>
  Effect.gen(function* () {
    const gate: Gate = { entered: yield* Deferred.make<void>(), letGo: yield* Deferred.make<void>() }
    const scope = yield* Scope.make()
    const port = yield* Effect.provide(portOf, yield* Layer.buildWithScope(tinyServer({}, gate), scope))
    const agent = new Agent({ keepAlive: true })
    const idle = connect(port, "127.0.0.1")
    const answer = yield* Effect.forkChild(posted(port, agent))
    yield* Deferred.await(gate.entered)

    const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void))
    yield* listens(port).pipe(Effect.repeat({ while: (there) => there }))
    yield* Deferred.succeed(gate.letGo, undefined)

    assert.deepStrictEqual(yield* Fiber.join(answer), { status: 200, connection: "close" })
    yield* Fiber.join(stopping).pipe(Effect.timeout("3 seconds"))
    idle.destroy()
    agent.destroy()
  })
)
