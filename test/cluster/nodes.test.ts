import { assert, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { password } from "../kit/frontDoor.ts"
import { someNodes } from "../kit/nodes.ts"
import { eventually } from "../kit/process.ts"

const slow = { timeout: 120_000 }

it.live(
  "any node takes any request, also a new one: each account has its actor on one of them",
  () =>
    Effect.gen(function* () {
      const {
        nodes: [a, b],
        node
      } = yield* someNodes(2)
      assert(a !== undefined && b !== undefined)
      const walked = Effect.fnUntraced(function* (begins: typeof a, ends: typeof b) {
        const { accountId, email } = yield* begins.door.anAccount()
        const { id } = yield* ends.door.started(ends.door.of(accountId, "/two-factor/setup"), {
          method: "EMAIL",
          password
        })
        const outcome = yield* begins.door.answerRightly(id, email)
        assert.strictEqual(outcome.twoFactor.securityStandard, "EMAIL")
        assert.strictEqual((yield* ends.door.twoFactor(accountId)).status, "enabled")
      })
      // enough accounts that some of their actors are here and some there
      for (let round = 0; round < 6; round++) yield* walked(a, b)
      const c = yield* node()
      for (let round = 0; round < 6; round++) yield* walked(b, c)
    }).pipe(Effect.scoped),
  slow
)

it.live(
  "one that leaves is missed by no request, and one that is killed for fifteen seconds at most; nothing acknowledged is lost",
  () =>
    Effect.gen(function* () {
      const {
        nodes: [a, b, c]
      } = yield* someNodes(3)
      assert(a !== undefined && b !== undefined && c !== undefined)
      const accounts = yield* Effect.forEach(
        Array.from({ length: 24 }),
        () => Effect.map(a.door.anAccount(), ({ accountId }) => accountId),
        { concurrency: 4 }
      )
      const setUp = (accountId: string) =>
        a.door.post(a.door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const statuses = Effect.map(Effect.forEach(accounts, setUp, { concurrency: 8 }), (answers) =>
        answers.map(({ status }) => status)
      )
      const everyone = accounts.map(() => 201)
      assert.deepStrictEqual(yield* statuses, everyone)

      const leaving = yield* Effect.forkChild(b.stop)
      assert.deepStrictEqual(yield* statuses, everyone)
      assert.strictEqual(yield* Fiber.join(leaving), 0)
      assert.deepStrictEqual(yield* statuses, everyone)

      yield* c.kill
      const killed = performance.now()
      yield* eventually(
        Effect.map(statuses, (answers) => {
          // unavailable is said while nobody knows whose accounts they are, and nothing else
          assert.includeMembers([201, 503], [...new Set(answers)])
          return answers.every((status) => status === 201) ? true : undefined
        }),
        "the accounts of the killed node"
      )
      assert.isBelow(performance.now() - killed, 15_000)
      for (const accountId of accounts) assert.isNotNull((yield* a.door.twoFactor(accountId)).pending)
    }).pipe(Effect.scoped),
  slow
)
