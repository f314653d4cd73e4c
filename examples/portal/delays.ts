const before = 5
const firstSeconds = 30
const mostSeconds = 900
const sourceMost = 30
const sourceSeconds = 3600
const remembered = 10_000
const nowhere = "unknown address"

/** A map of bounded size: the newest last, and the oldest make room. */
const newest = <Value>() => {
  const entries = new Map<string, Value>()
  return {
    get: (key: string) => entries.get(key),
    delete: (key: string) => entries.delete(key),
    set: (key: string, value: Value): void => {
      entries.delete(key)
      entries.set(key, value)
      const [oldest] = entries.keys()
      if (entries.size > remembered && oldest !== undefined) entries.delete(oldest)
    }
  }
}

/**
 * Makes a name wait after five wrong passwords in a row, 30 seconds, doubling up to 15 minutes, and an address after
 * thirty in an hour. Rekey does so for the accounts that it knows; here every name waits alike, so that nobody learns
 * from the wait which ones there are. A real portal with several servers keeps these counts where all of them see them.
 */
export const makeDelays = () => {
  const names = newest<{ readonly failures: number; readonly until: number }>()
  const sources = newest<ReadonlyArray<number>>()
  const secondsUntil = (time: number): number => Math.max(0, Math.ceil((time - Date.now()) / 1000))
  const untilOfSource = (source: string): number => {
    const earliest = sources.get(source)?.at(-sourceMost)
    return earliest === undefined ? 0 : earliest + sourceSeconds * 1000
  }
  return {
    /** Seconds that the name, or whoever asks for it, still has to wait; 0 for none. */
    secondsFor: (name: string, source = nowhere): number =>
      Math.max(secondsUntil(names.get(name)?.until ?? 0), secondsUntil(untilOfSource(source))),
    failed: (name: string, source = nowhere): void => {
      const failures = (names.get(name)?.failures ?? 0) + 1
      const wait = failures < before ? 0 : Math.min(firstSeconds * 2 ** (failures - before), mostSeconds)
      names.set(name, { failures, until: Date.now() + wait * 1000 })
      sources.set(source, [...(sources.get(source) ?? []).slice(1 - sourceMost), Date.now()])
    },
    succeeded: (name: string): void => {
      names.delete(name)
    }
  }
}
