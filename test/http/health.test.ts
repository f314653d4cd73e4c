import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import * as Server from "../../src/http/Server.ts"
import { ApiKeys } from "../../src/http/ApiKeys.ts"
import { Health, reportOf } from "../../src/services/Health.ts"
import { MailFault, Mailer } from "../../src/services/Mailer.ts"
import { rekey } from "../kit/core.ts"
import { ask, portalKey, speak } from "./tinyServer.ts"

const fine = { database: "ok", keys: "ok", migrations: "ok", shards: "ok", mail: "ok", sms: "ok" } as const

describe("readiness", () => {
  it.each(["database", "keys", "migrations", "shards"] as const)("is down without %s", (name) => {
    assert.strictEqual(reportOf({ ...fine, [name]: "down" }).status, "down")
  })
  it.each(["mail", "sms"] as const)("is only degraded without %s", (name) => {
    assert.strictEqual(reportOf({ ...fine, [name]: "degraded" }).status, "degraded")
  })
  it("is ok where everything is", () => {
    assert.strictEqual(reportOf(fine).status, "ok")
  })
})

const noMail = new MailFault({ transient: true, reason: "The mail server does not answer", blame: "server" })

const keys = ApiKeys.layerOf([{ role: "portal", key: Redacted.make(portalKey) }])

const whole = (env: Record<string, string>) =>
  Server.layer.pipe(
    Layer.provide(Health.layer),
    Layer.provide([Layer.mock(Mailer)({ health: noMail }), keys]),
    Layer.provide(rekey({ PORT: "0", PUBLIC_URL: "http://localhost:3000", ...env }))
  )

layer(whole({}))("the whole server", (it) => {
  it.effect("says that it lives, and that mail is down without being down itself", () =>
    Effect.gen(function* () {
      const live = yield* ask("GET", "/health/live", { headers: { authorization: "" } })
      assert.deepStrictEqual([live.status, live.json()], [200, { status: "ok" }])
      const ready = yield* ask("GET", "/health/ready", { headers: { authorization: "" } })
      assert.deepStrictEqual(
        [ready.status, ready.json()],
        [200, { status: "degraded", dependencies: { ...fine, mail: "degraded" } }]
      )
    })
  )

  it.effect("S-52: the API reference is one page that loads nothing from elsewhere", () =>
    Effect.gen(function* () {
      const heard = yield* ask("GET", "/docs", { headers: { authorization: "" } })
      assert.strictEqual(heard.status, 200)
      assert.match(heard.headers.get("content-type") ?? "", /^text\/html/)
      assert.match(heard.headers.get("content-security-policy") ?? "", /^default-src 'none'.*connect-src 'self'/)
      assert.notMatch(heard.text, /<(script|link)[^>]+(src|href)="?https?:/)
    })
  )

  it.effect("the document at /openapi.json has every call", () =>
    Effect.gen(function* () {
      const heard = yield* ask("GET", "/openapi.json", { headers: { authorization: "" } })
      assert.strictEqual(heard.status, 200)
      assert.containsAllKeys(heard.json().paths, ["/v1/accounts/{accountId}", "/health/ready"])
    })
  )

  it.effect("the inbox is there in local mode, under a loopback name only", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* ask("GET", "/dev/inbox")).status, 200)
      const foreign = yield* speak("GET /dev/inbox HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
      assert.match(foreign, /^HTTP\/1\.1 421 /)
    })
  )

  it.effect("a call goes through to the account", () =>
    Effect.gen(function* () {
      const heard = yield* ask("GET", "/v1/accounts/nobody/two-factor")
      assert.deepStrictEqual([heard.status, heard.json().code], [404, "not_found"])
    })
  )
})

layer(whole({ REKEY_INBOX: "off", SMTP_URL: "smtp://127.0.0.1:1" }))("without the inbox", (it) => {
  it.effect("S-80: there is nothing under /dev", () =>
    Effect.gen(function* () {
      for (const path of ["/dev/inbox", "/dev/inbox/messages", "/dev/inbox.css"]) {
        assert.strictEqual((yield* ask("GET", path)).status, 404)
      }
    })
  )
})
