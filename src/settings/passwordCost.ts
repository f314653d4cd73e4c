import { Result } from "effect"
import type { Reader } from "./Setting.ts"

/** What a new hash costs: argon2id memory in KiB, passes over it, and lanes. */
export interface PasswordCost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP Password Storage Cheat Sheet: the least memory for 1, 2, 3, 4, and 5 or more passes. */
const floorKib = [47_104, 19_456, 12_288, 9_216, 7_168] as const

/** 256 MiB and about half a second of one core. */
const most = { memoryKib: 262_144, passes: 64, lanes: 16, memoryTimesPasses: 1_048_576 } as const

/** `19456,2,1`: refused below OWASP's floor, and where one check could stop the service. */
export const passwordCost: Reader<PasswordCost> = (text) => {
  const [, memory, passes, lanes] = /^([1-9]\d{0,6}) *, *([1-9]\d{0,6}) *, *([1-9]\d{0,6})$/.exec(text) ?? []
  if (memory === undefined) return Result.fail("memory in KiB, passes and lanes, such as 19456,2,1")
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const floor = floorKib[Math.min(cost.passes, floorKib.length) - 1] ?? floorKib[0]
  if (cost.memoryKib < floor)
    return Result.fail(`OWASP's floor or more: at least ${floor} KiB of memory with passes = ${cost.passes}`)
  return cost.memoryKib <= most.memoryKib &&
    cost.passes <= most.passes &&
    cost.lanes <= most.lanes &&
    cost.memoryKib * cost.passes <= most.memoryTimesPasses
    ? Result.succeed(cost)
    : Result.fail(
        `at most ${most.memoryKib} KiB, ${most.passes} passes and ${most.lanes} lanes, with memory times passes up to ${most.memoryTimesPasses}`
      )
}
