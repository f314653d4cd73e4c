/** Chance that can be had again: the same seed gives the same numbers on every machine. */
export interface Chance {
  /** From 0 to less than 1. */
  next(): number
  /** A whole number from 0 to less than `below`. */
  below(below: number): number
  /** Whether something happens that happens in so many of a hundred cases. */
  percent(likely: number): boolean
  pick<A>(from: readonly [A, ...ReadonlyArray<A>]): A
}

const mixed = (number: number): number => {
  let mixing = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35)
  return (mixing ^ (mixing >>> 16)) >>> 0
}

/** Another seed for another purpose or place; those of neighbouring seeds have nothing in common. */
export const derived = (seed: number, place: number): number => mixed(mixed(seed + 0x9e3779b9) + place)

/** Numbers from a seed (mulberry32). */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let drawn = Math.imul(state ^ (state >>> 15), 1 | state)
    drawn = (drawn + Math.imul(drawn ^ (drawn >>> 7), 61 | drawn)) ^ drawn
    return ((drawn ^ (drawn >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    percent: (likely) => next() * 100 < likely,
    pick: (from) => from[below(from.length)] ?? from[0]
  }
}
