import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type Answer, FrontDoor, member, password, readAs, wrong } from "../kit/frontDoor.ts"
import { Rekey } from "../kit/process.ts"
import { Outcome } from "../../src/domain/TwoFactor.ts"
import { delaysPass } from "../kit/stories.ts"
import { AccountId } from "../../src/domain/ids.ts"

/** How often each kind of answer came. */
const tally = (answers: ReadonlyArray<Answer>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const kind = answer.status === 200 ? "200" : `${answer.status} ${String(member(answer, "code"))}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const atOnce = (asks: ReadonlyArray<Effect.Effect<Answer>>) => Effect.all(asks, { concurrency: "unbounded" })

layer(FrontDoor.layer(), { excludeTestServices: true })("many at once", (it) => {
  it.effect(
    "S-18, P3: of 50 right codes at once one succeeds, and none after a restart",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const { accountId, email } = yield* door.anAccount()
        const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
        const code = yield* door.codeOf(id, email)
        const fifty = Effect.suspend(() => atOnce(Array.from({ length: 50 }, () => door.verify(id, code))))
        assert.deepStrictEqual(tally(yield* fifty), { "200": 1, "410 challenge_closed": 49 })
        yield* rekey.kill
        yield* rekey.start
        assert.deepStrictEqual(tally(yield* fifty), { "410 challenge_closed": 50 })
        const { epoch, securityStandard } = yield* door.twoFactor(accountId)
        assert.deepStrictEqual([epoch, securityStandard], [2, "EMAIL"])
        const types = (yield* door.events(accountId)).map(({ type }) => type)
        assert.lengthOf(
          types.filter((type) => type === "method.enabled"),
          1
        )
      }),
    60_000
  )

  it.effect(
    "S-38, P4: 100 wrong codes and the right one at once: at most five are judged, and no restart refills",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const { id } = yield* door.started(door.of(accountId, "/sign-in"), { password })
        const code = yield* door.codeOf(id, phone)

        const [first, second] = [yield* door.verify(id, wrong(code)), yield* door.verify(id, wrong(code, 2))]
        assert.deepStrictEqual(tally([first, second]), { "422 code_incorrect": 2 })
        yield* rekey.kill
        yield* rekey.start
        assert.strictEqual((yield* door.challenge(id)).attemptsRemaining, 3)

        const guesses = Array.from({ length: 100 }, (_, place) => door.verify(id, wrong(code, 1 + (place % 9))))
        const counts = tally(yield* atOnce([...guesses.slice(0, 60), door.verify(id, code), ...guesses.slice(60)]))
        const right = counts["200"] ?? 0
        // Either the right one was among those that were judged, or the budget was spent before it.
        if (right === 0) assert.deepStrictEqual(counts, { "422 code_incorrect": 3, "429 too_many_attempts": 98 })
        else {
          assert.strictEqual(right, 1)
          assert.isBelow(counts["422 code_incorrect"] ?? 0, 3)
          assert.strictEqual((counts["422 code_incorrect"] ?? 0) + (counts["410 challenge_closed"] ?? 0), 100)
        }
        const rejected = (yield* door.events(accountId)).filter(({ type }) => type === "code.rejected")
        assert.lengthOf(rejected, 2 + (counts["422 code_incorrect"] ?? 0))

        yield* rekey.kill
        yield* rekey.start
        const late = tally(yield* atOnce([...guesses.slice(0, 10), door.verify(id, code)]))
        assert.deepStrictEqual(late, right === 0 ? { "429 too_many_attempts": 11 } : { "410 challenge_closed": 11 })
      }),
    60_000
  )

  it.effect(
    "S-21: failures outlive a restart, new challenges and a right password",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const rekey = yield* Rekey
        const { accountId, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const signIn = door.started(door.of(accountId, "/sign-in"), { password })
        const first = yield* signIn
        const code = yield* door.codeOf(first.id, phone)
        const five = [1, 2, 3, 4, 5].map((by) => door.verify(first.id, wrong(code, by)))
        assert.deepStrictEqual(tally(yield* atOnce(five)), { "422 code_incorrect": 5 })
        yield* rekey.kill
        yield* rekey.start
        // The delay of five failures still runs, for a right password too.
        const delayed = door.post(door.of(accountId, "/sign-in"), { password })
        yield* door.refused(accountId, delayed, 429, "rate_limited")
        yield* Effect.orDie(delaysPass(AccountId.make(accountId)))
        const second = yield* signIn
        const next = yield* door.codeOf(second.id, phone)
        const fiveMore = [1, 2, 3, 4, 5].map((by) => door.verify(second.id, wrong(next, by)))
        assert.deepStrictEqual(tally(yield* atOnce(fiveMore)), { "422 code_incorrect": 5 })
        const longer = yield* door.refused(accountId, delayed, 429, "rate_limited")
        // 30 seconds after five, a minute after ten: the count went on.
        assert.isAbove(Number(member(longer, "retryAfter")), 30)
        yield* Effect.orDie(delaysPass(AccountId.make(accountId)))
        const third = yield* signIn
        readAs(yield* door.verify(third.id, yield* door.codeOf(third.id, phone)), 200, Outcome)
      }),
    60_000
  )

  it.effect("S-14: of ten changes started at once one is open, and one commits", () =>
    Effect.gen(function* () {
      const door = yield* FrontDoor
      const { accountId } = yield* door.anAccount()
      const body = { method: "EMAIL", password }
      const starts = yield* atOnce(
        Array.from({ length: 10 }, () => door.post(door.of(accountId, "/two-factor/setup"), body))
      )
      assert.deepStrictEqual(
        starts.map(({ status }) => status),
        Array.from({ length: 10 }, () => 201)
      )
      const states = yield* Effect.forEach(starts, (answer) => door.challenge(String(member(answer, "id"))))
      assert.lengthOf(
        states.filter(({ status }) => status === "open"),
        1
      )
      assert.lengthOf(
        states.filter(({ status }) => status === "superseded"),
        9
      )
    })
  )
})
