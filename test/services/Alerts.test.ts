import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { lookForOutages } from "../../src/account/watchOutages.ts"
import type { Alarm } from "../../src/domain/cases.ts"
import { AccountId } from "../../src/domain/ids.ts"
import { Alerts } from "../../src/services/Alerts.ts"
import { Health } from "../../src/services/Health.ts"
import { SlackStatus } from "../../src/services/SlackStatus.ts"
import { rekey } from "../kit/core.ts"
import { eventually } from "../kit/process.ts"
import { aMailServer } from "../kit/smtp.ts"
import { mailerAt } from "./mailerKit.ts"

const accounts = (...names: ReadonlyArray<string>) => names.map((name) => AccountId.make(name))
const raise = (alarm: Alarm, name?: string) =>
  Alerts.use((alerts) => alerts.raise(alarm, name === undefined ? undefined : AccountId.make(name)))
const begin = (alarm: Alarm) => Alerts.use((alerts) => alerts.begin(alarm))
const end = (alarm: Alarm) => Alerts.use((alerts) => alerts.end(alarm))

/** A table that no other test has written to. */
const none = SqlClient.SqlClient.use((sql) => sql`delete from alerts`)
const earlier = (time: string) =>
  SqlClient.SqlClient.use(
    (sql) => sql`update alerts set at = at - ${time}::interval, since = since - ${time}::interval`
  )

