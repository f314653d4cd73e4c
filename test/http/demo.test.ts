import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { demoPassword } from "../../src/account/demo.ts"
import { disable } from "../../src/account/disable.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { AccountId } from "../../src/domain/ids.ts"
import { ApiKeys } from "../../src/http/ApiKeys.ts"
import * as Server from "../../src/http/Server.ts"
import { Health } from "../../src/services/Health.ts"
import { Mailer } from "../../src/services/Mailer.ts"
import { asPortal, rekey } from "../kit/core.ts"
import { freshGrant } from "../kit/stories.ts"
import { ask, portalKey, portOf } from "./tinyServer.ts"

const keys = ApiKeys.layerOf([{ role: "portal", key: Redacted.make(portalKey) }])

const server = (env: Record<string, string> = {}) =>
  Server.layer.pipe(
    Layer.provide(Health.layer),
    Layer.provide([Layer.mock(Mailer)({ health: Effect.void }), keys]),
    Layer.provideMerge(rekey({ PORT: "0", PUBLIC_URL: "http://localhost:3000", ...env }))
  )

const alex = AccountId.make("alex")
const protection = Effect.map(readTwoFactor(alex), ({ securityStandard }) => securityStandard).pipe(asPortal())
const off = Effect.gen(function* () {
  const grant = yield* freshGrant(alex)
  yield* disable({ accountId: alex, password: Redacted.make(demoPassword), grant })
}).pipe(asPortal())

const reset = (headers: Record<string, string> = {}) => ask("POST", "/dev/demo/reset", { headers })

layer(server())("the demo", (it) => {
  it.effect("the button of the inbox puts alex back on SMS, and leads to the inbox again", () =>
    Effect.gen(function* () {
      const page = yield* ask("GET", "/dev/inbox")
      assert.match(
        page.text,
        /<form method="post" action="\/dev\/demo\/reset"><button>Reset the demo<\/button><\/form>/
      )
      assert.match(page.headers.get("content-security-policy") ?? "", /form-action 'self'/)
      assert.strictEqual(page.headers.get("referrer-policy"), "same-origin")
      yield* reset()
      yield* off
      assert.strictEqual(yield* protection, "NONE")
      const own = `http://127.0.0.1:${yield* portOf}`
      const answer = yield* reset({ "sec-fetch-site": "same-origin", origin: own })
      assert.deepStrictEqual([answer.status, answer.headers.get("location")], [303, "/dev/inbox"])
      assert.strictEqual(yield* protection, "SMS")
    })
  )

  it.effect("several resets at once leave the demo as one does", () =>
    Effect.gen(function* () {
      const answers = yield* Effect.all([reset(), reset(), reset()], { concurrency: "unbounded" })
      assert.deepStrictEqual(
        answers.map(({ status }) => status),
        [303, 303, 303]
      )
      assert.strictEqual(yield* protection, "SMS")
    })
  )

  it.effect("another site cannot make a browser reset the demo", () =>
    Effect.gen(function* () {
      yield* reset()
      yield* off
      const own = `http://127.0.0.1:${yield* portOf}`
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site", origin: own },
        { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
        { origin: "https://evil.example" },
        { origin: "http://127.0.0.1:1" },
        { origin: "null" },
        { origin: "nonsense" }
      ]) {
        const answer = yield* reset(headers)
        assert.deepStrictEqual([answer.status, answer.json().code], [403, "forbidden"], JSON.stringify(headers))
        assert.strictEqual(yield* protection, "NONE")
      }
      for (const headers of [{ "sec-fetch-site": "none" }, { "sec-fetch-site": "same-origin", origin: "null" }]) {
        assert.strictEqual((yield* reset(headers)).status, 303)
      }
    })
  )
})

layer(server({ REKEY_DEMO: "off" }))("without the demo", (it) => {
  it.effect("there is an inbox without a button, and nothing to reset", () =>
    Effect.gen(function* () {
      assert.notInclude((yield* ask("GET", "/dev/inbox")).text, "<form")
      assert.strictEqual((yield* reset()).status, 404)
    })
  )
})
