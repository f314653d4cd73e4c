import { Effect, Schema } from "effect"
import { execFile } from "node:child_process"
import type { Stats } from "node:fs"
import { chmod, mkdir, stat } from "node:fs/promises"

/** The user that PostgreSQL runs as, where that is not our own: it refuses to run as root. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** `nobody` has this number nearly everywhere, and needs no name. */
export const nobody: ServerUser = { uid: 65534, gid: 65534 }

/** Whether this process may and must choose another user for the server. */
export const isRoot = (): boolean => process.getuid?.() === 0

/** A program of PostgreSQL's could not be run, or ended with a failure. */
export class RunFault extends Schema.TaggedError<RunFault>()("RunFault", {
  /** `EACCES` and the like when the program was not even started. */
  code: Schema.String,
  message: Schema.String
}) {}

/** Nothing of our environment reaches PostgreSQL: PG* variables would change what it does. */
export const environment = { LC_ALL: "C", TZ: "UTC" }

/** Runs a program as that user, in a folder that every user can enter; answers with what it printed. */
export const run = (program: string, args: ReadonlyArray<string>, user: ServerUser | undefined) =>
  Effect.callback<string, RunFault>((resume) => {
    const child = execFile(program, args, { ...user, cwd: "/", env: environment }, (error, stdout, stderr) => {
      if (error === null) return resume(Effect.succeed(stdout))
      const last = stderr.trim().split("\n").at(-1)
      const said = last === undefined || last === "" ? error.message : last
      resume(Effect.fail(new RunFault({ code: String(error.code ?? error.signal), message: said })))
    })
    return Effect.sync(() => child.kill())
  })

/** Whether that user can enter the folder, asked of the system itself. */
export const canEnter = (folder: string, user: ServerUser | undefined) =>
  run("/bin/sh", ["-c", 'cd "$0"', folder], user).pipe(Effect.match({ onSuccess: () => true, onFailure: () => false }))

/** What is there, or nothing. */
export const found = (path: string): Effect.Effect<Stats | undefined> =>
  Effect.promise(() => stat(path).catch(() => undefined))

/** Makes a folder that every user can enter, whatever this process's umask says; one that is there stays as it is. */
export const openFolder = async (folder: string): Promise<void> => {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o755)
}
