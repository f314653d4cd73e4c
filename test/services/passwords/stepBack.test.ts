import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { constants, getPriority } from "node:os"
import { PasswordVerifier } from "../../../src/services/PasswordVerifier.ts"

it.live.runIf(process.platform === "linux")("S-80: hashing leaves the cores to whoever else wants them", () =>
  Effect.gen(function* () {
    const passwords = yield* PasswordVerifier
    yield* passwords.hash(Redacted.make("correct horse battery staple"))
    const hashing = readdirSync("/proc/self/task").filter((thread) =>
      readFileSync(`/proc/self/task/${thread}/comm`, "utf8").startsWith("libuv-worker")
    )
    assert.isNotEmpty(hashing)
    for (const thread of hashing) assert.isAbove(getPriority(Number(thread)), constants.priority.PRIORITY_NORMAL)
  }).pipe(Effect.provide(PasswordVerifier.layer({ memoryKib: 8, passes: 1, lanes: 1 })))
)
