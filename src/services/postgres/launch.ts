import { type Duration, Effect, Schedule } from "effect"
import { spawn } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import type { Place } from "./cluster.ts"
import { EmbeddedPostgresFault } from "./faults.ts"
import { environment } from "./run.ts"

/** A server, ours or one that we took over. */
export interface Server {
  readonly pid: number
  readonly socketDirectory: string
  readonly ended: Effect.Effect<void>
}

const defaults = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  shared_buffers: "64MB",
  max_connections: "60",
  max_wal_size: "256MB",
  max_parallel_workers_per_gather: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  // Statements, and the rows that violate a constraint, hold addresses and hashes (S-26).
  log_min_error_statement: "panic",
  log_error_verbosity: "terse"
}

/** Dead, or dead and not yet buried by a parent that does not care: both are over. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Looks again and again. */
export const until = (over: () => boolean, every: Duration.Input): Effect.Effect<void> =>
  Effect.sync(over).pipe(Effect.repeat({ schedule: Schedule.spaced(every), until: (done) => done }), Effect.asVoid)

/** Starts a server and does not wait until it answers. */
export const launch = (options: {
  readonly program: string
  readonly place: Place
  readonly settings: Readonly<Record<string, string>>
  readonly socketDirectory: string
  readonly log: string
}) =>
  Effect.try({
    try: (): Server => {
      const { place, program, settings, socketDirectory } = options
      const all = { ...defaults, ...settings, unix_socket_directories: socketDirectory }
      const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
      const log = openSync(options.log, "w", 0o600)
      try {
        // In a process group of its own: Ctrl-C is for us, who stop it when the last request is answered.
        const child = spawn(program, ["-D", place.cluster, ...flags], {
          ...place.user,
          cwd: "/",
          env: environment,
          detached: true,
          stdio: ["ignore", log, log]
        })
        const ended = new Promise<void>((done) => {
          child.once("exit", () => done())
          child.once("error", () => done())
        })
        child.unref()
        if (child.pid === undefined) throw new Error("it has no process")
        return { pid: child.pid, socketDirectory, ended: Effect.promise(() => ended) }
      } finally {
        closeSync(log)
      }
    },
    catch: (cause) =>
      new EmbeddedPostgresFault({
        message: `PostgreSQL cannot be started in ${options.place.cluster} (${cause instanceof Error ? cause.message : String(cause)}).`
      })
  })
