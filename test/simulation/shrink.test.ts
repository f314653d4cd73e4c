import { assert, describe, it } from "@effect/vitest"
import { shortest } from "./shrink.ts"

const numbers = (length: number) => ({ commands: Array.from({ length }, (_, place) => place + 1) })
const smaller = (one: number) => (one > 0 ? [one - 1] : [])

describe("shrinking", () => {
  it("leaves what the failure needs, wherever it is, and makes it as plain as can be", () => {
    for (const needed of [[1], [40], [3, 17], [1, 2, 3], [5, 21, 40]]) {
      const fails = ({ commands }: { readonly commands: ReadonlyArray<number> }) =>
        needed.every((one) => commands.includes(one))
      assert.deepStrictEqual(shortest(numbers(40), fails, smaller).commands, needed)
    }
  })

  it("keeps the order, and makes what is left plainer only while it fails", () => {
    const fails = ({ commands }: { readonly commands: ReadonlyArray<number> }) =>
      commands.some((one, place) => one > 4 && (commands[place + 1] ?? 0) > one)
    assert.deepStrictEqual(shortest(numbers(20), fails, smaller).commands, [5, 6])
  })

  it("of what always fails nothing is left", () => {
    assert.deepStrictEqual(shortest(numbers(7), () => true, smaller).commands, [])
  })
})
