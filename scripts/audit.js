import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { compare, isReport } from "./advisories.js"
import { npm, root } from "./install.js"

/** What npm answers: JSON on its standard output, also where it ends with a code because there are advisories. */
const asked = () =>
  new Promise((resolve) => {
    const [command, ...before] = npm()
    // What would be installed counts, not what happens to be; a registry that is away is not asked again and again.
    const args = ["audit", "--json", "--omit=dev", "--package-lock-only", "--fetch-retries=0", "--fetch-timeout=30000"]
    execFile(command, [...before, ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout))
      } catch {
        resolve({ error: { code: error?.code } })
      }
    })
  })

const answer = await asked()
if (isReport(answer)) {
  const exceptions = JSON.parse(readFileSync(join(root, "audit-exceptions.json"), "utf8"))
  const { faults, notes } = compare(answer, exceptions, new Date().toISOString().slice(0, 10))
  for (const line of [...faults, ...notes]) process.stdout.write(`${line}\n`)
  process.stdout.write(`audit: ${faults.length} faults, ${exceptions.length} exceptions\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} else {
  const reason = answer.statusCode ?? answer.error?.code ?? "no answer"
  process.stdout.write(`audit: the registry has no audits for us (${reason}), so no advisory was looked at\n`)
}
