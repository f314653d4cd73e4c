import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { disable } from "../../src/account/disable.ts"
import { importAccount } from "../../src/account/importAccount.ts"
import { signIn } from "../../src/account/signIn.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { asPortal, password, rekey } from "../kit/core.ts"
import { codeOfRefusal, freshGrant, lettersOf, protectedBy } from "../kit/stories.ts"

layer(rekey())("imports of an account that is known", (it) => {
  it.effect("an import tells of a changed address, and leaves the method where it was verified", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      const before = yield* readTwoFactor(accountId)
      yield* importAccount({ accountId, email: "new@customer.example" })
      assert.deepStrictEqual((yield* readTwoFactor(accountId)).methods, before.methods)
      const told = (yield* lettersOf(accountId)).filter(({ tag }) => tag === "contact").map(({ address }) => address)
      assert.deepStrictEqual(told.toSorted(), [`${accountId}@customer.example`, "new@customer.example"].toSorted())
      assert.strictEqual(yield* codeOfRefusal(importAccount({ accountId, twoFactor: "SMS" })), "managed_here")
      assert.strictEqual(yield* codeOfRefusal(importAccount({ accountId, twoFactor: "EMAIL" })), "done")
    }).pipe(asPortal())
  )

  it.effect("an import of a password that fits is no change; of another one it voids grants and is told", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const { epoch } = yield* readTwoFactor(accountId)
      yield* importAccount({ accountId, password })
      assert.strictEqual((yield* readTwoFactor(accountId)).epoch, epoch)
      const grant = yield* freshGrant(accountId)
      const other = Redacted.make("another password")
      yield* importAccount({ accountId, password: other })
      assert.strictEqual((yield* readTwoFactor(accountId)).epoch, epoch + 1)
      assert.strictEqual(yield* codeOfRefusal(disable({ accountId, password: other, grant })), "grant_invalid")
      assert.strictEqual(yield* codeOfRefusal(signIn({ accountId, password })), "password_incorrect")
    }).pipe(asPortal())
  )
})
