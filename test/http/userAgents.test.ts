import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { ask } from "./form.ts"
import { registered, server } from "./wholeApi.ts"

/** What a browser may call itself, as JSON has it, and what is kept of it. */
const agents: ReadonlyArray<readonly [what: string, sent: string, kept: string]> = [
  ["astral characters", `a${"😀".repeat(300)}`, `a${"😀".repeat(300)}`],
  ["more than 512 characters", `a${"😀".repeat(600)}`, `a${"😀".repeat(511)}`],
  ["half a character", "a\ud83db", "a\ufffdb"],
  ["a NUL", "a\0b", "a\ufffdb"],
  ["a line break", "a\r\nb", "a\ufffd\ufffdb"]
]

layer(server, { excludeTestServices: true })("the browser of a person", (it) => {
  for (const [place, [what, userAgent, kept]] of agents.entries()) {
    it.effect(`S-79: a browser that sends ${what} lets no wrong password go uncounted`, () =>
      Effect.gen(function* () {
        const { portal, accountId } = yield* registered(`browser-${place}`, "EMAIL")
        const body = { password: "not the password", client: { userAgent } }
        for (const counted of [1, 2]) {
          const { status, body: problem } = yield* ask("POST", `/v1/accounts/${accountId}/sign-in`, { body })
          assert.strictEqual(`${status} ${problem.code}`, "403 password_incorrect")
          const { events } = yield* portal.events.ofAccount({ params: { accountId }, query: {} })
          const wrong = events.filter(({ type }) => type === "password.rejected")
          assert.lengthOf(wrong, counted, JSON.stringify(events))
          assert.strictEqual(wrong[0]?.client?.userAgent, kept)
        }
      })
    )
  }
})
