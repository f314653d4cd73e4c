import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { secretKeysIn } from "../../src/services/keys.ts"

/** A directory of its own, gone after the test. */
const someDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "rekey-keys-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

const plain = (ring: Effect.Success<ReturnType<typeof secretKeysIn>>) =>
  ring.map(({ id, key }) => `${id}:${Buffer.from(Redacted.value(key)).toString("base64")}`)

const modeOf = (path: string) => Effect.promise(async () => (await stat(path)).mode & 0o777)

describe("the generated keys", () => {
  it.effect("are made once, for their owner only, and read again at each start", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* someDirectory, "deep", "data")
      const first = plain(yield* secretKeysIn(dataDir))
      assert.deepStrictEqual(plain(yield* secretKeysIn(dataDir)), first)
      assert.strictEqual(first.length, 1)
      assert.strictEqual(yield* modeOf(join(dataDir, "keys")), 0o600)
      assert.strictEqual(yield* modeOf(dataDir), 0o700)
      const written = yield* Effect.promise(() => readFile(join(dataDir, "keys"), "utf8"))
      assert.strictEqual(written.trim(), first.join(","))
    })
  )

  it.effect("are the same for all starts at once, and no draft stays behind", () =>
    Effect.gen(function* () {
      const dataDir = yield* someDirectory
      const starts = Array.from({ length: 20 }, () => secretKeysIn(dataDir))
      const rings = yield* Effect.all(starts, { concurrency: "unbounded" })
      assert.strictEqual(new Set(rings.flatMap(plain)).size, 1)
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(dataDir)), ["keys"])
    })
  )

  it.effect("have another id and another key in another directory", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* secretKeysIn(yield* someDirectory), yield* secretKeysIn(yield* someDirectory)]
      assert.notStrictEqual(one[0].id, other[0].id)
      assert.notDeepEqual(plain(one), plain(other))
    })
  )

  it.effect("may be rotated by hand, in the syntax of REKEY_SECRET_KEYS", () =>
    Effect.gen(function* () {
      const dataDir = yield* someDirectory
      const [old] = plain(yield* secretKeysIn(dataDir))
      const both = [`new:${Buffer.alloc(32, 3).toString("base64")}`, old ?? ""]
      yield* Effect.promise(() => writeFile(join(dataDir, "keys"), both.join(",")))
      assert.deepStrictEqual(plain(yield* secretKeysIn(dataDir)), both)
    })
  )

  for (const damaged of ["", "\n", "a:c2hvcnQ=", "\u0000\u0000\u0000", `a:${"A".repeat(44)}`.slice(0, 30)])
    it.effect(`are never replaced: ${JSON.stringify(damaged)} stops the start with one sentence`, () =>
      Effect.gen(function* () {
        const dataDir = yield* someDirectory
        yield* Effect.promise(() => writeFile(join(dataDir, "keys"), damaged))
        const { reason } = yield* Effect.flip(secretKeysIn(dataDir))
        assert.match(reason, /^Restore .*keys from a backup.*\.$/)
        if (damaged.length > 3) assert.notInclude(reason, damaged)
        assert.strictEqual(yield* Effect.promise(() => readFile(join(dataDir, "keys"), "utf8")), damaged)
      })
    )

  it.effect("a directory that cannot be used stops the start with one sentence", () =>
    Effect.gen(function* () {
      const file = join(yield* someDirectory, "file")
      yield* Effect.promise(() => writeFile(file, ""))
      const { reason } = yield* Effect.flip(secretKeysIn(file))
      assert.match(reason, /^Let Rekey (read|write) .*REKEY_DATA_DIR.*\.$/)
    })
  )
})
