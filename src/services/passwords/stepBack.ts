import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { setPriority } from "node:os"

/** The last of the nice values (-20 to 19): what is left over, which on a machine that is not full is a whole core. */
const behind = 19

const workers = (): ReadonlyArray<number> =>
  readdirSync("/proc/self/task")
    .filter((thread) => readFileSync(`/proc/self/task/${thread}/comm`, "utf8").startsWith("libuv-worker"))
    .map(Number)

/**
 * Puts the threads that hash behind everything else on the machine: a hash that takes a little longer is not noticed, a
 * verify that waits for a core is. Linux alone tells which threads they are; elsewhere, or where it is not allowed,
 * they stay as they are.
 */
export const stepBack: Effect.Effect<void> = Effect.sync(() => {
  for (const thread of process.platform === "linux" ? workers() : []) setPriority(thread, behind)
}).pipe(Effect.catchDefect((defect) => Effect.logDebug("The threads that hash keep their priority", defect)))
