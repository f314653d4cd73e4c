import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { setPriority } from "node:os"

/** Nice values run from -20 to 19; a busy thread of 10 gets about a tenth of what one of 0 gets. */
const behind = 10

/**
 * Puts the threads that hash behind everything else on the machine: a hash that takes a little longer is not noticed, a
 * verify that waits for a core is. Linux alone tells which threads they are; elsewhere, or where it is not allowed,
 * they stay as they are.
 */
export const stepBack: Effect.Effect<void> = Effect.try({
  try: () => {
    if (process.platform !== "linux") return
    for (const thread of readdirSync("/proc/self/task")) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, "utf8")
      if (name.startsWith("libuv-worker")) setPriority(Number(thread), behind)
    }
  },
  catch: (cause) => cause
}).pipe(Effect.catch((cause) => Effect.logDebug("The threads that hash keep their priority", cause)))
