import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { onTestFinished } from "vitest"

const root = resolve(import.meta.dirname, "..")

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Record<string, string>
}

const json = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"))
const locked: Record<string, Locked> = json("package-lock.json").packages

/** A checkout with the scripts and packages of this one and the given files instead of the product. */
const checkout = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), "rekey-scripts-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true })
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(root, file), join(folder, file))
  // A folder of its own with links in it, never a link to the whole: an install that goes wrong here must not empty the real one.
  mkdirSync(join(folder, "node_modules"))
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
  }
  mkdirSync(join(folder, "node_modules/.bin"))
  symlinkSync(process.execPath, join(folder, "node_modules/.bin/node"))
  cpSync(join(root, "node_modules/.package-lock.json"), join(folder, "node_modules/.package-lock.json"))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

/** Runs a script of a checkout; `ended` comes when it and all that it started are gone, since they share its output. */
const script = (folder: string, name: string, ...args: ReadonlyArray<string>) => {
  // No npm within reach: what is tested here is what happens when everything is installed.
  const env = { PATH: folder, HOME: folder, TMPDIR: tmpdir() }
  const child = spawn(process.execPath, [join(folder, "scripts", name), ...args], { cwd: folder, env })
  let output = ""
  const waiting: Array<{ readonly text: string; readonly seen: () => void }> = []
  const read = (chunk: Buffer) => {
    output += chunk.toString("utf8")
    for (const { text, seen } of waiting) if (output.includes(text)) seen()
  }
  child.stdout.on("data", read)
  child.stderr.on("data", read)
  return {
    child,
    says: (text: string) => new Promise<void>((seen) => waiting.push({ text, seen })),
    ended: new Promise<{ code: number | null; output: string; lines: ReadonlyArray<string> }>((done) =>
      child.once("close", (code) => done({ code, output, lines: output.trimEnd().split("\n") }))
    )
  }
}

/** Stands in for the product: says that it is there, counts the signals, and stops a little after the first. */
const server = `
let signals = 0
const stop = () => { if (++signals === 1) setTimeout(() => { console.log("stopped after " + signals); process.exit(0) }, 300) }
process.on("SIGTERM", stop)
process.on("SIGINT", stop)
setInterval(() => undefined, 1000)
console.log("ready on " + process.versions.node.split(".")[0])
`

describe("start", { timeout: 60_000 }, () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`${signal} is passed on once, waited for, and the exit code is the product's`, async () => {
      const started = script(checkout({ "src/main.ts": server }), "start.js")
      await started.says("ready on 26")
      started.child.kill(signal)
      started.child.kill(signal)
      const { code, lines } = await started.ended
      assert.deepStrictEqual([code, lines.at(-1)], [0, "stopped after 1"])
    })
  }

  it("a killed start script leaves no process behind", async () => {
    const started = script(checkout({ "src/main.ts": server }), "start.js")
    await started.says("ready on 26")
    started.child.kill("SIGKILL")
    assert.strictEqual((await started.ended).lines.at(-1), "stopped after 1")
  })

  it("the product's exit code and arguments go through, and nothing is added to its output", async () => {
    const folder = checkout({ "src/main.ts": `console.log(process.argv.slice(2).join("+")); process.exit(7)` })
    const { code, output } = await script(folder, "start.js", "a", "b c").ended
    assert.deepStrictEqual([code, output], [7, "a+b c\n"])
  })

  it("the product gets a compile cache, and ends by itself when it has nothing left to do", async () => {
    const folder = checkout({ "src/main.ts": `console.log(process.env.NODE_COMPILE_CACHE)` })
    const { code, output } = await script(folder, "start.js").ended
    assert.deepStrictEqual([code, output], [0, `${join(folder, "node_modules", ".cache", "rekey")}\n`])
  })
})

