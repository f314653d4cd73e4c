/** Randomness from a seed: the same seed gives the same numbers. */
export interface Random {
  /** From 0 up to, but without, `end`. */
  readonly below: (end: number) => number
  /** Whether one of so many times. */
  readonly oneIn: (times: number) => boolean
  readonly pick: <A>(list: readonly [A, ...ReadonlyArray<A>]) => A
  readonly bytes: (length: number) => Buffer
}

/** Mulberry32: small, quick, and good enough to shuffle requests. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: ([first, ...others]) => {
      const place = below(others.length + 1)
      return place === 0 ? first : (others[place - 1] ?? first)
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256)))
  }
}
