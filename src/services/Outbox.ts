import { Clock, Context, Effect, Layer, Queue, Schema } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { randomUUID } from "node:crypto"
import { Channel } from "../domain/ids.ts"
import { Letter, type Message } from "../domain/letters.ts"
import { batch } from "./batch.ts"

const LetterJson = Schema.toCodecJson(Letter)
const encodeLetter = Schema.encodeSync(LetterJson)

/** How long a claim is ours. Whoever sends must be done, or have given up, well before. */
export const leaseSeconds = 60
/** At most so many messages on their way to one domain that is slow or fails. */
export const shareOfTheSlow = 2

const firstWait = 5
const longestWait = 900

/** How long after its nth failed attempt a message waits: 5 s doubling to 15 min, less up to half of it by chance. */
export const backoffSeconds = (attempts: number, chance: number): number =>
  Math.min(firstWait * 2 ** Math.min(attempts - 1, 30), longestWait) * (1 - chance / 2)

/** What a courier can take. */
export interface Asked {
  /** Free places. */
  readonly room: Readonly<Record<Channel, number>>
  /** Places that one domain may hold, those that it holds already included. */
  readonly share: Readonly<Record<Channel, number>>
  /** Messages on their way, by `laneOf`. */
  readonly busy: Readonly<Record<string, number>>
  /** Lanes that keep us waiting or fail. */
  readonly slow: ReadonlyArray<string>
}

/** A message that is ours to send while its lease lasts. */
export interface Claim {
  readonly message: Omit<Message, "notBefore">
  readonly queuedAt: Date
  readonly lease: string
  /** This attempt included. */
  readonly attempts: number
  /** On the local clock (milliseconds): not to be handed over from then on (I10). */
  readonly deadline: number
}

/** What became of a claim. */
export type Verdict =
  | { readonly state: "handed_over"; readonly detail: string }
  | { readonly state: "deferred"; readonly detail: string; readonly waitSeconds: number }
  | { readonly state: "failed"; readonly detail: string }
  | { readonly state: "obsolete" }
  /** Given back untried. */
  | { readonly state: "released" }

const Row = Schema.Struct({
  id: Schema.String,
  accountId: Schema.String,
  channel: Channel,
  address: Schema.String,
  letter: LetterJson,
  name: Schema.NullOr(Schema.String),
  locale: Schema.NullOr(Schema.String),
  timeZone: Schema.NullOr(Schema.String),
  challengeId: Schema.NullOr(Schema.String),
  queuedAt: Schema.Date,
  notAfter: Schema.Date,
  attempts: Schema.Int,
  remaining: Schema.Finite
})
const decodeRow = Schema.decodeUnknownEffect(Row)

