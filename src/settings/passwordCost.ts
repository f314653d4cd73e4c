import { Result } from "effect"
import { leastMemoryKib, mostPasswordCost as most, type PasswordCost, tooCostly } from "../domain/passwordCost.ts"
import type { Reader } from "./Setting.ts"

/** `19456,2,1`: refused below OWASP's floor, and where one check could stop the service. */
export const passwordCost: Reader<PasswordCost> = (text) => {
  const [, memory, passes, lanes] = /^([1-9]\d{0,6}) *, *([1-9]\d{0,6}) *, *([1-9]\d{0,6})$/.exec(text) ?? []
  if (memory === undefined) return Result.fail("memory in KiB, passes and lanes, such as 19456,2,1")
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const floor = leastMemoryKib(cost.passes)
  if (cost.memoryKib < floor)
    return Result.fail(`OWASP's floor or more: at least ${floor} KiB of memory with passes = ${cost.passes}`)
  return tooCostly(cost) === undefined
    ? Result.succeed(cost)
    : Result.fail(
        `at most ${most.memoryKib} KiB, ${most.passes} passes and ${most.lanes} lanes, with memory times passes up to ${most.memoryTimesPasses}`
      )
}
