import { assert, describe, it } from "@effect/vitest"
import { letterCaseOf } from "./letters/letterCommands.ts"
import { letters } from "./letters/letters.ts"
import { runLetters } from "./letters/runLetters.ts"
import { seedOf, simulate } from "./simulate.ts"

const places = Array.from({ length: 300 }, (_, place) => place)

describe("histories of letters, carried by two couriers", { timeout: 60_000 }, () => {
  for (const seed of [1, 2]) {
    it(`I3, I10, P5: 200 histories from seed ${seed} keep every invariant`, () => {
      assert.isUndefined(simulate(letters, { seed, histories: 200 }))
    })
  }

  it("the same seed leaves the same history", () => {
    const seen = (seed: number) =>
      runLetters(letterCaseOf(seed)).memory.outbox.map(({ message, state, stateAt, attempts }) => {
        return [message.letter._tag, message.address, state, stateAt, attempts]
      })
    for (const place of places.slice(0, 15)) assert.deepStrictEqual(seen(seedOf(9, place)), seen(seedOf(9, place)))
  })

  it("letters of each kind arrive, are given up and become obsolete; some are taken twice, some by a courier that dies", () => {
    const seen = new Set<string>()
    for (const place of places) {
      const { memory, attempts } = runLetters(letterCaseOf(seedOf(5, place)))
      for (const { message, state } of memory.outbox) seen.add(`${message.letter._tag} ${state}`)
      for (const tries of Map.groupBy(attempts, ({ id }) => id).values()) {
        const taken = tries.filter(({ acceptedAt }) => acceptedAt !== undefined)
        if (taken.length > 1) seen.add("taken twice")
        if (taken.some(({ by }) => !by.alive)) seen.add("its courier died")
        for (const { told } of tries) seen.add(`told ${told ?? "nothing"}`)
      }
    }
    const expected = ["code handed_over", "code obsolete", "disabled handed_over", "disabled failed"]
    const rest = ["unfinished handed_over", "unfinished obsolete", "undelivered handed_over", "taken twice"]
    const tries = ["its courier died", "told accepted", "told refused", "told deferred", "told nothing"]
    assert.includeMembers([...seen], [...expected, ...rest, ...tries])
  })
})
