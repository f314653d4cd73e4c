import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Sharding } from "effect/cluster"
import { TestClock } from "effect/testing"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { recorded, recorder } from "../../bench/replay.ts"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { disable } from "../../src/account/disable.ts"
import { setUp } from "../../src/account/setUp.ts"
import { signIn } from "../../src/account/signIn.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import type { AccountId, ChallengeId } from "../../src/domain/ids.ts"
import { anAccount, asPortal, codeOf, password, rekey } from "../kit/core.ts"
import { protectedBy } from "../kit/stories.ts"

const everythingRecorded = rekey({ REKEY_STEP_UP: "password" }).pipe(Layer.provideMerge(recorder))

/** The sweep that every start begins with and the look for resets run beside a journey, and are none of its statements. */
const sweeps = /^\s*with (gone|old_\w+) as|from resets\s+where status = 'waiting'/

/** How many statements went to the database, and how many of them write: each is a transaction of its own. */
const costOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.map(recorded(work), (heard) => {
    const statements = heard.filter(({ text }) => !sweeps.test(text))
    return {
      statements: statements.length,
      commits: statements.filter(({ text }) => !/^\s*select/i.test(text)).length
    }
  })

/** What the first steps of a journey cost, and then its verify; reading the code is the test's own affair. */
const walked = Effect.fn("walked")(function* <E, R>(begin: Effect.Effect<object, E, R>) {
  let id: ChallengeId | undefined
  const begun = yield* costOf(
    Effect.tap(begin, (challenge) => {
      if ("id" in challenge) id = challenge.id as ChallengeId
      return Effect.void
    })
  )
  if (id === undefined) return yield* Effect.die("no challenge was begun")
  const ended = yield* costOf(verify({ challengeId: id, code: yield* codeOf(id) }))
  return { statements: begun.statements + ended.statements, commits: begun.commits + ended.commits }
})

layer(everythingRecorded)("what a journey costs the database", (it) => {
  it.effect("disable, set-up and verify take at most 14 statements and 3 commits", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      const cost = yield* walked(
        Effect.andThen(disable({ accountId, password }), setUp({ accountId, method: "EMAIL", password }))
      )
      assert.deepStrictEqual(cost, { statements: 6, commits: 3 })
    }).pipe(asPortal())
  )

  it.effect("a step takes two statements, a verify too, and each of them one commit", () =>
    Effect.gen(function* () {
      const one = { statements: 4, commits: 2 }
      const [off, on, also] = [yield* anAccount(), yield* protectedBy("SMS"), yield* protectedBy("SMS")]
      assert.deepStrictEqual(yield* walked(setUp({ accountId: off, method: "EMAIL", password })), one)
      assert.deepStrictEqual(yield* walked(changeMethod({ accountId: on, method: "EMAIL", password })), one)
      assert.deepStrictEqual(yield* walked(signIn({ accountId: also, password })), one)
    }).pipe(asPortal())
  )
})

const heapBytes = Effect.sync(() => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
})

layer(rekey())("what an account costs in memory", (it) => {
  it.effect("touched accounts leave nothing behind once they are idle", () =>
    Effect.gen(function* () {
      const sharding = yield* Sharding.Sharding
      const touch = (accountId: AccountId) => Effect.flip(stepUp({ accountId }))
      const crowd = yield* Effect.forEach(Array.from({ length: 240 }), () => anAccount(), { concurrency: 8 })
      yield* Effect.forEach(crowd.splice(0, 60), touch, { concurrency: 8 })
      const before = yield* heapBytes
      yield* Effect.forEach(crowd, touch, { concurrency: 8 })
      const resident = yield* heapBytes
      assert.isAbove(yield* sharding.activeEntityCount, 180)
      assert.isBelow((resident - before) / crowd.length, 32 * 1024)
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(yield* sharding.activeEntityCount, 0)
      assert.isBelow(((yield* heapBytes) - before) / crowd.length, 2 * 1024)
    }).pipe(asPortal())
  )
})
