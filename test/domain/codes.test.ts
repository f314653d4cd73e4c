import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result } from "effect"
import { createHash } from "node:crypto"
import { digitsFromMac, digitsOf } from "../../src/domain/codes.ts"
import { ChallengeId } from "../../src/domain/ids.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { type CodeSource, OtpIssuer } from "../../src/services/OtpIssuer.ts"

const entry = (id: string, fill: number) => ({ id, key: Redacted.make(new Uint8Array(32).fill(fill)) })
const issuer = (...entries: readonly [ReturnType<typeof entry>, ...ReadonlyArray<ReturnType<typeof entry>>]) =>
  OtpIssuer.layer.pipe(Layer.provide(KeyRing.layerOf(entries)))

const source: CodeSource = {
  accountId: "alex",
  id: ChallengeId.make("2f4b0d7a-6d0e-4b5f-9c0d-4f6d1f0a9b11"),
  purpose: "setup",
  method: "EMAIL",
  destination: "alex@customer.example",
  issue: 1,
  keyId: "k1",
  nonce: "00112233445566778899aabbccddeeff",
  codeLength: 6
}
const codeFor = (from: CodeSource) =>
  Effect.map(
    OtpIssuer.use((otp) => otp.codeFor(from)),
    Redacted.value
  )

describe("codes", () => {
  it("S-16: every value of six digits is as likely as any other, leading zeros included", () => {
    const macs = 40_000
    const byFirstDigit = Array.from({ length: 10 }, () => 0)
    const byLastDigit = Array.from({ length: 10 }, () => 0)
    for (let number = 0; number < macs; number++) {
      const code = digitsFromMac(createHash("sha256").update(String(number)).digest(), 6)
      assert.match(code, /^[0-9]{6}$/)
      byFirstDigit[Number(code[0])]! += 1
      byLastDigit[Number(code[5])]! += 1
    }
    const chiSquared = (counts: ReadonlyArray<number>) =>
      counts.reduce((sum, count) => sum + (count - macs / 10) ** 2 / (macs / 10), 0)
    // 9 degrees of freedom: 27.9 is exceeded by chance once in a thousand; the hashes are fixed, so this is no lottery.
    assert.isBelow(chiSquared(byFirstDigit), 27.9)
    assert.isBelow(chiSquared(byLastDigit), 27.9)
  })

  it("S-16: a word above the largest multiple is passed over, so that no code is favoured", () => {
    const mac = new Uint8Array(32).fill(0xff)
    new DataView(mac.buffer).setBigUint64(8, 1_000_042n)
    assert.strictEqual(digitsFromMac(mac, 6), "000042")
  })

  it.effect(
    "S-13: anything that a code belongs to changes it: account, challenge, purpose, method, destination, issue",
    () =>
      Effect.gen(function* () {
        const others: ReadonlyArray<Partial<CodeSource>> = [
          {},
          { accountId: "alexa" },
          { id: ChallengeId.make("2f4b0d7a-6d0e-4b5f-9c0d-4f6d1f0a9b12") },
          { purpose: "change" },
          { method: "SMS" },
          { destination: "alex@customer.example2" },
          { issue: 2 },
          { nonce: "00112233445566778899aabbccddeefe" }
        ]
        const codes = yield* Effect.forEach(others, (other) => codeFor({ ...source, ...other }))
        assert.strictEqual(new Set(codes).size, others.length)
      }).pipe(Effect.provide(issuer(entry("k1", 1))))
  )

  it.effect("S-77: a code needs the key outside the database, and another key is another code", () =>
    Effect.gen(function* () {
      const one = yield* codeFor(source).pipe(Effect.provide(issuer(entry("k1", 1))))
      const other = yield* codeFor(source).pipe(Effect.provide(issuer(entry("k1", 2))))
      assert.notStrictEqual(one, other)
      const fault = yield* Effect.flip(codeFor(source)).pipe(Effect.provide(issuer(entry("k2", 1))))
      assert.strictEqual(fault._tag, "KeyUnknown")
    })
  )

  it.effect("S-77: each use has a key of its own, and a rotated ring still reads what the former entry made", () =>
    Effect.gen(function* () {
      const ring = yield* KeyRing
      const hex = (key: Redacted.Redacted<Uint8Array>) => Buffer.from(Redacted.value(key)).toString("hex")
      assert.strictEqual(ring.current("code").id, "k2")
      const keys = yield* Effect.forEach(["code", "token", "audit", "request"] as const, (use) => ring.get(use, "k1"))
      assert.strictEqual(new Set(keys.map(hex)).size, 4)
      assert.notInclude(keys.map(hex), "01".repeat(32))
    }).pipe(Effect.provide(KeyRing.layerOf([entry("k2", 2), entry("k1", 1)])))
  )

  for (const [pasted, digits] of [
    ["482913", "482913"],
    [" 482 913\n", "482913"],
    ["482-913", "482913"],
    ["Your code: 482 913.", "482913"],
    ["４８２９１３", "482913"],
    ["000042", "000042"]
  ] as const) {
    it(`S-25: ${JSON.stringify(pasted)} is ${digits}`, () => {
      assert.deepStrictEqual(digitsOf(pasted, 6), Result.succeed(digits))
    })
  }

  for (const pasted of ["", " ", "48291", "4829133", "abcdef", "٤٨٢٩١٣", "④⑧②⑨①③", `482913${" ".repeat(300)}`]) {
    it(`S-25: ${JSON.stringify(pasted.slice(0, 12))} is no code of six digits`, () => {
      assert.isTrue(Result.isFailure(digitsOf(pasted, 6)))
    })
  }
})
