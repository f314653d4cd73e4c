import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { hkdfSync } from "node:crypto"
import { inspect } from "node:util"
import { KeyRing, keyUses, type RingEntry } from "../../src/services/KeyRing.ts"

const secret = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const entry = (id: string, fill: number): RingEntry => ({ id, key: Redacted.make(secret(fill)) })

const hex = (key: Redacted.Redacted<Uint8Array>): string => Buffer.from(Redacted.value(key)).toString("hex")

/** What the ring of these entries answers. */
const ringOf = (first: RingEntry, ...others: ReadonlyArray<RingEntry>) =>
  KeyRing.pipe(Effect.provide(KeyRing.layerOf([first, ...others])))

describe("KeyRing", () => {
  it.effect("S-77: each use of each entry has a key of its own, and none is the entry itself", () =>
    Effect.gen(function* () {
      const ring = yield* ringOf(entry("new", 1), entry("old", 2))
      const keys = yield* Effect.forEach(ring.ids, (id) => Effect.forEach(keyUses, (use) => ring.get(use, id)))
      const texts = keys.flat().map(hex)
      assert.strictEqual(new Set(texts).size, 2 * keyUses.length)
      for (const fill of [1, 2]) assert.notInclude(texts, Buffer.from(secret(fill)).toString("hex"))
      for (const text of texts) assert.strictEqual(text.length, 64)
    })
  )

  it.effect("the derivation is HKDF-SHA-256 and never changes: what was made with a key stays readable", () =>
    Effect.gen(function* () {
      const ring = yield* ringOf(entry("a", 1))
      const expected = Buffer.from(hkdfSync("sha256", secret(1), "", "rekey/1 code", 32)).toString("hex")
      assert.strictEqual(hex(yield* ring.get("code", "a")), expected)
      assert.strictEqual(expected, "e1ad0c3a5a244564ad696a947b0febe43214219ed22d1456f7d0a5f69201aa3f")
    })
  )

  it.effect("the id of an entry is a name only: under another one it derives the same keys", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* ringOf(entry("a", 1)), yield* ringOf(entry("b", 1))]
      assert.strictEqual(hex(one.current("seal").key), hex(other.current("seal").key))
    })
  )

  it.effect("rotation: the first entry makes new data, and the second still reads what it made", () =>
    Effect.gen(function* () {
      const before = yield* ringOf(entry("old", 2))
      const made = before.current("token")
      const after = yield* ringOf(entry("new", 1), entry("old", 2))
      assert.deepStrictEqual([after.currentId, after.ids], ["new", ["new", "old"]])
      assert.strictEqual(after.current("token").id, "new")
      assert.notStrictEqual(hex(after.current("token").key), hex(made.key))
      assert.strictEqual(hex(yield* after.get("token", made.id)), hex(made.key))
    })
  )

  it.effect("a key that left the ring is unknown, by its id", () =>
    Effect.gen(function* () {
      const ring = yield* ringOf(entry("new", 1))
      for (const id of ["old", "", "NEW", "__proto__"]) {
        const unknown = yield* Effect.flip(ring.get("code", id))
        assert.deepStrictEqual([unknown._tag, unknown.keyId], ["KeyUnknown", id])
      }
    })
  )

  it.effect("all of an entry counts, also beyond 32 bytes", () =>
    Effect.gen(function* () {
      const long = secret(1, 64)
      const longer = Uint8Array.from([...long.subarray(0, 63), 2])
      const [one, other] = [
        yield* ringOf({ id: "a", key: Redacted.make(long) }),
        yield* ringOf({ id: "a", key: Redacted.make(longer) })
      ]
      assert.notStrictEqual(hex(one.current("code").key), hex(other.current("code").key))
    })
  )

  it.effect("no key shows itself when it is printed", () =>
    Effect.gen(function* () {
      const ring = yield* ringOf(entry("a", 1))
      const { key } = ring.current("audit")
      const printed = `${inspect(key)}${JSON.stringify(key)}${JSON.stringify(ring)}`
      assert.notInclude(printed, hex(key))
      assert.notInclude(printed, Buffer.from(Redacted.value(key)).toString("base64"))
      assert.notInclude(printed, [...Redacted.value(key)].join(","))
    })
  )
})
