import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { ApiKeys } from "../../src/http/ApiKeys.ts"

const key = (letter: string) => Redacted.make(letter.repeat(32))
const keys = ApiKeys.layerOf([
  { role: "portal", key: key("a") },
  { role: "portal", key: key("b") },
  { role: "support", key: key("c") },
  { role: "metrics", key: key("d") }
])

it.effect("each API key has its role, and several of a role are valid at once", () =>
  Effect.gen(function* () {
    const { find } = yield* ApiKeys
    assert.deepStrictEqual(
      ["a", "b", "c", "d"].map((letter) => find(key(letter))?.role),
      ["portal", "portal", "support", "metrics"]
    )
    assert.notStrictEqual(find(key("a"))?.id, find(key("b"))?.id)
  }).pipe(Effect.provide(keys))
)

it.effect("an API key is named by an id that does not give it away", () =>
  Effect.gen(function* () {
    const { find } = yield* ApiKeys
    const { id } = find(key("a")) ?? { id: "" }
    assert.match(id, /^[0-9a-f]{16}$/)
  }).pipe(Effect.provide(keys))
)

it.effect("a prefix, an extension, another case or nothing is no key", () =>
  Effect.gen(function* () {
    const { find } = yield* ApiKeys
    for (const wrong of ["", "a".repeat(31), "a".repeat(33), "A".repeat(32), ` ${"a".repeat(32)}`]) {
      assert.isUndefined(find(Redacted.make(wrong)), JSON.stringify(wrong.length))
    }
  }).pipe(Effect.provide(keys))
)

it.effect("without any API key nobody is let in", () =>
  Effect.gen(function* () {
    const { find } = yield* ApiKeys
    assert.isUndefined(find(Redacted.make("")))
  }).pipe(Effect.provide(ApiKeys.layerOf([])))
)
