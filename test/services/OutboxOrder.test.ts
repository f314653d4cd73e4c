import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { Outbox } from "../../src/services/Outbox.ts"
import { TestDatabase } from "../kit/database.ts"
import { claim, codeLetter, empty, ids, notice, queue, settle, somebody } from "./outboxKit.ts"

layer(Outbox.layer.pipe(Layer.provideMerge(TestDatabase), Layer.provideMerge(Logger.layer([]))), {
  timeout: "60 seconds"
})("Order of the outbox", (it) => {
  it.effect("of a lane only the oldest that is due is claimed; the next follows once it is settled", () =>
    Effect.gen(function* () {
      yield* empty
      const [first, second] = [notice(), notice()]
      const other = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(first, second, other)
      const claims = yield* claim()
      assert.deepStrictEqual(ids(claims), [first.id, other.id])
      assert.deepStrictEqual(yield* claim(), [])
      yield* settle(claims[0], { state: "handed_over", detail: "ok" })
      assert.deepStrictEqual(ids(yield* claim()), [second.id])
    })
  )

  it.effect("a letter for later does not block its lane, and is not claimed before its time", () =>
    Effect.gen(function* () {
      yield* empty
      const reminder = notice({ notBefore: new Date(Date.now() + 3_600_000) })
      const now = notice()
      yield* queue(reminder, now)
      assert.deepStrictEqual(ids(yield* claim()), [now.id])
    })
  )

  it.effect("a deferred notice is not overtaken by a later one to its address; other addresses go on", () =>
    Effect.gen(function* () {
      yield* empty
      const [first, second] = [notice(), notice()]
      const other = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(first)
      const [claimed] = yield* claim()
      yield* settle(claimed, { state: "deferred", detail: "greylisted", waitSeconds: 600 })
      yield* queue(second, other)
      assert.deepStrictEqual(ids(yield* claim()), [other.id])
      const sql = yield* SqlClient.SqlClient
      yield* sql`update outbox set not_before = statement_timestamp() where id = ${first.id}::uuid`
      const [again] = yield* claim()
      assert.strictEqual(again?.message.id, first.id)
      yield* settle(again, { state: "handed_over", detail: "ok" })
      assert.deepStrictEqual(ids(yield* claim()), [second.id])
    })
  )

  it.effect("a code waits for no notice that is due, on its way or deferred, and holds none up", () =>
    Effect.gen(function* () {
      yield* empty
      const [deferred, due] = [notice(), notice()]
      yield* queue(deferred)
      const [claimed] = yield* claim()
      yield* settle(claimed, { state: "deferred", detail: "greylisted", waitSeconds: 600 })
      const [code, next] = [notice({ letter: codeLetter() }), notice({ letter: codeLetter() })]
      yield* queue(due, code)
      const [got, ...rest] = yield* claim()
      assert.deepStrictEqual([got?.message.id, rest], [code.id, []])
      yield* settle(got, { state: "deferred", detail: "greylisted", waitSeconds: 600 })
      yield* queue(next)
      assert.deepStrictEqual(ids(yield* claim()), [next.id])
      yield* settle(claimed, { state: "handed_over", detail: "ok" })
      const sql = yield* SqlClient.SqlClient
      yield* sql`delete from outbox where id = ${deferred.id}::uuid`
      assert.deepStrictEqual(ids(yield* claim()), [due.id])
    })
  )

  it.effect("of a slow domain at most two are on their way, of any other its share, those that fly included", () =>
    Effect.gen(function* () {
      yield* empty
      const letters = ["a", "b", "c", "d"].map((name) => notice({ accountId: name, address: `${name}@Big.example` }))
      const other = notice(somebody("quick"))
      yield* queue(...letters, other)
      const slow = ["big.example"]
      assert.deepStrictEqual(ids(yield* claim({ slow, busy: { "big.example": 1 } })), [letters[0]?.id, other.id])
      assert.deepStrictEqual(yield* claim({ slow, busy: { "big.example": 2 } }), [])
      const share = { email: 4, sms: 4 }
      assert.deepStrictEqual(yield* claim({ share, busy: { "big.example": 4 } }), [])
      assert.deepStrictEqual(ids(yield* claim({ share, busy: { "big.example": 2 } })), [letters[1]?.id, letters[2]?.id])
      assert.deepStrictEqual(ids(yield* claim()), [letters[3]?.id])
    })
  )

  it.effect("hundreds of letters to one domain leave those to another in sight, and the domains take turns", () =>
    Effect.gen(function* () {
      yield* empty
      const many = Array.from({ length: 250 }, (_, place) =>
        notice({ ...somebody(`m${place}`), address: `m${place}@big.example` })
      )
      const other = notice(somebody("other"))
      yield* queue(...many, other)
      const claims = yield* claim({ room: { email: 3, sms: 0 } })
      assert.deepStrictEqual(ids(claims), [many[0]?.id, many[1]?.id, other.id])
    })
  )

  it.effect("no more than there is room for, oldest first, each channel by itself", () =>
    Effect.gen(function* () {
      yield* empty
      const mails = ["a", "b", "c"].map((name) => notice(somebody(name)))
      const text = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(...mails, text)
      assert.deepStrictEqual(
        ids(yield* claim({ room: { email: 2, sms: 0 } })),
        mails.slice(0, 2).map(({ id }) => id)
      )
      assert.deepStrictEqual(ids(yield* claim({ room: { email: 0, sms: 4 } })), [text.id])
    })
  )

  it.effect("two couriers at once never hold the same message", () =>
    Effect.gen(function* () {
      yield* empty
      const messages = Array.from({ length: 30 }, (_, place) => notice(somebody(`x${place}`)))
      yield* queue(...messages)
      const rounds = yield* Effect.all(
        Array.from({ length: 6 }, () => claim({ room: { email: 10, sms: 0 } })),
        { concurrency: "unbounded" }
      )
      const claimed = rounds.flatMap(ids)
      assert.strictEqual(new Set(claimed).size, claimed.length)
    })
  )
})
