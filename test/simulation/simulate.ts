import { derived } from "./chance.ts"
import type { Violation } from "./invariants/facts.ts"
import type { Broken } from "./memory/Memory.ts"
import { shortest } from "./shrink.ts"

/** One kind of history: how it is made, judged, shrunk and shown. */
export interface Kind<Tried extends { readonly commands: ReadonlyArray<unknown> }> {
  readonly name: string
  caseOf(seed: number): Tried
  violationsOf(tried: Tried, broken?: Broken): ReadonlyArray<Violation>
  plainer(command: Tried["commands"][number]): ReadonlyArray<Tried["commands"][number]>
  plainerBeginnings(tried: Tried): ReadonlyArray<Tried>
  lines(tried: Tried): ReadonlyArray<string>
}

/** A history that fails, and the shortest one that fails so. */
export interface Failure {
  /** Of this history alone. */
  readonly seed: number
  /** How many were run until then, this one included. */
  readonly histories: number
  readonly violation: Violation
  /** How many commands it had, and how many are left. */
  readonly length: number
  readonly shortest: number
  readonly lines: ReadonlyArray<string>
}

/** The seed of the nth history: the first is the seed itself, so that a failing one can be run alone. */
export const seedOf = (seed: number, place: number): number => (place === 0 ? seed : derived(seed, place))

/** What is run, and what counts as a failure. */
export interface Asked {
  readonly seed: number
  readonly histories: number
  readonly broken?: Broken | undefined
  /** Any of them, where none is given. */
  readonly invariant?: Violation["invariant"] | undefined
}

/** Runs so many histories from a seed; answers with the first that fails, shrunk as long as the same invariant breaks. */
export const simulate = <Tried extends { readonly commands: ReadonlyArray<unknown> }>(
  kind: Kind<Tried>,
  { seed, histories, broken, invariant }: Asked
): Failure | undefined => {
  const broke = (tried: Tried, which: Violation["invariant"] | undefined) =>
    kind.violationsOf(tried, broken).find((one) => which === undefined || one.invariant === which)
  for (let place = 0; place < histories; place++) {
    const own = seedOf(seed, place)
    const tried = kind.caseOf(own)
    const found = broke(tried, invariant)
    if (found === undefined) continue
    const stays = (one: Tried) => broke(one, found.invariant) !== undefined
    const short = shortest<unknown, Tried>(tried, stays, kind.plainer, kind.plainerBeginnings)
    return {
      seed: own,
      histories: place + 1,
      violation: broke(short, found.invariant) ?? found,
      length: tried.commands.length,
      shortest: short.commands.length,
      lines: kind.lines(short)
    }
  }
  return undefined
}
