import { hash, verify } from "@node-rs/argon2"
import { availableParallelism } from "node:os"
import type { PasswordCost } from "../src/domain/passwordCost.ts"

const password = Buffer.from("correct horse battery staple")

/** Checks a second of the bare hash, as many at once as the password verifier runs: nothing can be faster than that. */
export const bareHashRate = async ({ memoryKib, passes, lanes }: PasswordCost, seconds: number): Promise<number> => {
  const stored = await hash(password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes })
  const began = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() - began < seconds * 1000) {
      await verify(stored, password)
      done++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return done / ((performance.now() - began) / 1000)
}
