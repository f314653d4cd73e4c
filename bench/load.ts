import { Effect } from "effect"

/** What a while under load was like. */
export interface Load {
  readonly done: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds of each piece of work. */
  readonly took: ReadonlyArray<number>
  readonly cpuSeconds: { readonly node: number; readonly server: number | null }
}

/** The value below which so much of all lies; 0 for none. */
export const percentile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** The same, with two numbers in the place of all the times. */
export const timesOf = ({ took, ...load }: Load) => ({
  ...load,
  p50: percentile(took, 0.5),
  p99: percentile(took, 0.99)
})

/** Milliseconds of one run of this. */
export const timed = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    const began = performance.now()
    return Effect.map(work, () => performance.now() - began)
  })

/** So many at once, each beginning the next piece of work when one is done, until the time or the work is over. */
export const underLoad = Effect.fnUntraced(function* <Item, E, R, E2, R2>(options: {
  readonly seconds: number
  readonly atOnce: number
  readonly items: ReadonlyArray<Item>
  readonly work: (item: Item) => Effect.Effect<unknown, E, R>
  readonly serverCpu: Effect.Effect<number | null, E2, R2>
}) {
  const { items, work, seconds, atOnce, serverCpu } = options
  const took: Array<number> = []
  const serverBefore = yield* serverCpu
  const nodeBefore = process.cpuUsage()
  const began = performance.now()
  let next = 0
  const worker = Effect.gen(function* () {
    while (performance.now() - began < seconds * 1000) {
      const item = items[next++]
      if (item === undefined) return
      took.push(yield* timed(work(item)))
    }
  })
  yield* Effect.all(
    Array.from({ length: atOnce }, () => worker),
    { concurrency: "unbounded" }
  )
  const elapsed = (performance.now() - began) / 1000
  const node = process.cpuUsage(nodeBefore)
  const serverAfter = yield* serverCpu
  return {
    done: took.length,
    seconds: elapsed,
    perSecond: took.length / elapsed,
    took,
    cpuSeconds: {
      node: (node.user + node.system) / 1e6,
      server: serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore
    }
  } satisfies Load
})
