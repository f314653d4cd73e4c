import { assert, describe, it } from "@effect/vitest"
import { returnUrlIn } from "../../src/domain/returnUrl.ts"

const origins = ["https://portal.example", "http://localhost:3000"]

describe("return addresses", () => {
  for (const [text, used] of [
    ["https://portal.example", "https://portal.example/"],
    ["https://portal.example/account?tab=security#2fa", "https://portal.example/account?tab=security#2fa"],
    ["HTTPS://PORTAL.EXAMPLE/account", "https://portal.example/account"],
    ["https://portal.example:443/", "https://portal.example/"],
    ["http://localhost:3000/account", "http://localhost:3000/account"]
  ] as const) {
    it(`${text} leads back to the portal`, () => assert.strictEqual(returnUrlIn(text, origins), used))
  }

  for (const text of [
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https://evil.example",
    "https://portal.example.evil.example/",
    "https://portal.example@evil.example/",
    "https://portal.example:pass@portal.example/",
    "https://portal.example:8443/",
    "http://portal.example/",
    "https://portal.example\\.evil.example",
    "https://evil.example/?https://portal.example",
    "https://evil.example#@portal.example",
    "https://portal.example /x",
    "https://portal.example\t/x",
    "https://portal.example/\r\nset-cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,hello",
    "ftp://portal.example/",
    "/account",
    ""
  ]) {
    it(`S-53: ${JSON.stringify(text)} is refused`, () => assert.isUndefined(returnUrlIn(text, origins)))
  }
})
