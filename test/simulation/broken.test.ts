import { assert, describe, it } from "@effect/vitest"
import { accounts } from "./accounts/accounts.ts"
import type { Violation } from "./invariants/facts.ts"
import { letters } from "./letters/letters.ts"
import type { Broken } from "./memory/Memory.ts"
import { type Kind, simulate } from "./simulate.ts"

/** What is found, within how many histories, and how many commands the shortest one has at most. */
interface Expected {
  readonly invariant: Violation["invariant"]
  readonly within: number
  readonly shortest: number
}

const seed = 1

const isCaught = <Tried extends { readonly commands: ReadonlyArray<unknown> }>(
  kind: Kind<Tried>,
  table: Partial<Record<Broken, Expected>>
) => {
  for (const [broken, { invariant, within, shortest }] of Object.entries(table) as ReadonlyArray<[Broken, Expected]>) {
    it(`${broken}: ${invariant} is broken within ${within} histories, shown by ${shortest} commands or fewer`, () => {
      const failure = simulate(kind, { seed, histories: within, broken, invariant })
      assert.isDefined(failure)
      assert.isAtMost(failure?.shortest ?? Number.POSITIVE_INFINITY, shortest)
      // Its own seed alone brings it about, and without the break there is nothing in it.
      const alone = { seed: failure?.seed ?? seed, histories: 1, invariant }
      assert.strictEqual(simulate(kind, { ...alone, broken })?.violation.says, failure?.violation.says)
      assert.isUndefined(simulate(kind, alone))
    })
  }
}

describe("a broken build is caught by the simulation of accounts", { timeout: 60_000 }, () => {
  isCaught(accounts, {
    "version guard removed": { invariant: "I1", within: 100, shortest: 3 },
    "single-use guard removed": { invariant: "I1", within: 50, shortest: 3 },
    "grant not consumed": { invariant: "I5", within: 200, shortest: 4 },
    "count rolled back with the refusal": { invariant: "I6", within: 20, shortest: 2 },
    "notice left out": { invariant: "I3", within: 20, shortest: 2 },
    "notice outside the transaction": { invariant: "I3", within: 20, shortest: 2 },
    "epoch check removed": { invariant: "I5", within: 100, shortest: 6 },
    "lifetime not asked again": { invariant: "I5", within: 100, shortest: 5 },
    "answer not remembered": { invariant: "I7", within: 20, shortest: 1 },
    "budget not held by the write": { invariant: "I4", within: 100, shortest: 2 },
    "old method ended before the new one is proved": { invariant: "I2", within: 20, shortest: 3 }
  })
})

describe("a broken build is caught by the simulation of letters", { timeout: 60_000 }, () => {
  isCaught(letters, {
    "lease without expiry": { invariant: "I3", within: 20, shortest: 5 },
    "lease not asked for": { invariant: "I3", within: 20, shortest: 3 },
    "order of notices lost": { invariant: "I3", within: 20, shortest: 2 },
    "not-after ignored": { invariant: "I10", within: 20, shortest: 3 },
    "notice outside the transaction": { invariant: "I3", within: 20, shortest: 1 }
  })
})