layer(rekey({ SUPPORT_EMAIL: "desk@harbor.example" }), { excludeTestServices: true })("alerts", (it) => {
  it.effect("the same alarm is the same alert with a counter, another one is another", () =>
    Effect.gen(function* () {
      yield* none
      const first = yield* raise("delivery", "alex")
      assert.deepInclude(first.alert, { alarm: "delivery", count: 1, accounts: accounts("alex"), overAt: null })
      assert.isTrue(first.isNew)
      const second = yield* raise("delivery", "robin")
      assert.deepInclude(second, { id: first.id, isNew: false })
      assert.deepInclude(second.alert, { count: 2, accounts: accounts("robin", "alex"), since: first.alert.since })
      const other = yield* raise("lock-out", "alex")
      assert.isTrue(other.isNew)
      assert.notStrictEqual(other.id, first.id)
    })
  )

  it.effect("raised by many at once it is one alert, and each is counted", () =>
    Effect.gen(function* () {
      yield* none
      const all = yield* Effect.all(
        Array.from({ length: 20 }, (_, place) => raise("lock-out", `customer-${place}`)),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        all.filter(({ isNew }) => isNew),
        1
      )
      assert.strictEqual(new Set(all.map(({ id }) => id)).size, 1)
      assert.deepStrictEqual(
        all.map(({ alert }) => alert.count).toSorted((one, other) => one - other),
        Array.from({ length: 20 }, (_, place) => place + 1)
      )
    })
  )

  it.effect("it names the last few accounts, newest first, each once", () =>
    Effect.gen(function* () {
      yield* none
      for (const name of ["a", "b", "c", "d", "e", "f", "d"]) yield* raise("delivery", name)
      const { alert } = yield* raise("delivery")
      assert.strictEqual(alert.count, 8)
      assert.deepStrictEqual<ReadonlyArray<string>>(alert.accounts, ["d", "f", "e", "c", "b"])
    })
  )

  it.effect("after twelve quiet hours the same alarm is a new alert", () =>
    Effect.gen(function* () {
      yield* none
      const first = yield* raise("delivery", "alex")
      yield* earlier("11 hours 59 minutes")
      assert.strictEqual((yield* raise("delivery", "alex")).id, first.id)
      yield* earlier("12 hours 1 minute")
      const next = yield* raise("delivery", "robin")
      assert.isTrue(next.isNew)
      assert.deepInclude(next.alert, { count: 1, accounts: accounts("robin") })
    })
  )

  /** A minute in which no node has met the outage any more. */
  const notMetAgain = SqlClient.SqlClient.use((sql) => sql`update alerts set at = at - interval '61 seconds'`)

  it.effect(
    "an outage begins once and ends once no node has met it for a minute; soon again it is the same alert",
    () =>
      Effect.gen(function* () {
        yield* none
        assert.isTrue(Option.isNone(yield* end("outage-mail")))
        const both = yield* Effect.all([begin("outage-mail"), begin("outage-mail")], { concurrency: 2 })
        const [first] = both.flatMap((one) => Option.toArray(one))
        assert.lengthOf(
          both.filter((one) => Option.isSome(one)),
          1
        )
        assert.isTrue(Option.isNone(yield* begin("outage-mail")))
        assert.isTrue(Option.isNone(yield* end("outage-mail")), "another node has just met it")
        yield* notMetAgain
        const over = Option.getOrThrow(yield* end("outage-mail"))
        assert.strictEqual(over.id, first?.id)
        assert.isNotNull(over.alert.overAt)
        assert.isFalse(over.isNew)
        assert.isTrue(Option.isNone(yield* end("outage-mail")))
        const next = Option.getOrThrow(yield* begin("outage-mail"))
        assert.strictEqual(next.id, first?.id)
        assert.isFalse(next.isNew)
        assert.deepInclude(next.alert, { count: 2, overAt: null })
        yield* notMetAgain
        yield* end("outage-mail")
        yield* earlier("13 hours")
        assert.isTrue(Option.getOrThrow(yield* begin("outage-mail")).isNew)
      })
  )

  it.effect("what was last raised three months ago is deleted, what is newer stays", () =>
    Effect.gen(function* () {
      yield* none
      yield* raise("delivery", "old")
      yield* earlier("91 days")
      const kept = yield* raise("lock-out", "newer")
      yield* SqlClient.SqlClient.use(
        (sql) => sql`update alerts set at = at - interval '89 days' where id = ${kept.id}::uuid`
      )
      // the sweep of the process may have been faster
      yield* Alerts.use(({ purge }) => purge)
      const left = yield* SqlClient.SqlClient.use((sql) => sql<{ id: string }>`select id from alerts`)
      assert.deepStrictEqual(left, [{ id: kept.id }])
    })
  )

  it.effect("P5: a mail server that is away at two looks in a row is one alert, which ends when it is back", () =>
    Effect.gen(function* () {
      yield* none
      const sql = yield* SqlClient.SqlClient
      const server = yield* aMailServer()
      const health = yield* Layer.build(Health.layer).pipe(Effect.provideContext(yield* mailerAt(server.url)))
      const look = (before: ReadonlySet<Alarm>) => lookForOutages(before).pipe(Effect.provideContext(health))
      const mailIs = (wanted: string) =>
        eventually(
          Effect.map(Health.use(({ report }) => report).pipe(Effect.provideContext(health)), ({ dependencies }) =>
            dependencies.mail === wanted ? true : undefined
          ),
          `a mail server that is ${wanted}`
        )
      const alerts = sql<{ count: number; over: boolean }>`select count, over_at is not null as over from alerts`
      const mails = Effect.map(
        sql<{ letter: { alert: { alarm: string; overAt: string | null } } }>`
          select letter from outbox where address = 'desk@harbor.example' and letter ->> '_tag' = 'alert' order by position`,
        (rows) => rows.map(({ letter }) => `${letter.alert.alarm}${letter.alert.overAt === null ? "" : " over"}`)
      )

      assert.strictEqual((yield* look(new Set())).size, 0)
      yield* server.stop
      yield* mailIs("degraded")
      const seenOnce = yield* look(new Set())
      assert.deepStrictEqual([...seenOnce], ["outage-mail"])
      assert.deepStrictEqual(yield* alerts, [])
      let before: ReadonlySet<Alarm> = seenOnce
      for (const _ of [1, 2, 3]) before = yield* look(before)
      assert.deepStrictEqual(yield* alerts, [{ count: 1, over: false }])

      yield* server.start
      yield* mailIs("ok")
      yield* notMetAgain
      assert.strictEqual((yield* look(before)).size, 0)
      yield* look(new Set())
      assert.deepStrictEqual(yield* alerts, [{ count: 1, over: true }])
      assert.deepStrictEqual(yield* mails, ["outage-mail"])
    }).pipe(Effect.scoped)
  )

  it.effect("while Slack is away support has a mail of it, at its begin and at its end", () =>
    Effect.gen(function* () {
      yield* none
      const sql = yield* SqlClient.SqlClient
      const status = yield* SlackStatus
      const server = yield* aMailServer()
      const context = yield* mailerAt(server.url)
      const look = (before: ReadonlySet<Alarm>) =>
        Effect.gen(function* () {
          // the report is a second old at most: each look has its own
          const health = yield* Layer.build(Layer.fresh(Health.layer)).pipe(Effect.provideContext(context))
          return yield* lookForOutages(before).pipe(Effect.provideContext(health))
        })
      yield* sql`delete from outbox where letter ->> '_tag' = 'alert'`
      yield* status.note("degraded")
      yield* look(yield* look(new Set()))
      yield* status.note("ok")
      yield* notMetAgain
      yield* look(new Set())
      const mails = yield* sql<{ over: boolean }>`
        select letter -> 'alert' ->> 'overAt' is not null as over from outbox
        where letter -> 'alert' ->> 'alarm' = 'outage-slack' order by position`
      assert.deepStrictEqual(
        mails.map(({ over }) => over),
        [false, true]
      )
    }).pipe(Effect.scoped)
  )
})
