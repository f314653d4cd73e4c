/** What a new hash costs: argon2id memory in KiB, passes over it, and lanes. */
export interface PasswordCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** What one check may cost at most: 256 MiB, and about half a second of one core. */
export const mostPasswordCost = { memoryKib: 262_144, passes: 64, lanes: 16, memoryTimesPasses: 1_048_576 } as const

/** What is wrong with this argon2 cost, ours or an imported hash's, in one sentence, or nothing. */
export const tooCostly = ({ lanes, memoryKib, passes }: PasswordCost): string | undefined => {
  const most = mostPasswordCost
  if (memoryKib > most.memoryKib) return `Argon2 memory may be at most ${most.memoryKib} KiB.`
  if (passes > most.passes) return `Argon2 may make at most ${most.passes} passes.`
  if (lanes > most.lanes) return `Argon2 may have at most ${most.lanes} lanes.`
  if (memoryKib < 8 * lanes) return "Argon2 needs at least 8 KiB of memory for each lane."
  if (memoryKib * passes > most.memoryTimesPasses)
    return `Argon2 memory times passes may be at most ${most.memoryTimesPasses} KiB.`
  return undefined
}

const floorKib = [47_104, 19_456, 12_288, 9_216, 7_168] as const

/** OWASP Password Storage Cheat Sheet: the least memory in KiB for 1, 2, 3, 4, and 5 or more passes. */
export const leastMemoryKib = (passes: number): number => floorKib[Math.min(passes, floorKib.length) - 1] ?? floorKib[0]
