import { Result } from "effect"

/** What a new hash costs: argon2id memory in KiB, passes over it, and lanes. */
export interface PasswordCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** What one check may cost at most: 256 MiB, and about half a second of one core. */
const argon2Limits = { memoryKib: 262_144, passes: 64, lanes: 16, memoryTimesPasses: 1_048_576 } as const

/** What is wrong with this argon2 cost, ours or an imported hash's, in one sentence, or nothing. */
export const tooCostly = ({ lanes, memoryKib, passes }: PasswordCost): string | undefined => {
  if (memoryKib > argon2Limits.memoryKib) return "Argon2 memory may be at most 262144 KiB."
  if (passes > argon2Limits.passes) return "Argon2 may make at most 64 passes."
  if (lanes > argon2Limits.lanes) return "Argon2 may have at most 16 lanes."
  if (memoryKib < 8 * lanes) return "Argon2 needs at least 8 KiB of memory for each lane."
  if (memoryKib * passes > argon2Limits.memoryTimesPasses)
    return "Argon2 memory times passes may be at most 1048576 KiB."
  return undefined
}

/** OWASP Password Storage Cheat Sheet: the least memory for 1, 2, 3, 4, and 5 or more passes. */
const owaspFloorKib = [47_104, 19_456, 12_288, 9_216, 7_168] as const

/** Reads `REKEY_PASSWORD_COST`, such as `19456,2,1`; fails with one sentence, also below OWASP's floor. */
export const parsePasswordCost = (text: string): Result.Result<PasswordCost, string> => {
  const [, memory, passes, lanes] =
    /^([1-9]\d{0,9}),([1-9]\d{0,9}),([1-9]\d{0,9})$/.exec(text.replaceAll(" ", "")) ?? []
  if (memory === undefined) return Result.fail("Write memory in KiB, passes and lanes, such as 19456,2,1.")
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const problem = tooCostly(cost)
  if (problem !== undefined) return Result.fail(problem)
  const floor = owaspFloorKib[Math.min(cost.passes, owaspFloorKib.length) - 1] ?? owaspFloorKib[0]
  return cost.memoryKib >= floor
    ? Result.succeed(cost)
    : Result.fail(
        `That is below OWASP's floor: with ${cost.passes === 1 ? "1 pass" : `${cost.passes} passes`} use at least ${floor} KiB.`
      )
}
