import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { setPriority } from "node:os"

/** Nice values run from -20 to 19; a busy thread of 10 gets about a tenth of what one of 0 gets. */
const behind = 10

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
