import { assert, describe, it } from "@effect/vitest"
import { codeDelay, enrolmentDelay, passwordDelay, resendWait } from "../../src/domain/budgets.ts"
import { maskDestination, maskEmail, maskPhone, maskPhoneForText } from "../../src/domain/masking.ts"

const table = <Input, Output>(
  name: string,
  rule: (input: Input) => Output,
  rows: ReadonlyArray<readonly [Input, Output]>
) => {
  for (const [input, output] of rows) {
    it(`${name}: ${String(input)} → ${String(output)}`, () => assert.deepStrictEqual(rule(input), output))
  }
}

describe("limits, both sides of each", () => {
  table("S-21: seconds of delay after that many wrong codes", codeDelay, [
    [0, 0],
    [4, 0],
    [5, 30],
    [6, 0],
    [10, 60],
    [15, 300],
    [20, 900],
    [25, 3600],
    [45, 3600]
  ])
  table("S-37: seconds of delay after that many wrong codes of set-up and change", enrolmentDelay, [
    [5, 30],
    [45, 3600],
    [49, 0],
    [50, 86_400],
    [100, 86_400]
  ])
  table("S-36: seconds of delay after that many wrong passwords", passwordDelay, [
    [0, 0],
    [4, 0],
    [5, 30],
    [6, 60],
    [9, 480],
    [10, 900],
    [1000, 900]
  ])
  table("S-35: seconds until a resend after that many sends", (sends: number) => resendWait(sends, 30), [
    [1, 30],
    [2, 60],
    [3, 120],
    [4, 300],
    [5, 300]
  ])
})

describe("masks", () => {
  table("S-41", maskEmail, [
    ["alex@customer.example", "a•••@c•••.example"],
    ["a@e.test", "a•••@e•••.test"],
    ["a@localhost", "a•••@l•••"]
  ])
  it("S-41: numbers keep their last two digits", () => {
    assert.strictEqual(maskPhone("+60125550143"), "••• ••43")
    assert.strictEqual(maskPhoneForText("+60125550143"), "**43")
    assert.strictEqual(maskDestination("SMS", "+60125550143"), "••• ••43")
  })
})
