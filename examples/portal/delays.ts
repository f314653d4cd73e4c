const before = 5
const firstSeconds = 30
const mostSeconds = 900
const namesAtMost = 10_000

/**
 * Makes a name wait after five wrong passwords in a row: 30 seconds, doubling up to 15 minutes. Rekey does so for the
 * accounts that it knows; here every name waits alike, so that nobody learns from the wait which ones there are. A real
 * portal with several servers keeps this count where all of them see it.
 */
export const makeDelays = () => {
  const names = new Map<string, { readonly failures: number; readonly until: number }>()
  return {
    /** Seconds that the name still has to wait; 0 for none. */
    secondsFor: (name: string): number => Math.max(0, Math.ceil(((names.get(name)?.until ?? 0) - Date.now()) / 1000)),
    failed: (name: string): void => {
      const failures = (names.get(name)?.failures ?? 0) + 1
      const wait = failures < before ? 0 : Math.min(firstSeconds * 2 ** (failures - before), mostSeconds)
      // The newest last: the oldest ones make room.
      names.delete(name)
      names.set(name, { failures, until: Date.now() + wait * 1000 })
      const [oldest] = names.keys()
      if (names.size > namesAtMost && oldest !== undefined) names.delete(oldest)
    },
    succeeded: (name: string): void => {
      names.delete(name)
    }
  }
}
