import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { join } from "node:path"

const run = (...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: unknown; readonly said: string }>((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, said: stdout + stderr })
    })
  })

describe("npm run simulate", { timeout: 60_000 }, () => {
  it("prints the seed, histories a minute and that nothing is broken", async () => {
    const { code, said } = await run("--seed", "4", "--histories", "10")
    assert.match(
      said,
      /^seed 4\naccounts: 10 histories, [\d,]+ a minute, no .*\nletters: 10 histories, [\d,]+ a minute, no /
    )
    assert.strictEqual(code, 0)
  })

  it("prints the seed and the shortest history of a failure, and ends with 1", async () => {
    const broken = ["--broken", "count rolled back with the refusal", "--only", "accounts"]
    const { code, said } = await run("--seed", "4", "--histories", "50", ...broken)
    assert.match(said, /^accounts: after \d+ histories I6 is broken: refused code_incorrect and 0 commits/m)
    assert.match(said, /of its \d+ commands 2 are left:\n    begins with .*\n    .*\n    .*verify.*wrong.*\n  again: /)
    assert.strictEqual(code, 1)
  })

  it("says what is wrong with what it is given", async () => {
    assert.match((await run("--seed", "x")).said, /x is no whole number/)
    assert.match((await run("--broken", "everything")).said, /--broken takes one of: version guard removed, /)
  })
})
