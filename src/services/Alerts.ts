import { Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import { type Alarm, Alert } from "../domain/cases.ts"
import type { AccountId } from "../domain/ids.ts"
import { batch } from "./batch.ts"

/** An alert with the id that its one message is known by. */
export interface Raised {
  readonly id: string
  readonly alert: Alert
  /** Raised for the first time within twelve hours. */
  readonly isNew: boolean
}

/** How many of the accounts that an alarm concerned are named. */
const named = 5

/** Within so many seconds a node that meets an outage says so again. */
const metAgain = 60

const decodeAlert = Schema.decodeUnknownEffect(Schema.toCodecJson(Alert))

/** What the operator's people are called for, grouped: the same alarm is the same row with a counter. Owner of table `alerts`. */
export class Alerts extends Context.Service<
  Alerts,
  {
    /** Raises an alarm, about an account where it is about one. */
    raise(alarm: Alarm, accountId?: AccountId): Effect.Effect<Raised, SqlError.SqlError>
    /** Says that an outage is on: begins it, goes on with one that was over a while ago; none where it is known. */
    begin(alarm: Alarm): Effect.Effect<Option.Option<Raised>, SqlError.SqlError>
    /** Ends an outage; none where there was none, or where another node has met it within the last minute. */
    end(alarm: Alarm): Effect.Effect<Option.Option<Raised>, SqlError.SqlError>
    /** Deletes some of three months ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Alerts") {
  static readonly layer = Layer.effect(
    Alerts,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const json = sql`jsonb_build_object('alarm', alarm, 'count', count, 'accounts', accounts, 'since', since, 'at', at,
        'overAt', over_at)`
      interface Row {
        readonly id: string
        readonly row: unknown
        readonly isNew: boolean
      }
      const read = ({ id, row, isNew }: Row) =>
        Effect.map(Effect.orDie(decodeAlert(row)), (alert): Raised => ({ id, alert, isNew }))
      const first = ([row]: ReadonlyArray<Row>) => (row === undefined ? Effect.succeedNone : Effect.asSome(read(row)))
      /** One after the other, so that two nodes do not make two alerts of one alarm. */
      const alone = <A, E, R>(alarm: Alarm, work: Effect.Effect<A, E, R>) =>
        sql.withTransaction(
          Effect.andThen(sql`select pg_advisory_xact_lock(hashtextextended(${`alarm ${alarm}`}, 0))`, work)
        )
      const insert = (alarm: Alarm, accounts: ReadonlyArray<AccountId>) => sql<Row>`
        insert into alerts (id, alarm, accounts) values (${randomUUID()}::uuid, ${alarm}, ${JSON.stringify(accounts)}::jsonb)
        returning id, ${json} as row, true as "isNew"`

      const raise = Effect.fn("Alerts.raise")((alarm: Alarm, accountId?: AccountId) => {
        const about = accountId === undefined ? [] : [accountId]
        return alone(
          alarm,
          Effect.gen(function* () {
            const again = yield* sql<Row>`
              update alerts set count = count + 1, at = statement_timestamp(), accounts = (
                  select coalesce(jsonb_agg(a.name order by a.place), '[]') from (
                    select name, min(place) as place
                    from jsonb_array_elements_text(${JSON.stringify(about)}::jsonb || accounts) with ordinality as e(name, place)
                    group by name order by min(place) limit ${named}
                  ) a)
              where id = (select id from alerts where alarm = ${alarm} and over_at is null
                and at > statement_timestamp() - interval '12 hours' order by at desc limit 1)
              returning id, ${json} as row, false as "isNew"`
            const [row] = again.length > 0 ? again : yield* insert(alarm, about)
            return yield* row === undefined ? Effect.die(new Error("An alert was not written")) : read(row)
          })
        )
      })

      return Alerts.of({
        raise,
        begin: Effect.fn("Alerts.begin")((alarm: Alarm) =>
          alone(
            alarm,
            Effect.gen(function* () {
              const known = yield* sql`update alerts set at = statement_timestamp()
                where alarm = ${alarm} and over_at is null returning 1`
              if (known.length > 0) return Option.none<Raised>()
              const again = yield* sql<Row>`
                update alerts set count = count + 1, over_at = null, at = statement_timestamp()
                where id = (select id from alerts where alarm = ${alarm}
                  and at > statement_timestamp() - interval '12 hours' order by at desc limit 1)
                returning id, ${json} as row, false as "isNew"`
              return yield* first(again.length > 0 ? again : yield* insert(alarm, []))
            })
          )
        ),
        end: Effect.fn("Alerts.end")((alarm: Alarm) =>
          Effect.flatMap(
            sql<Row>`update alerts set over_at = statement_timestamp()
              where alarm = ${alarm} and over_at is null and at < statement_timestamp() - make_interval(secs => ${metAgain})
              returning id, ${json} as row, false as "isNew"`,
            first
          )
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from alerts where id in (
                select id from alerts where at < statement_timestamp() - interval '90 days'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
