import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { acceptPasswordHash, formatOf, formats } from "../../../src/services/passwords/formats.ts"
import { vectors } from "./vectors.ts"

const verify = (hash: string, password: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const format = formatOf(hash)
  assert.isDefined(format)
  return format.verify(hash, password)
}

/** Each differs from the password by as little as can be. */
const wrongOnes = (password: Uint8Array<ArrayBuffer>): ReadonlyArray<Uint8Array<ArrayBuffer>> => {
  const flipped = Uint8Array.from(password)
  flipped[0] = (flipped[0] ?? 0) ^ 1
  return password.length === 0
    ? [new TextEncoder().encode("x")]
    : [flipped, password.slice(0, Math.min(password.length, 72) - 1)]
}

describe("S-78: hashes that other projects publish", () => {
  for (const { format, hash, password, source, stored = hash } of vectors) {
    it(`S-78: ${format} (${source}): accepted, fits its password and no other`, async () => {
      assert.strictEqual(formatOf(hash)?.name, format)
      assert.deepStrictEqual(acceptPasswordHash(hash), Result.succeed(stored))
      assert.deepStrictEqual(acceptPasswordHash(stored), Result.succeed(stored))
      assert.isTrue(await verify(stored, password))
      for (const wrong of wrongOnes(password)) assert.isFalse(await verify(stored, wrong))
    })
  }

  it("S-78: every format has a vector", () => {
    assert.deepStrictEqual(
      formats.map(({ name }) => name).toSorted(),
      [...new Set(vectors.map(({ format }) => format))].toSorted()
    )
  })

  it("S-78: a password that bcrypt would repeat into the right one does not fit", async () => {
    const hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    assert.isFalse(await verify(hash, new TextEncoder().encode("U*U\0U*U")))
  })

  it("S-78: a stored text that nobody accepted is a fault that does not quote it", async () => {
    const failure = await verify("$6$broken", new Uint8Array()).catch(String)
    assert.strictEqual(failure, "Error: A stored sha512-crypt hash cannot be read.")
  })
})
