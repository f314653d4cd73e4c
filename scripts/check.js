import { join } from "node:path"
import { capture } from "./child.js"
import { environment } from "./handOver.js"
import { install, node26, root } from "./install.js"

const checks = {
  types: ["typescript/bin/tsc", "-p", "tsconfig.json", "--noEmit", "--pretty", "false"],
  lint: ["oxlint/bin/oxlint", "--type-aware", "--deny-warnings"],
  effect: [
    "@effect/tsgo/dist/effect-tsgo.cjs",
    "diagnostics",
    "--project",
    "tsconfig.json",
    "--format",
    "text",
    "--strict"
  ],
  format: ["oxfmt/bin/oxfmt", "--check"]
}

await install({ dev: true })
const node = node26()
const results = await Promise.all(
  Object.entries(checks).map(async ([name, [file, ...args]]) => ({
    name,
    ...(await capture(node, [join(root, "node_modules", file), ...args], { cwd: root, env: environment() }))
  }))
)
const faults = results.filter(({ code }) => code !== 0)
for (const { name, output } of faults) process.stdout.write(`── ${name}\n${output}\n\n`)
process.stdout.write(
  faults.length === 0
    ? `check: ${Object.keys(checks).join(", ")} are in order\n`
    : `check: faults in ${faults.map(({ name }) => name).join(", ")}\n`
)
process.exitCode = faults.length === 0 ? 0 : 1
