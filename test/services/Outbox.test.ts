import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { backoffSeconds, type Claim, Outbox } from "../../src/services/Outbox.ts"
import { TestDatabase } from "../kit/database.ts"
import { notice, queue, stateOf } from "./outboxKit.ts"

const everything = { room: { email: 50, sms: 50 }, busy: {} }
const claim = (
  asked: { readonly room: { email: number; sms: number }; readonly busy: Record<string, number> } = everything
) => Outbox.use((outbox) => outbox.claim(asked))
const ids = (claims: ReadonlyArray<Claim>) => claims.map(({ message }) => message.id)
const empty = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`delete from outbox`)
const settle = (claimed: Claim | undefined, verdict: Parameters<Outbox["Service"]["settle"]>[1]) =>
  claimed === undefined
    ? Effect.die(new Error("nothing was claimed"))
    : Outbox.use((outbox) => outbox.settle(claimed, verdict))
const lapse = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`update outbox set leased_until = statement_timestamp() - interval '1 second' where lease is not null`
)
/** Another person at another domain: another lane that shares nothing. */
const somebody = (name: string) => ({ accountId: name, address: `${name}@${name}.example` })

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

  it.effect("at most two on their way to one domain, those that fly already included", () =>
    Effect.gen(function* () {
      yield* empty
      const busy = ["a", "b", "c", "d"].map((name) => notice({ accountId: name, address: `${name}@Slow.example` }))
      const other = notice(somebody("quick"))
      yield* queue(...busy, other)
      assert.deepStrictEqual(ids(yield* claim({ ...everything, busy: { "slow.example": 1 } })), [busy[0]?.id, other.id])
      assert.deepStrictEqual(yield* claim({ ...everything, busy: { "slow.example": 2 } }), [])
      assert.deepStrictEqual(ids(yield* claim()), [busy[1]?.id, busy[2]?.id])
    })
  )

  it.effect("no more than there is room for, oldest first, each channel by itself", () =>
    Effect.gen(function* () {
      yield* empty
      const mails = ["a", "b", "c"].map((name) => notice(somebody(name)))
      const text = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(...mails, text)
      assert.deepStrictEqual(
        ids(yield* claim({ room: { email: 2, sms: 0 }, busy: {} })),
        mails.slice(0, 2).map(({ id }) => id)
      )
      assert.deepStrictEqual(ids(yield* claim({ room: { email: 0, sms: 4 }, busy: {} })), [text.id])
    })
  )

  it.effect("two couriers at once never hold the same message", () =>
    Effect.gen(function* () {
      yield* empty
      const messages = Array.from({ length: 30 }, (_, place) => notice(somebody(`x${place}`)))
      yield* queue(...messages)
      const rounds = yield* Effect.all(
        Array.from({ length: 6 }, () => claim({ room: { email: 10, sms: 0 }, busy: {} })),
        { concurrency: "unbounded" }
      )
      const claimed = rounds.flatMap(ids)
      assert.strictEqual(new Set(claimed).size, claimed.length)
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
