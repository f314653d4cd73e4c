import { assert, describe, it } from "@effect/vitest"
import { check } from "./checker.ts"
import { type Attempt, type Call } from "./history.ts"
import type { Remains } from "./remains.ts"

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const person = { account: "p1", email: "p1@harbor.example", phone: "+60125550101" }
const { account, email, phone } = person

let ids = 0
const call = (given: Partial<Call> & Pick<Call, "what">, ...answers: ReadonlyArray<Partial<Attempt>>): Call => {
  const id = ids++
  return {
    id,
    account,
    method: "POST",
    path: `/${given.what}`,
    key: `key-${id}`,
    attempts: answers.map((answer) => ({
      node: "n1",
      invokedAt: id,
      endedAt: id,
      told: "ok",
      status: 200,
      text: "{}",
      replayed: false,
      ...answer
    })),
    ...given
  }
}
const outcome = (status: string, epoch: number, more: object = {}) => ({
  text: JSON.stringify({ status, twoFactor: { epoch }, ...more })
})
const wrongCode = (remaining: number): Partial<Attempt> => ({
  told: "fail",
  status: 422,
  text: JSON.stringify({ code: "code_incorrect", attemptsRemaining: remaining })
})
const audited = (sequence: number, type: string, epoch: number, more: object = {}) => ({
  account,
  sequence,
  type,
  epoch,
  method: null,
  purpose: null,
  at: at(sequence),
  ...more
})
const letter = (id: string, tag: string, address: string, epoch: number) => ({
  id,
  account,
  address,
  tag,
  linkEpoch: epoch,
  link: `link-${epoch}`,
  state: "handed_over",
  notAfter: at(50)
})
const challenge = (id: string, purpose: string, epoch: number, tries = 0) => ({
  id,
  account,
  purpose,
  status: "succeeded",
  epoch,
  tries,
  maxTries: 5
})
const arrival = (id: string, to: string, second = 10) =>
  ({ id, channel: "email", to, text: "", at: at(second) }) as const

/** Set up with one wrong code, then changed from e-mail to SMS: as it should be. */
const story = {
  imported: call({ what: "import" }, {}),
  setup: call({ what: "setup" }, { status: 201, text: `{"id":"c1"}` }),
  guess: call({ what: "verify", challenge: "c1" }, { told: "unknown", status: 0 }, wrongCode(4)),
  enabled: call({ what: "verify", challenge: "c1" }, outcome("enabled", 2)),
  change: call({ what: "change", body: { grant: "g1" } }, { status: 201, text: `{"id":"c2"}` }),
  changed: call({ what: "verify", challenge: "c2" }, outcome("changed", 3))
}
const good: Remains = {
  people: [person],
  calls: Object.values(story),
  evidence: {
    accounts: [{ account, epoch: 3, reported: false }],
    enrolments: [
      { account, method: "EMAIL", destination: email, enrolledAt: at(4), endedAt: at(7) },
      { account, method: "SMS", destination: phone, enrolledAt: at(7), endedAt: null }
    ],
    challenges: [challenge("c1", "setup", 1, 1), challenge("c2", "change", 2)],
    audit: [
      audited(1, "account.imported", 1),
      audited(2, "code.requested", 1, { purpose: "setup" }),
      audited(3, "code.rejected", 1, { purpose: "setup" }),
      audited(4, "method.enabled", 2),
      audited(5, "code.requested", 2, { purpose: "change" }),
      audited(6, "code.accepted", 2, { purpose: "change" }),
      audited(7, "method.changed", 3)
    ],
    letters: [letter("l1", "changed", email, 2), letter("l2", "changed", email, 3), letter("l3", "changed", phone, 3)],
    brokenChains: []
  },
  arrived: [arrival("l1", email), arrival("l2", email), arrival("l3", phone)],
  read: [],
  texts: [{ name: "The database", text: "accounts 2026-01-01T00:00:00.482913+00:00" }],
  secrets: ["482913", "correct horse"],
  restored: false
}

const evidence = (changed: Partial<Remains["evidence"]>): Remains => ({
  ...good,
  evidence: { ...good.evidence, ...changed }
})
const also = (...calls: ReadonlyArray<Call>): Remains => ({ ...good, calls: [...good.calls, ...calls] })
const without = (left: Call): Remains => ({ ...good, calls: good.calls.filter((one) => one !== left) })
const { audit, letters, enrolments, challenges } = good.evidence

