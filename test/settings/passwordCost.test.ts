import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { passwordCost } from "../../src/settings/passwordCost.ts"

describe("REKEY_PASSWORD_COST", () => {
  const accepted = [
    "19456,2,1",
    "19456, 2 , 1",
    "47104,1,1",
    "12288,3,1",
    "9216,4,1",
    "7168,5,1",
    "65536,3,4",
    "262144,4,16"
  ]
  const belowFloor = ["19455,2,1", "47103,1,1", "12287,3,1", "9215,4,1", "7167,5,1", "7167,9,1"]
  const wrong = [
    "",
    "19456",
    "19456,2",
    "19456,2,1,1",
    "19456,2,0",
    "a,b,c",
    "-1,2,1",
    "1e5,2,1",
    "262145,1,1",
    "262144,5,1",
    "19456,2,17"
  ]

  for (const text of accepted) {
    it(`${text} is taken`, () => {
      const [memoryKib, passes, lanes] = text.split(",").map(Number)
      assert.deepStrictEqual(Result.getOrThrow(passwordCost(text)) as unknown, { memoryKib, passes, lanes })
    })
  }
  for (const text of belowFloor) {
    it(`${text} is below OWASP's floor`, () => {
      assert.include(Result.getOrThrow(Result.flip(passwordCost(text))), "OWASP")
    })
  }
  for (const text of wrong) {
    it(`“${text}” is refused with what it has to be`, () => {
      assert.match(
        Result.getOrThrow(Result.flip(passwordCost(text))),
        /^(?:memory in KiB, passes and lanes|at most 262144 KiB)/
      )
    })
  }
})
