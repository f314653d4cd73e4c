import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { backoffSeconds, Outbox } from "../../src/services/Outbox.ts"
import { batch } from "../../src/services/batch.ts"
import { TestDatabase } from "../kit/database.ts"
import { claim, codeLetter, empty, ids, notice, queue, settle, somebody, stateOf } from "./outboxKit.ts"

const lapse = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`update outbox set leased_until = statement_timestamp() - interval '1 second' where lease is not null`
)
layer(Outbox.layer.pipe(Layer.provideMerge(TestDatabase), Layer.provideMerge(Logger.layer([]))), {
  timeout: "60 seconds"
})("Outbox", (it) => {
  it.effect("a message is read back as it was queued, with the facts of its letter", () =>
    Effect.gen(function* () {
      yield* empty
      const sent = notice({ name: "Alex", timeZone: "Asia/Kuala_Lumpur", locale: "en" })
      yield* queue(sent)
      const [got] = yield* claim()
      const { notBefore: _, ...expected } = sent
      assert.deepStrictEqual(got?.message, expected)
      assert.strictEqual(got?.attempts, 1)
    })
  )

  it.effect("nothing is queued where the step was not applied", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      yield* sql`with applied as (select 1 where false), queued as (${outbox.part([notice()])}) select 1`
      yield* sql`with applied as (select 1), queued as (${outbox.part([])}) select 1`
      assert.deepStrictEqual(yield* claim(), [])
    })
  )

  it.effect("a lost lease is claimed again, and the verdict of who lost it counts no more", () =>
    Effect.gen(function* () {
      yield* empty
      const message = notice()
      yield* queue(message)
      const [lost] = yield* claim()
      assert.deepStrictEqual(yield* claim(), [])
      yield* lapse
      const [mine] = yield* claim()
      assert.deepStrictEqual([mine?.message, mine?.attempts], [lost?.message, 2])
      assert.isFalse(yield* settle(lost, { state: "failed", detail: "too late" }))
      assert.isTrue(yield* settle(mine, { state: "handed_over", detail: "ok" }))
      const row = yield* stateOf(message.id)
      assert.deepStrictEqual(row, { state: "handed_over", detail: "ok", attempts: 2, leased: false })
    })
  )

  it.effect("what a process that died was sending is claimed at once by the next one that is alone", () =>
    Effect.gen(function* () {
      yield* empty
      const outbox = yield* Outbox
      const message = notice()
      yield* queue(message)
      const [lost] = yield* claim()
      yield* outbox.reclaim
      const [mine] = yield* claim()
      assert.deepStrictEqual([mine?.message, mine?.attempts], [lost?.message, 2])
      assert.isFalse(yield* settle(lost, { state: "handed_over", detail: "late" }))
    })
  )

  it.effect("a lease that is kept begins anew; a lost one cannot be kept", () =>
    Effect.gen(function* () {
      yield* empty
      yield* queue(notice())
      const [mine] = yield* claim()
      if (mine === undefined) return yield* Effect.die(new Error("nothing was claimed"))
      const keep = Outbox.use((outbox) => outbox.keep(mine))
      yield* lapse
      assert.isTrue(yield* keep)
      assert.deepStrictEqual(yield* claim(), [])
      yield* lapse
      yield* claim()
      assert.isFalse(yield* keep)
    })
  )

  it.effect("a deferred message waits and says why, then it is due again; never later than its not-after", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const message = notice()
      yield* queue(message)
      const [claimed] = yield* claim()
      yield* settle(claimed, { state: "deferred", detail: "greylisted", waitSeconds: 86_400 })
      assert.deepStrictEqual(yield* claim(), [])
      const [row] = yield* sql<{ readonly kept: boolean }>`select not_before = not_after as kept from outbox`
      assert.isTrue(row?.kept)
      assert.strictEqual((yield* stateOf(message.id))?.detail, "greylisted")
    })
  )

  it.effect("a released message counts no attempt", () =>
    Effect.gen(function* () {
      yield* empty
      const message = notice()
      yield* queue(message)
      const [claimed] = yield* claim()
      yield* settle(claimed, { state: "released" })
      assert.deepStrictEqual(yield* stateOf(message.id), { state: "queued", detail: null, attempts: 0, leased: false })
      assert.deepStrictEqual(ids(yield* claim()), [message.id])
    })
  )

  it.effect("a letter of another version is left to it, and given up when its time is over", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const [strange, next] = [notice(), notice()]
      yield* queue(strange, next)
      yield* sql`update outbox set letter = '{"_tag": "of the future"}' where id = ${strange.id}::uuid`
      assert.deepStrictEqual(yield* claim(), [])
      assert.isTrue((yield* stateOf(strange.id))?.leased)
      yield* lapse
      yield* sql`update outbox set not_after = statement_timestamp() where id = ${strange.id}::uuid`
      assert.deepStrictEqual(yield* claim(), [])
      assert.strictEqual((yield* stateOf(strange.id))?.detail, "It could not be read")
      assert.deepStrictEqual(ids(yield* claim()), [next.id])
    })
  )

  it.effect("the deadline of a claim is its not-after, on the local clock and never later", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      yield* queue(notice())
      yield* sql`update outbox set not_after = statement_timestamp() - interval '5 seconds'`
      const [claimed] = yield* claim()
      assert.isBelow(claimed?.deadline ?? Infinity, 0)
    })
  )

  it.effect("the delivery line of a challenge is its newest message, in the contract's four states", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      const challengeId = randomUUID()
      const delivery = Effect.map(
        sql<{ readonly line: { readonly state: string; readonly detail: string | null; readonly at: string } | null }>`
          select ${outbox.deliveryOf(sql`${challengeId}::uuid`)} as line`,
        ([row]) => row?.line ?? null
      )
      assert.isNull(yield* delivery)
      yield* queue(notice({ challengeId }), notice({ challengeId, accountId: "other" }))
      const [first, second] = yield* claim()
      yield* settle(first, { state: "failed", detail: "no" })
      assert.strictEqual((yield* delivery)?.state, "queued")
      yield* settle(second, { state: "obsolete" })
      const line = yield* delivery
      assert.deepStrictEqual([line?.state, line?.detail], ["failed", "It was no longer needed"])
      assert.isFalse(Number.isNaN(Date.parse(line?.at ?? "")))
    })
  )

  it.effect("a purge takes what was finished a week ago and nothing else", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const [old, recent, waiting] = [notice(somebody("a")), notice(somebody("b")), notice(somebody("c"))]
      yield* queue(old, recent, waiting)
      yield* sql`update outbox set state = 'handed_over' where id in (${old.id}::uuid, ${recent.id}::uuid)`
      yield* sql`update outbox set state_at = statement_timestamp() - interval '8 days'
        where id in (${old.id}::uuid, ${waiting.id}::uuid)`
      assert.strictEqual(yield* Outbox.use(({ purge }) => purge), 1)
      assert.isUndefined(yield* stateOf(old.id))
    })
  )

  it.effect("a purge takes a batch at a time and says how many, so that it is repeated until one is not full", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      yield* queue(notice())
      yield* sql`insert into outbox (id, account_id, channel, address, letter, not_before, not_after, state, state_at)
        select gen_random_uuid(), account_id, channel, address, letter, not_before, not_after, 'handed_over',
          statement_timestamp() - interval '8 days' from outbox, generate_series(1, ${batch + 1})`
      const purge = Outbox.use((outbox) => outbox.purge)
      assert.deepStrictEqual([yield* purge, yield* purge, yield* purge], [batch, 1, 0])
    })
  )

  it.effect("a deleted account keeps only the notices that still wait, and a code on its way settles nothing", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      const later = { notBefore: new Date(Date.now() + 3_600_000) }
      const reminder = notice({ ...later, letter: { _tag: "unfinished", accountId: "alex", at: codeLetter().at } })
      const [done, waiting, code] = [
        notice({ address: "old@customer.example" }),
        notice(),
        notice({ letter: codeLetter() })
      ]
      const others = notice({ accountId: "sam", letter: codeLetter() })
      yield* queue(done, reminder, waiting, code, others)
      yield* sql`update outbox set state = 'handed_over' where id = ${done.id}::uuid`
      const flying = (yield* claim()).find(({ message }) => message.id === code.id)
      const forget = (applied: boolean) =>
        sql`with applied as (select 1 where ${applied}), forgotten as (${outbox.forget("alex")}) select 1`
      yield* forget(false)
      assert.isDefined(yield* stateOf(done.id))
      yield* forget(true)
      for (const { id } of [done, reminder, code]) assert.isUndefined(yield* stateOf(id))
      assert.isFalse(yield* settle(flying, { state: "failed", detail: "no" }))
      for (const { id } of [waiting, others]) assert.isTrue((yield* stateOf(id))?.leased)
    })
  )

  it.effect("S-27: the queue of a code holds no code, only its challenge", () =>
    Effect.gen(function* () {
      yield* empty
      yield* queue(notice())
      const sql = yield* SqlClient.SqlClient
      const columns = yield* sql<{ readonly name: string }>`
        select column_name as name from information_schema.columns where table_name = 'outbox'`
      assert.isEmpty(columns.filter(({ name }) => /code|text|body|html|subject/.test(name)))
    })
  )
})

describe("backoff", () => {
  it("5 seconds doubling to 15 minutes, less up to half of it by chance", () => {
    assert.deepStrictEqual(
      [1, 2, 3, 8, 9, 1000].map((attempts) => backoffSeconds(attempts, 0)),
      [5, 10, 20, 640, 900, 900]
    )
    assert.strictEqual(backoffSeconds(1, 1), 2.5)
    assert.strictEqual(backoffSeconds(100, 1), 450)
  })
})