const bad: ReadonlyArray<readonly [invariant: string, what: string, record: Remains]> = [
  ["I1", "a code works under two keys", also(call({ what: "verify", challenge: "c1" }, outcome("enabled", 2)))],
  [
    "I2",
    "one method ends before the next begins",
    evidence({ enrolments: enrolments.map((one) => (one.endedAt === null ? one : { ...one, endedAt: at(6) })) })
  ],
  ["I3", "a change has no audit row", evidence({ audit: audit.filter(({ type }) => type !== "method.changed") })],
  ["I3", "a change in the trail was never acknowledged", without(story.changed)],
  ["I3", "a change has no notice", evidence({ letters: letters.filter(({ linkEpoch }) => linkEpoch === 3) })],
  ["I3", "the new destination is not told", evidence({ letters: letters.filter(({ address }) => address === email) })],
  ["I3", "a notice was never brought", { ...good, arrived: good.arrived.slice(1) }],
  [
    "I3",
    "a notice waits for ever",
    evidence({ letters: letters.map((one) => (one.id === "l1" ? { ...one, state: "queued" } : one)) })
  ],
  [
    "I3",
    "a code waits for ever",
    evidence({
      letters: [...letters, { ...letter("l4", "code", email, 2), link: null, linkEpoch: null, state: "deferred" }]
    })
  ],
  [
    "I3",
    "a notice that failed for good is not reported",
    evidence({ letters: letters.map((one) => (one.id === "l1" ? { ...one, state: "failed" } : one)) })
  ],
  ["I3", "a notice tells of no change", evidence({ letters: [...letters, letter("l4", "disabled", email, 4)] })],
  ["I4", "a refused guess left no trace", evidence({ audit: audit.filter(({ type }) => type !== "code.rejected") })],
  ["I4", "a guess was not counted", evidence({ challenges: challenges.map((one) => ({ ...one, tries: 0 })) })],
  ["I4", "two guesses were one try", also(call({ what: "verify", challenge: "c1" }, wrongCode(4)))],
  [
    "I4",
    "six guesses were judged",
    also(...[3, 2, 1, 0, -1].map((left) => call({ what: "verify", challenge: "c1" }, wrongCode(left))))
  ],
  [
    "I4",
    "a code is judged while the delay for wrong ones runs",
    evidence({
      audit: [
        ...audit.slice(0, 3),
        ...[4, 5, 6, 7, 8].map((sequence) => audited(sequence, "code.rejected", 1, { purpose: "step-up" })),
        ...audit.slice(3)
      ]
    })
  ],
  [
    "I5",
    "an old code works in the end",
    also(call({ what: "verify", challenge: "c0", probe: "An old code" }, outcome("x", 3)))
  ],
  [
    "I5",
    "a grant is used twice",
    also(call({ what: "step-up", body: { grant: "g1" } }, { status: 201, text: `{"id":"c2"}` }))
  ],
  [
    "I5",
    "a code of an older epoch makes a change",
    evidence({ challenges: challenges.map((one) => ({ ...one, epoch: 1 })) })
  ],
  ["I6", "an account is gone", evidence({ accounts: [] })],
  ["I6", "a challenge is gone", evidence({ challenges: challenges.slice(0, 1) })],
  ["I6", "an account is behind its last change", evidence({ accounts: [{ account, epoch: 2, reported: false }] })],
  ["I7", "a call never tells", also(call({ what: "resend" }, { told: "unknown", status: 503 }))],
  [
    "I7",
    "the same key tells two stories",
    also(call({ what: "verify", key: story.enabled.key, probe: "A repeat" }, { told: "fail", status: 410 }))
  ],
  [
    "I7",
    "two nodes see two states",
    also(
      call({ what: "look", probe: "state" }, { text: "on" }),
      call({ what: "look", probe: "state" }, { text: "off" })
    )
  ],
  ["I7", "an answer is 500", also(call({ what: "look" }, { told: "unknown", status: 500 }, {}))],
  ["I8", "a code is in a dump", { ...good, texts: [{ name: "The database", text: `{"code":"482913"}` }] }],
  ["I8", "a password is in a log", { ...good, texts: [{ name: "A log", text: "said correct horse" }] }],
  [
    "I9",
    "a code for a change is asked for while nothing is on",
    evidence({ audit: audit.map((row) => (row.purpose === "setup" ? { ...row, purpose: "change" } : row)) })
  ],
  [
    "I9",
    "what is on is turned on",
    evidence({ audit: audit.map((row) => (row.type === "method.changed" ? { ...row, type: "method.enabled" } : row)) })
  ],
  ["I10", "a letter comes after its time", { ...good, arrived: [...good.arrived, arrival("l1", email, 55)] }],
  ["audit", "a chain does not verify", evidence({ brokenChains: ["The audit chain of p1 is broken at 2: changed."] })]
]

describe("the checker", () => {
  it("finds nothing in a history that is as it should be", () => {
    assert.deepStrictEqual(check(good), [])
  })

  for (const [invariant, what, record] of bad)
    it(`${invariant}: ${what}`, () => {
      const found = check(record)
      assert.include(
        found.map((violation) => violation.invariant),
        invariant,
        found.map(({ sentence }) => sentence).join("\n")
      )
    })

  it("an unknown answer is no violation once a repeat has told", () => {
    const [first] = story.guess.attempts
    assert.strictEqual(first?.told, "unknown")
    assert.deepStrictEqual(check(good), [])
  })

  it("after a back-up was put back an epoch may be higher than the last change made it, never lower", () => {
    const raised = evidence({ accounts: [{ account, epoch: 4, reported: false }] })
    assert.isNotEmpty(check(raised))
    assert.deepStrictEqual(check({ ...raised, restored: true }), [])
    assert.isNotEmpty(check({ ...evidence({ accounts: [{ account, epoch: 2, reported: false }] }), restored: true }))
  })
})
