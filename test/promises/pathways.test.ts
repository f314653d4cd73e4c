import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { OpenApi } from "effect/http-api"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { importAccount } from "../../src/account/importAccount.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { Api } from "../../src/http/contract/Api.ts"
import { anAccount, asPortal, everythingOf, rekey } from "../kit/core.ts"
import { protectedBy } from "../kit/stories.ts"

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")

describe("pathways", () => {
  const { paths } = OpenApi.fromApi(Api)
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      const call = `${method.toUpperCase()} ${path}`
      it(`S-04: ${call} is documented as a pathway in the README`, () => {
        assert.include(readme, `\`${call}\``)
      })
    }
  }
})

layer(rekey())("an import", (it) => {
  for (const twoFactor of ["SMS", "EMAIL"] as const) {
    it.effect(`S-04: is no way around the checks: it cannot turn ${twoFactor} on for an account that exists`, () =>
      Effect.gen(function* () {
        const accountId = yield* anAccount()
        const before = yield* everythingOf(accountId)
        const refusal = yield* Effect.flip(importAccount({ accountId, twoFactor }))
        assert.strictEqual(refusal.code, "managed_here")
        assert.strictEqual(yield* everythingOf(accountId), before)
      }).pipe(asPortal())
    )
  }

  it.effect("S-04: nor can it move a method to another address or number", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const before = yield* readTwoFactor(accountId)
      yield* importAccount({ accountId, phone: "+60125559999", email: "thief@customer.example" })
      const after = yield* readTwoFactor(accountId)
      assert.deepStrictEqual(after.methods, before.methods)
      assert.strictEqual(after.epoch, before.epoch)
    }).pipe(asPortal())
  )
})
