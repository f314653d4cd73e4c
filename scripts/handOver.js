import { availableParallelism } from "node:os"
import { join } from "node:path"
import { run } from "./child.js"
import { install, node26, root } from "./install.js"

/** What the Node of the product gets beside the caller's environment. */
export const environment = () => {
  const cores = availableParallelism()
  return {
    ...process.env,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "rekey"),
    // Password hashes take one thread a core; two more keep files and names moving beside them. Node's own four do for two cores.
    ...(cores > 2 && process.env.UV_THREADPOOL_SIZE === undefined ? { UV_THREADPOOL_SIZE: String(cores + 2) } : {})
  }
}

/** Watches for the end of the npm that started this process: kill -9 reaches nobody else. */
const watchNpm = (stop) => {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop("SIGTERM")
  }, 500).unref()
}

/** Installs what is missing, runs a file of the project on Node 26 and ends with its exit code. */
export const handOver = async (file, { dev = false } = {}) => {
  await install({ dev })
  process.exitCode = await run(
    node26(),
    ["--import", new URL("endWithParent.js", import.meta.url).href, join(root, file), ...process.argv.slice(2)],
    // The fourth channel carries nothing: its closing tells the child that this process is gone.
    { env: environment(), stdio: ["inherit", "inherit", "inherit", "ipc"], onStart: watchNpm }
  )
}