/** Letters from the commit that caused them to the verdict of whoever took them (P5). Owner of table `outbox`. */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** Body of a CTE over `applied`: queues these in the transaction of their cause. */
    part(messages: ReadonlyArray<Message>): Statement.Fragment
    /** Queues letters that no step of an account causes; joins the transaction that it is called in. */
    queue(messages: ReadonlyArray<Message>): Effect.Effect<void, SqlError.SqlError>
    /** Scalar subselect: jsonb `{state, at, detail}` of the newest message of a challenge, or null. */
    deliveryOf(challengeId: Statement.Fragment): Statement.Fragment
    /** Says that something was committed. */
    readonly wake: Effect.Effect<void>
    /** Waits until somebody said so. */
    readonly woken: Effect.Effect<void>
    /** Body of a CTE over `applied`: deletes an account's letters but the notices that still wait. */
    forget(accountId: Statement.Fragment | string): Statement.Fragment
    /**
     * Leases as many messages that are due as there is room for: the domains take turns, each with its oldest. Notices
     * to one address of an account keep their order.
     */
    claim(asked: Asked): Effect.Effect<ReadonlyArray<Claim>, SqlError.SqlError>
    /** Begins the lease of a claim anew; `false` where it was lost and the row is no longer ours. */
    keep(claim: Claim): Effect.Effect<boolean, SqlError.SqlError>
    /** Records what became of a claim; `false` where its lease was lost. */
    settle(claim: Claim, verdict: Verdict): Effect.Effect<boolean, SqlError.SqlError>
    /** Ends the leases of a process that is gone, for one that holds the database alone: nobody waits for them to lapse. */
    readonly reclaim: Effect.Effect<void, SqlError.SqlError>
    /** Gives up some codes and letters whose time is over, at most `batch`; answers how many. The others still wait. */
    readonly dropStale: Effect.Effect<number, SqlError.SqlError>
    /** Deletes a batch of what was finished a week ago; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Outbox") {
  /** What has one share of the places: the domain of an address, or the number. */
  static readonly laneOf = (channel: Channel, address: string): string =>
    channel === "email" ? address.slice(address.lastIndexOf("@") + 1).toLowerCase() : address

  static readonly layer = Layer.effect(
    Outbox,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const signal = yield* Queue.sliding<void>(1)

      /** Given up once its time is over: it would hold up its lane for ever. */
      const unreadable = (id: string, lease: string) => sql`
        update outbox set state = 'failed', state_at = statement_timestamp(), lease = null, leased_until = null,
          detail = 'It could not be read'
        where id = ${id}::uuid and lease = ${lease}::uuid and not_after <= statement_timestamp()`

      /**
       * Whether `o` has to wait for an earlier notice to the same address: one that is due, or was deferred, but not a
       * reminder whose day is still to come. Codes neither wait nor are waited for: a fresh one is of use now only,
       * and whether an older one arrives matters to no other letter.
       */
      const isHeld = sql`o.letter ->> '_tag' <> 'code' and exists (
        select 1 from outbox e
        where e.account_id = o.account_id and e.channel = o.channel and e.address = o.address
          and e.position < o.position and e.letter ->> '_tag' <> 'code'
          and (e.state = 'deferred' or (e.state = 'queued' and e.not_before <= statement_timestamp()))
      )`

      const isDue = sql`o.state in ('queued', 'deferred') and o.not_before <= statement_timestamp()
        and (o.leased_until is null or o.leased_until <= statement_timestamp())`

      const claim = Effect.fn("Outbox.claim")(function* ({ room, share, busy, slow }: Asked) {
        const lease = randomUUID()
        const wanted = Channel.literals.map((channel) => ({ channel, room: room[channel], share: share[channel] }))
        // taken before the statement, so that a deadline is never later here than it is in the database
        const before = yield* Clock.currentTimeMillis
        // lane by lane: many letters to one domain must not keep those to another out of sight
        const rows = yield* sql<{ readonly id: string; readonly place: string }>`
          with wanted as (
            select * from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(channel text, room int, share int)
          ),
          known as (select ${JSON.stringify(busy)}::jsonb as busy, ${JSON.stringify(slow)}::jsonb as slow),
          lanes as (select distinct o.channel, o.lane from outbox o where ${isDue}),
          due as (
            select o.id, l.channel, o.not_before, o.position, w.room, places.flying + row_number() over (
                partition by l.channel, l.lane order by o.not_before, o.position
              ) as abreast
            from known, wanted w join lanes l on l.channel = w.channel
            cross join lateral (
              select coalesce((known.busy ->> l.lane)::int, 0) as flying,
                case when known.slow @> to_jsonb(l.lane) then ${shareOfTheSlow} else w.share end as share
            ) places
            cross join lateral (
              select o.id, o.not_before, o.position from outbox o
              where o.channel = l.channel and o.lane = l.lane and ${isDue} and not (${isHeld})
              order by o.not_before, o.position limit greatest(0, least(w.room, places.share - places.flying))
            ) o
          ),
          ranked as (
            select id, room, row_number() over (partition by channel order by abreast, not_before, position) as place
            from due
          ),
          locked as (
            select id from outbox
            where id in (select id from ranked where place <= room) and state in ('queued', 'deferred')
              and (leased_until is null or leased_until <= statement_timestamp())
            for update skip locked
          )
          update outbox o set lease = ${lease}::uuid, attempts = o.attempts + 1,
            leased_until = statement_timestamp() + make_interval(secs => ${leaseSeconds})
          from locked where o.id = locked.id
          returning o.position::text as place, o.id, o.account_id as "accountId", o.channel, o.address, o.letter, o.name,
            o.locale, o.time_zone as "timeZone", o.challenge_id as "challengeId", o.queued_at as "queuedAt",
            o.not_after as "notAfter", o.attempts,
            (extract(epoch from o.not_after - statement_timestamp()) * 1000)::float8 as remaining`
        const ordered = rows.toSorted((a, b) => Number(a.place) - Number(b.place))
        const claims = yield* Effect.forEach(ordered, (row) =>
          decodeRow(row).pipe(
            Effect.map(({ queuedAt, attempts, remaining, ...message }): ReadonlyArray<Claim> => [
              { message, queuedAt, attempts, lease, deadline: before + remaining }
            ]),
            // written by another version of Rekey, which will know it: here its lease lapses, or it is given up
            Effect.catchTag("SchemaError", () =>
              Effect.logError("A queued letter cannot be read").pipe(
                Effect.andThen(unreadable(row.id, lease)),
                Effect.as<ReadonlyArray<Claim>>([])
              )
            )
          )
        )
        return claims.flat()
      })

      const settled = (id: string, lease: string, changes: Statement.Fragment) =>
        Effect.map(
          sql`update outbox set lease = null, leased_until = null, ${changes}
            where id = ${id}::uuid and lease = ${lease}::uuid returning 1`,
          (rows) => rows.length === 1
        )

      const keep = Effect.fn("Outbox.keep")(({ message: { id }, lease }: Claim) =>
        Effect.map(
          sql`update outbox set leased_until = statement_timestamp() + make_interval(secs => ${leaseSeconds})
            where id = ${id}::uuid and lease = ${lease}::uuid returning 1`,
          (rows) => rows.length === 1
        )
      )

      const settle = Effect.fn("Outbox.settle")(({ message: { id }, lease }: Claim, verdict: Verdict) => {
        switch (verdict.state) {
          case "released":
            return settled(id, lease, sql`attempts = attempts - 1`)
          case "deferred":
            return settled(
              id,
              lease,
              sql`state = 'deferred', state_at = statement_timestamp(), detail = ${verdict.detail}, not_before =
                least(statement_timestamp() + make_interval(secs => ${verdict.waitSeconds}::float8), not_after)`
            )
          case "obsolete":
            return settled(
              id,
              lease,
              sql`state = 'obsolete', state_at = statement_timestamp(), detail = 'It was no longer needed'`
            )
          default:
            return settled(
              id,
              lease,
              sql`state = ${verdict.state}, state_at = statement_timestamp(), detail = ${verdict.detail}`
            )
        }
      })

      const part = (messages: ReadonlyArray<Message>) => sql`
          insert into outbox (id, account_id, channel, address, letter, name, locale, time_zone, challenge_id,
            not_before, not_after)
          select r.id, r."accountId", r.channel, r.address, r.letter, r.name, r.locale, r."timeZone", r."challengeId",
            r."notBefore", r."notAfter"
          from applied, jsonb_to_recordset(${JSON.stringify(
            messages.map((message, place) => ({ ...message, letter: encodeLetter(message.letter), place }))
          )}::jsonb) as r(place int, id uuid, "accountId" text, channel text, address text, letter jsonb, name text,
            locale text, "timeZone" text, "challengeId" uuid, "notBefore" timestamptz, "notAfter" timestamptz)
          order by r.place`
      const wake = Effect.asVoid(Queue.offer(signal, undefined))

      return Outbox.of({
        part,
        queue: Effect.fn("Outbox.queue")((messages) =>
          Effect.andThen(sql`with applied as (select 1), queued as (${part(messages)}) select from applied`, wake)
        ),
        deliveryOf: (challengeId) => sql`(
          select jsonb_build_object('state', case o.state when 'obsolete' then 'failed' else o.state end,
            'at', o.state_at, 'detail', o.detail)
          from outbox o where o.challenge_id = ${challengeId} order by o.position desc limit 1)`,
        // one on its way is gone, too: its verdict finds no row
        forget: (accountId) => sql`
          delete from outbox o using applied where o.account_id = ${accountId} and (
            o.state not in ('queued', 'deferred')
            or (o.state in ('queued', 'deferred') and o.letter ->> '_tag' in ('code', 'unfinished'))
          )`,
        wake,
        woken: Queue.take(signal),
        claim,
        keep,
        settle,
        reclaim: Effect.asVoid(sql`update outbox set lease = null, leased_until = null where lease is not null`),
        dropStale: Effect.map(
          sql<{ readonly count: number }>`
            with gone as (
              update outbox set state = 'obsolete', state_at = statement_timestamp(), lease = null, leased_until = null,
                detail = 'It was no longer needed'
              where id in (
                select id from outbox where state in ('queued', 'deferred')
                  and (letter ->> '_tag' = 'code' or not_after <= statement_timestamp()) limit ${batch}
              ) returning 1
            )
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        ),
        purge: Effect.map(
          sql<{ readonly count: number }>`
            with gone as (
              delete from outbox where id in (
                select id from outbox where state not in ('queued', 'deferred')
                  and state_at < statement_timestamp() - interval '7 days'
                order by state_at limit ${batch} for update skip locked
              ) returning 1
            )
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
