import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "./child.js"
import { environment } from "./handOver.js"
import { install, node26, root } from "./install.js"

const readCounts = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return { passed: 0, failed: 0 } // vitest ended before it had a result; its exit code and output tell why
  }
}

await install({ dev: true })
const folder = mkdtempSync(join(tmpdir(), "rekey-test-"))
const counts = join(folder, "counts.json")
try {
  const code = await run(
    node26(),
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      `--reporter=${join(root, "scripts", "countingReporter.js")}`,
      ...process.argv.slice(2)
    ],
    { cwd: root, env: { ...environment(), TEST_COUNTS_FILE: counts }, stdio: "inherit" }
  )
  const { passed, failed } = readCounts(counts)
  process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`)
  process.exitCode = code !== 0 ? code : failed > 0 || passed === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
