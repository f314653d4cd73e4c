import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
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
