import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { samples, supportSamples } from "../../src/http/dev/sampleLetters.ts"
import { Letter } from "../../src/domain/letters.ts"

const codec = Schema.toCodecJson(Letter)
const kept = (letter: Letter): string => JSON.stringify(Schema.encodeSync(codec)(letter))

it("every letter comes out of the outbox as it went in", () => {
  for (const [name, letter] of [...samples, ...supportSamples]) {
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(codec)(JSON.parse(kept(letter))), letter, name)
  }
})

it("S-27: a letter names the event of its link and the key, and cannot hold the token", () => {
  for (const [name, letter] of samples) {
    const linked = ["changed", "replaced", "disabled", "reset_requested"].includes(name)
    assert.strictEqual("link" in letter, linked, name)
    if ("link" in letter) assert.sameMembers(Object.keys(letter.link ?? {}), ["id", "epoch", "keyId"])
  }
})

it("a reset that was asked for says when it takes effect; one that is over does not", () => {
  const [, requested] = samples.find(([name]) => name === "reset_requested") ?? []
  assert.isDefined(requested)
  const { executesAt: _when, ...without } = JSON.parse(requested === undefined ? "{}" : kept(requested))
  assert.throws(() => Schema.decodeUnknownSync(codec)(without))
  assert.doesNotThrow(() => Schema.decodeUnknownSync(codec)({ ...without, stage: "cancelled" }))
})
