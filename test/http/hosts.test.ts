import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { served } from "../../src/http/hosts.ts"
import { speak, tinyServer } from "./tinyServer.ts"

describe("S-53: hosts", () => {
  const production = served({ publicUrl: new URL("https://rekey.example"), local: false })
  const local = served({ publicUrl: new URL("http://localhost:3000"), local: true })

  it.each([
    ["rekey.example", true],
    ["REKEY.example", true],
    ["rekey.example:443", true],
    ["rekey.example:80", false],
    ["rekey.example.evil.example", false],
    ["evil.example", false],
    ["localhost", false],
    ["rekey.example@evil.example", false],
    ["rekey.example/x", false],
    ["", false]
  ])("a page under %j: %s", (host, is) => {
    assert.strictEqual(production("/problems/not_found", host), is)
  })

  it.each([
    ["localhost:3000", true],
    ["127.0.0.1:3000", true],
    ["[::1]:3000", true],
    ["demo.localhost", true],
    ["evil.example:3000", false],
    ["localhost.evil.example", false],
    ["192.168.1.5:3000", false]
  ])("in local mode a page under %j: %s", (host, is) => {
    assert.strictEqual(local("/dev/inbox", host), is)
  })

  it("the API, probes, metrics and Slack answer under any host", () => {
    for (const path of ["/v1/accounts/alex", "/health/live", "/metrics", "/slack/events", "/openapi.json", "/docs"])
      assert.isTrue(production(path, "10.0.0.7:3000"), path)
    for (const path of ["/v1x", "/healthy", "/", "/dev/inbox", "/%64ev/inbox", "/docs/guide", "/docs/lost"])
      assert.isFalse(production(path, "10.0.0.7:3000"), path)
    assert.isFalse(production("/", undefined))
  })
})

layer(tinyServer())("a page under a foreign host", (it) => {
  it.effect("is 421, and no header makes another host of it", () =>
    Effect.gen(function* () {
      const request = [
        "GET /page HTTP/1.1",
        "Host: evil.example",
        "X-Forwarded-Host: rekey.example",
        "Forwarded: host=rekey.example",
        "Connection: close",
        "",
        ""
      ]
      const heard = yield* speak(request.join("\r\n"))
      assert.match(heard, /^HTTP\/1\.1 421 /)
      assert.include(heard, `"type":"https://rekey.example/problems/misdirected"`)
    })
  )
})
