import { assert, describe, it } from "@effect/vitest"
import { accounts } from "./accounts/accounts.ts"
import type { Case, Wish } from "./accounts/commands.ts"
import { run } from "./accounts/run.ts"
import { caseOf } from "./accounts/stories.ts"
import { seedOf, simulate } from "./simulate.ts"

const quiet = { account: 0, edge: 0, actor: 0, key: false, source: false, lost: false } as const

/** These one after the other, the last one at some moment of the one before; `salt` says at which. */
const inTheEnd = (wishes: ReadonlyArray<Wish>, salt: number): Case => {
  const beginning = { method: "SMS", failures: 0, sends: 0 } as const
  const beside = (place: number) => place === wishes.length - 1
  return {
    beginnings: [beginning, beginning],
    commands: wishes.map((wish, place) => ({ ...quiet, wish, beside: beside(place), salt: salt * 100 + place }))
  }
}

const proved = [{ do: "step up" }, { do: "verify", challenge: 0, code: "right" }] as const
const changed = { do: "change", method: "EMAIL", password: "right", grant: 0 } as const

/** Each rests on something whose time ends while it is under way. */
const restingOn: Record<string, ReadonlyArray<Wish>> = {
  "a grant, for a change": [...proved, { do: "wait for", end: "grant" }, changed],
  "a grant, for a disable": [
    ...proved,
    { do: "wait for", end: "grant" },
    { do: "disable", password: "right", grant: 0 }
  ],
  "the link of a notice, to go back": [
    ...proved,
    changed,
    { do: "verify", challenge: 0, code: "right" },
    { do: "wait for", end: "notice" },
    { do: "go back", notice: 0, password: "right" }
  ],
  "a code": [{ do: "step up" }, { do: "wait for", end: "code" }, { do: "verify", challenge: 0, code: "right" }]
}

const places = Array.from({ length: 500 }, (_, place) => place)

describe("histories of accounts on two nodes", { timeout: 60_000 }, () => {
  for (const seed of [1, 2, 3]) {
    it(`I1 to I7, I9: 200 histories from seed ${seed} keep every invariant`, () => {
      assert.isUndefined(simulate(accounts, { seed, histories: 200 }))
    })
  }

  for (const [what, wishes] of Object.entries(restingOn)) {
    it(`S-08, I5: ${what}, is of no use once its time is over, whenever that is noticed`, () => {
      const tried = places.slice(0, 60).map((salt) => inTheEnd([...wishes, { do: "wait", seconds: 2 }], salt))
      assert.deepStrictEqual(
        tried.flatMap((one) => accounts.violationsOf(one)).map(({ says }) => says),
        []
      )
      // In some it comes in time, in some not.
      const outcomes = tried.map((one) => run(one).operations.findLast(({ wish }) => wish !== "import")?.outcome)
      assert.sameMembers([...new Set(outcomes)], ["ok", "refused"])
    })
  }

  it("the same seed leaves the same history", () => {
    const seen = (seed: number) =>
      run(caseOf(seed)).operations.map(({ says, outcome, code, replayed, endedAt }) => {
        return [says, outcome, code, replayed, endedAt]
      })
    for (const place of places.slice(0, 30)) assert.deepStrictEqual(seen(seedOf(9, place)), seen(seedOf(9, place)))
  })

  it("each thing that people do succeeds in some history and is refused in another; answers get lost", () => {
    const seen = new Set<string>()
    const refusals = new Set<string>()
    for (const place of places) {
      for (const { wish, outcome, code, replayed } of run(caseOf(seedOf(5, place))).operations) {
        seen.add(`${wish} ${outcome}${replayed ? ", replayed" : ""}`)
        if (code !== undefined) refusals.add(code)
      }
    }
    const all = ["sign in", "step up", "set up", "change", "disable", "verify", "resend", "cancel"]
    const kinds = [...all, "report", "lift", "turn back on", "go back"]
    assert.includeMembers([...seen], [...kinds.map((wish) => `${wish} ok`), ...all.map((wish) => `${wish} refused`)])
    assert.includeMembers(
      [...seen],
      ["sign in", "set up", "change", "disable", "verify"].map((wish) => `${wish} unknown`)
    )
    assert.includeMembers([...seen], ["verify ok, replayed", "verify refused, replayed", "change ok, replayed"])
    assert.includeMembers(
      [...refusals],
      [
        "already_disabled",
        "already_enabled",
        "challenge_closed",
        "code_expired",
        "code_incorrect",
        "grant_invalid",
        "link_over",
        "method_suspended",
        "not_enabled",
        "password_incorrect",
        "protection_reported",
        "rate_limited",
        "resend_too_soon",
        "same_method",
        "step_up_required",
        "too_many_attempts",
        "unavailable"
      ]
    )
  })
})
