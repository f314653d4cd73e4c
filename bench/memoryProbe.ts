/** Loaded before `src/main.ts` in a measured process: answers how much memory is left after a collection. */
process.on("message", () => {
  globalThis.gc?.()
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.channel?.unref()
