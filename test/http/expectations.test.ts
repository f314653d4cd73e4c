import { assert, it, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { connect } from "node:net"
import { BoundedServer } from "../../src/http/BoundedServer.ts"
import { password } from "../kit/core.ts"
import { keyOf } from "./form.ts"
import { speak } from "./tinyServer.ts"
import { registered, server } from "./wholeApi.ts"

const body = JSON.stringify({ password: Redacted.value(password) })

const signIn = (accountId: string, expectation: string) =>
  [
    `POST /v1/accounts/${accountId}/sign-in HTTP/1.1`,
    "Host: localhost",
    `Authorization: Bearer ${Redacted.value(keyOf("portal"))}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    `Expect: ${expectation}`,
    "Connection: close",
    "",
    body
  ].join("\r\n")

/** How many requests a server sees in what is written to it. */
const seen = (expectation: string) =>
  Effect.callback<number>((resume) => {
    let requests = 0
    const bounded = new BoundedServer({
      publicUrl: new URL("http://localhost"),
      newReference: () => "E-000000",
      refused: () => {}
    })
    for (const event of ["request", "checkContinue"] as const)
      bounded.on(event, (_request, response) => {
        requests++
        // Once all that the server has to say about this request has been said.
        setImmediate(() => response.end())
      })
    bounded.listen(0, "127.0.0.1", () => {
      const address = bounded.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const socket = connect(port, "127.0.0.1", () => socket.write(signIn("anybody", expectation)))
      socket.resume()
      socket.on("close", () => bounded.close(() => resume(Effect.succeed(requests))))
    })
  })

it.live.each(["foo", "100-continue", "100-continue, foo"])("a request that expects %s is one request", (expectation) =>
  Effect.map(seen(expectation), (requests) => assert.strictEqual(requests, 1))
)

layer(server, { excludeTestServices: true })("what a request expects", (it) => {
  for (const expectation of ["foo", "100-continue", "100-CONTINUE", "100-continue, foo"]) {
    it.effect(`a sign-in that expects ${expectation} is one sign-in: one answer, one challenge`, () =>
      Effect.gen(function* () {
        const name = `expects-${expectation.replace(/\W+/g, "-")}`
        const { portal, accountId } = yield* registered(name, "EMAIL")
        const heard = yield* speak(signIn(accountId, expectation))
        assert.lengthOf(heard.match(/HTTP\/1\.1 201 /g) ?? [], 1, heard)
        const { events } = yield* portal.events.ofAccount({ params: { accountId }, query: {} })
        assert.lengthOf(
          events.filter(({ type }) => type === "code.requested"),
          1
        )
      })
    )
  }
})
