import { spawn } from "node:child_process"
import { constants } from "node:os"

/** The exit code that a shell would give: a process ended by signal n counts as 128 + n. */
const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

/**
 * Runs a process to its end and answers with its exit code. The first SIGINT, SIGTERM or SIGHUP is passed on, and this process
 * stays until the child is gone, so that nothing is left behind; npm and the terminal repeat signals, so later ones are swallowed.
 */
export const run = (command, args, { onStart, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    let stopping = false
    const stop = (signal) => {
      if (stopping) return
      stopping = true
      child.kill(signal)
    }
    // A closed terminal means the same to a server as a polite request to end.
    const hangUp = () => stop("SIGTERM")
    const release = () => {
      process.off("SIGINT", stop)
      process.off("SIGTERM", stop)
      process.off("SIGHUP", hangUp)
    }
    process.on("SIGINT", stop)
    process.on("SIGTERM", stop)
    process.on("SIGHUP", hangUp)
    child.once("error", (error) => {
      release()
      reject(error)
    })
    child.once("exit", (code, signal) => {
      release()
      resolve(exitCode(code, signal))
    })
    onStart?.(stop)
  })

/** Runs a process to its end without showing its output; answers with the exit code and all that it wrote. */
export const capture = (command, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
    const output = []
    child.stdout.on("data", (chunk) => output.push(chunk))
    child.stderr.on("data", (chunk) => output.push(chunk))
    child.once("error", (error) => resolve({ code: 1, output: error.message }))
    child.once("close", (code, signal) =>
      resolve({ code: exitCode(code, signal), output: Buffer.concat(output).toString("utf8").trim() })
    )
  })