describe("install", { timeout: 60_000 }, () => {
  /** A checkout in which nothing is installed yet, and an npm that does this instead of its work. */
  const fresh = (npm: string) => {
    const folder = checkout({ "src/main.ts": `console.log("ready")`, npm: `#!/bin/sh\n${npm}\n` })
    const hidden = join(folder, "node_modules/.package-lock.json")
    renameSync(hidden, join(folder, "installed.json"))
    chmodSync(join(folder, "npm"), 0o755)
    return { folder, hidden }
  }

  it("what is missing is installed from the lock file, once, before the product starts", async () => {
    const { folder, hidden } = fresh(
      'echo "npm $1"; while read -r line; do echo "$line"; done <installed.json >"$PWD/done"'
    )
    writeFileSync(hidden, "{")
    const first = await script(folder, "start.js").ended
    assert.deepStrictEqual([first.code, first.lines.at(-1)], [0, "ready"])
    assert.include(first.output, "npm ci")
    renameSync(join(folder, "done"), hidden)
    assert.strictEqual((await script(folder, "start.js").ended).output, "ready\n")
  })

  it("another version in the lock file is another install", async () => {
    const { folder, hidden } = fresh('echo "npm $1"')
    const installed = readFileSync(join(folder, "installed.json"), "utf8")
    writeFileSync(hidden, installed.replace('"version": "4.1.0"', '"version": "4.0.9"'))
    assert.include((await script(folder, "start.js").ended).output, "npm ci")
  })

  it("an install that fails, or no npm at all, ends the start with one sentence", async () => {
    const { folder } = fresh("exit 3")
    const failed = await script(folder, "start.js").ended
    assert.strictEqual(failed.code, 1)
    assert.strictEqual(failed.lines.at(-1), "The packages could not be installed; the reason that npm gives is above.")
    rmSync(join(folder, "npm"))
    const without = await script(folder, "start.js").ended
    assert.strictEqual(without.code, 1)
    assert.match(without.lines.at(-1) ?? "", /^npm was not found/)
  })
})

describe("test", { timeout: 60_000 }, () => {
  const test = (body: string) => `import { test } from "vitest"\n${body}\n`
  const passing = test(`test("a", () => undefined)\ntest("b", () => undefined)`)
  const run = (files: Record<string, string>, ...args: ReadonlyArray<string>) =>
    script(checkout({ "vitest.config.ts": "export default {}\n", ...files }), "test.js", ...args).ended

  it("the last line counts what passed, and only the named files run", async () => {
    const { code, lines } = await run(
      { "test/a.test.ts": passing, "test/b.test.ts": test(`test("c", () => { throw new Error("c") })`) },
      "test/a.test.ts"
    )
    assert.deepStrictEqual([code, lines.at(-1)], [0, "tests: 2 passed, 0 failed"])
  })

  it("a failing test and a file that cannot be loaded are failures", async () => {
    const failing = test(`test("c", () => { throw new Error("c") })`)
    const { code, lines } = await run({
      "test/a.test.ts": passing,
      "test/b.test.ts": failing,
      "test/c.test.ts": `import "./nowhere.ts"`
    })
    assert.deepStrictEqual([code, lines.at(-1)], [1, "tests: 2 passed, 2 failed"])
  })

  it("a broken hook is a failure although no test of it ran", async () => {
    const hooked = `import { beforeAll, describe, test } from "vitest"
describe("s", () => { beforeAll(() => { throw new Error("h") }); test("d", () => undefined) })`
    const { code, lines } = await run({ "test/a.test.ts": passing, "test/b.test.ts": hooked })
    assert.deepStrictEqual([code, lines.at(-1)], [1, "tests: 2 passed, 1 failed"])
  })

  it("a run without any test fails", async () => {
    const { code, lines } = await run({ "test/a.test.ts": passing }, "test/nowhere.test.ts")
    assert.deepStrictEqual([code, lines.at(-1)], [1, "tests: 0 passed, 0 failed"])
  })
})

describe("packages", () => {
  it("the lock file holds the builds of every system, so that npm ci accepts it everywhere", () => {
    const missing = Object.values(locked)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => locked[`node_modules/${name}`] === undefined)
    assert.deepStrictEqual(missing, [])
  })

  it("the lock file names no registry, and every direct dependency is pinned", () => {
    assert.deepStrictEqual(
      Object.keys(locked).filter((path) => locked[path]?.resolved !== undefined),
      []
    )
    const { dependencies, devDependencies, optionalDependencies } = json("package.json")
    for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      assert.strictEqual(locked[`node_modules/${name}`]?.version, wanted, name)
    }
  })

  it("each package that runs a script when it is installed was allowed to", () => {
    const scripted = Object.keys(locked).filter((path) => locked[path]?.hasInstallScript)
    const names = scripted.map((path) => path.replace(/^.*node_modules\//, "")).filter((name) => name !== "fsevents")
    assert.deepStrictEqual(Object.keys(json("package.json").allowScripts), names)
  })
})
