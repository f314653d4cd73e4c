import { hash, verify } from "@node-rs/argon2"
import { availableParallelism } from "node:os"
import type { PasswordCost } from "../src/domain/passwordCost.ts"

const password = Buffer.from("correct horse battery staple")

/** What the machine did with nothing but hashes. */
export interface BareHash {
  readonly done: number
  readonly seconds: number
  readonly cpuSeconds: number
}

/** Nothing but checks, as many at once as the password verifier runs: no journey can be faster than its hashes. */
export const bareHash = async ({ memoryKib, passes, lanes }: PasswordCost, seconds: number): Promise<BareHash> => {
  const stored = await hash(password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes })
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() - began < seconds * 1000) {
      await verify(stored, password)
      done++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  const cpu = process.cpuUsage(cpuBefore)
  return { done, seconds: (performance.now() - began) / 1000, cpuSeconds: (cpu.user + cpu.system) / 1e6 }
}
