import { Effect, Layer, Schedule } from "effect"
import { type EventLoopUtilization, performance } from "node:perf_hooks"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

const pause = "5 seconds"
/** Below this share of the time the process counts as idle. */
const idleBelow = 0.1
/** Less growth than this (bytes) since the last collection is not worth one. */
const worthwhile = 24 * 1024 * 1024

/** V8 collects when it allocates, so a process that had a busy minute keeps its garbage for as long as it then idles. */
const collector = (): (() => void) => {
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  return typeof collect === "function" ? () => collect({ type: "major" }) : () => undefined
}

/** Gives memory back to the machine while nobody needs it. */
export const IdleMemory = {
  layer: Layer.effectDiscard(
    Effect.gen(function* () {
      const collect = collector()
      let since: EventLoopUtilization = performance.eventLoopUtilization()
      let left = 0
      yield* Effect.sync(() => {
        const now = performance.eventLoopUtilization()
        const { utilization } = performance.eventLoopUtilization(now, since)
        since = now
        if (utilization >= idleBelow || process.memoryUsage.rss() - left < worthwhile) return
        collect()
        left = process.memoryUsage.rss()
      }).pipe(Effect.repeat(Schedule.spaced(pause)), Effect.forkScoped)
    })
  )
}
