/** Loaded before `src/main.ts` in a measured process: answers what CPU it has used, or what memory is left. */
process.on("message", (asked) => {
  if (asked === "cpu") {
    process.send?.(process.cpuUsage())
    return
  }
  globalThis.gc?.()
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.channel?.unref()
