import { Context, Effect, Layer, Option, Queue, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { AccountId } from "../domain/ids.ts"
import { SlackMessage } from "../domain/slackMessages.ts"
import { batch } from "./batch.ts"

/** How long a claim is ours. */
export const slackLeaseSeconds = 45
/** One message a second a channel, as Slack wants it; a little more, since requests overtake each other. */
export const paceSeconds = 1.1

/** A message that failed so often no longer holds up those behind it. */
const patienceOfOthers = 8

const hour = 3600

/** A message as it is wanted: what it is about, for whom, and what it says. */
export interface Wanted {
  /** One visible message a subject: a second one with the same subject edits it. */
  readonly subject: string
  /** A channel, or a user for their direct messages. */
  readonly recipient: string
  readonly message: SlackMessage
  readonly accountId?: AccountId | undefined
  readonly locale?: string | null | undefined
  readonly timeZone?: string | null | undefined
  /** The subject of the message in whose thread it stands. */
  readonly threadOf?: string | undefined
  /** Of no use any more after so long; a day where it is left out. */
  readonly lifeSeconds?: number | undefined
}

/** Where a message is. */
export interface Place {
  readonly channel: string
  readonly ts: string
}

/** A message that is ours to write while its lease lasts. */
export interface SlackClaim {
  readonly id: string
  readonly recipient: string
  readonly message: SlackMessage
  readonly locale: string | null
  readonly timeZone: string | null
  readonly version: number
  /** Where it is, if it is there: it is edited then. */
  readonly place: Place | undefined
  /** Where its thread begins; `missing` while that is not there yet, `gone` where it never will be. */
  readonly thread: Place | "missing" | "gone" | undefined
  /** Since when it may be there, because the answer to an earlier try was lost. */
  readonly inDoubtSince: Date | undefined
  readonly attempts: number
  readonly lease: string
}

/** What became of a claim. `sure`: it is certain that nothing was posted. */
export type SlackVerdict =
  | { readonly state: "written"; readonly place: Place }
  | { readonly state: "deferred"; readonly detail: string; readonly waitSeconds: number; readonly sure: boolean }
  | { readonly state: "failed"; readonly detail: string }
  /** What was to be edited is gone: it is posted anew. */
  | { readonly state: "gone" }

const MessageJson = Schema.toCodecJson(SlackMessage)
const encode = Schema.encodeSync(MessageJson)
const decode = Schema.decodeUnknownEffect(MessageJson)

interface Row {
  readonly id: string
  readonly recipient: string
  readonly message: unknown
  readonly locale: string | null
  readonly timeZone: string | null
  readonly version: number
  readonly channel: string | null
  readonly ts: string | null
  readonly threadOf: string | null
  readonly threadChannel: string | null
  readonly threadTs: string | null
  readonly threadComes: boolean
  readonly inDoubtSince: Date | null
  readonly attempts: number
}

const placeOf = (channel: string | null, ts: string | null): Place | undefined =>
  channel === null || ts === null ? undefined : { channel, ts }

const threadIn = ({ threadOf: subject, threadChannel, threadTs, threadComes }: Row): SlackClaim["thread"] =>
  subject === null ? undefined : (placeOf(threadChannel, threadTs) ?? (threadComes ? "missing" : "gone"))

/**
 * What the bot writes into channels and direct messages: one row a visible message, until its newest version is there.
 * At least once, and never twice visible. Owner of tables `slack_messages` and `slack_lanes`.
 */
export class SlackOutbox extends Context.Service<
  SlackOutbox,
  {
    /** Wants a message written, or the one of that subject edited; joins the transaction of its cause. */
    put(wanted: Wanted): Effect.Effect<void, SqlError.SqlError>
    /** Gives up what was not written yet of a subject. */
    drop(subject: string): Effect.Effect<void, SqlError.SqlError>
    /** Gives up whatever was not written yet about an account: to one person who no longer sees it, or to anybody. */
    forget(accountId: AccountId, recipient?: string): Effect.Effect<void, SqlError.SqlError>
    /** What has been wanted of an account and is shown somewhere, oldest first. */
    written(accountId: AccountId): Effect.Effect<ReadonlyArray<Wanted>, SqlError.SqlError>
    /** The facts of the newest message of a kind about an account within a week, with its subject. */
    newest(
      tag: SlackMessage["_tag"],
      accountId: AccountId
    ): Effect.Effect<Option.Option<{ readonly subject: string; readonly message: SlackMessage }>, SqlError.SqlError>
    /** The direct messages of a user, as far as they are known. */
    directMessagesOf(user: string): Effect.Effect<Option.Option<string>, SqlError.SqlError>
    /** Whether a message of a kind was wanted for somebody within so many seconds, about that account. */
    wantedLately(
      asked: { readonly tag: SlackMessage["_tag"]; readonly accountId: AccountId; readonly recipient: string },
      seconds: number
    ): Effect.Effect<boolean, SqlError.SqlError>
    /** Says that something was wanted. */
    readonly wake: Effect.Effect<void>
    /** Waits until somebody said so. */
    readonly woken: Effect.Effect<void>
    /** Leases at most so many that are due: one a recipient, each recipient once a second. */
    claim(most: number): Effect.Effect<ReadonlyArray<SlackClaim>, SqlError.SqlError>
    /** Records what became of a claim; `false` where its lease was lost. */
    settle(claim: SlackClaim, verdict: SlackVerdict): Effect.Effect<boolean, SqlError.SqlError>
    /** Ends the leases of a process that is gone, for one that holds the database alone. */
    readonly reclaim: Effect.Effect<void, SqlError.SqlError>
    /** Deletes some of a month ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/SlackOutbox") {
  static readonly layer = Layer.effect(
    SlackOutbox,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const signal = yield* Queue.sliding<void>(1)
      const wake = Effect.asVoid(Queue.offer(signal, undefined))

      const put = Effect.fn("SlackOutbox.put")(function* (wanted: Wanted) {
        const { subject, recipient, threadOf = null, accountId = null, locale = null, timeZone = null } = wanted
        const lives = sql`statement_timestamp() + make_interval(secs => ${wanted.lifeSeconds ?? 24 * hour})`
        const message = JSON.stringify(encode(wanted.message))
        yield* sql`
          insert into slack_messages as m (id, subject, recipient, thread_of, account_id, message, locale, time_zone, not_after)
          values (${randomUUID()}::uuid, ${subject}, ${recipient}, ${threadOf}, ${accountId}, ${message}::jsonb, ${locale},
            ${timeZone}, ${lives})
          on conflict (subject) do update set message = excluded.message, version = m.version + 1, state = 'queued',
            not_before = case when m.state = 'queued' then m.not_before else statement_timestamp() end,
            queued_at = statement_timestamp(), not_after = excluded.not_after, attempts = case when m.state = 'queued' then m.attempts else 0 end
          where m.message <> excluded.message`
        yield* wake
      })

      const claim = Effect.fn("SlackOutbox.claim")(function* (most: number) {
        const lease = randomUUID()
        const rows = yield* sql<Row>`
          with first as (
            select distinct on (m.recipient) m.id, m.recipient, m.not_before, m.message ->> '_tag' = 'number' as urgent
            from slack_messages m
            where m.state = 'queued' and m.not_after > statement_timestamp()
              and (m.thread_of is null or exists (select from slack_messages r
                where r.subject = m.thread_of and (r.ts is not null or r.state = 'failed')))
            order by m.recipient, m.message ->> '_tag' = 'number' desc, m.attempts > ${patienceOfOthers}, m.position
          ),
          due as (
            select f.id, f.recipient from first f
            where f.not_before <= statement_timestamp()
              and not exists (select from slack_messages o
                where o.recipient = f.recipient and o.state = 'queued' and o.leased_until > statement_timestamp())
              and not exists (select from slack_lanes l
                where l.recipient = f.recipient and l.free_at > statement_timestamp())
            order by f.urgent desc, f.not_before
          ),
          picked as (select id, recipient from due limit ${most}),
          locked as (
            select id, recipient, in_doubt_since from slack_messages where id in (select id from picked)
              and state = 'queued' and (leased_until is null or leased_until <= statement_timestamp())
            for update skip locked
          ),
          paced as (
            insert into slack_lanes as l (recipient, free_at)
            select recipient, statement_timestamp() + make_interval(secs => ${paceSeconds}) from locked
            on conflict (recipient) do update set free_at = excluded.free_at where l.free_at <= statement_timestamp()
            returning recipient
          )
          update slack_messages m set lease = ${lease}::uuid, attempts = m.attempts + 1,
            leased_until = statement_timestamp() + make_interval(secs => ${slackLeaseSeconds}),
            in_doubt_since = case when m.ts is null then coalesce(m.in_doubt_since, statement_timestamp()) end
          from locked
          where m.id = locked.id and locked.recipient in (select recipient from paced)
          returning m.id, m.recipient, m.message, m.locale, m.time_zone as "timeZone", m.version, m.channel, m.ts,
            m.thread_of as "threadOf",
            (select o.channel from slack_messages o where o.subject = m.thread_of) as "threadChannel",
            (select o.ts from slack_messages o where o.subject = m.thread_of) as "threadTs",
            not exists (select from slack_messages o where o.subject = m.thread_of and o.state = 'failed') as "threadComes",
            locked.in_doubt_since as "inDoubtSince", m.attempts`
        const claims = yield* Effect.forEach(rows, (row) =>
          decode(row.message).pipe(
            Effect.map((message): ReadonlyArray<SlackClaim> => [
              {
                id: row.id,
                recipient: row.recipient,
                message,
                locale: row.locale,
                timeZone: row.timeZone,
                version: row.version,
                place: placeOf(row.channel, row.ts),
                thread: threadIn(row),
                inDoubtSince: row.inDoubtSince ?? undefined,
                attempts: row.attempts,
                lease
              }
            ]),
            // written by another version of Rekey, which will know it
            Effect.catchTag("SchemaError", () =>
              Effect.as(Effect.logError("A message for Slack cannot be read", { id: row.id }), [])
            )
          )
        )
        return claims.flat()
      })

      const settle = Effect.fn("SlackOutbox.settle")(function* (
        { id, lease, recipient, version }: SlackClaim,
        verdict: SlackVerdict
      ) {
        const free = (seconds: number) => sql`
          insert into slack_lanes as l (recipient, free_at)
          select ${recipient}, statement_timestamp() + make_interval(secs => ${seconds}::float8)
          on conflict (recipient) do update set free_at = greatest(l.free_at, excluded.free_at)`
        const ours = sql`where id = ${id}::uuid and lease = ${lease}::uuid`
        const changes =
          verdict.state === "written"
            ? sql`channel = ${verdict.place.channel}, ts = ${verdict.place.ts}, written = ${version}, in_doubt_since = null,
                attempts = 0, detail = null, state = case when version = ${version} then 'written' else 'queued' end`
            : verdict.state === "failed"
              ? sql`state = 'failed', detail = ${verdict.detail}`
              : verdict.state === "gone"
                ? sql`written = 0, channel = null, ts = null, in_doubt_since = null`
                : sql`detail = ${verdict.detail},
                  in_doubt_since = case when ${verdict.sure} then null else in_doubt_since end,
                  state = case when not_after <= statement_timestamp() then 'failed' else 'queued' end,
                  not_before = statement_timestamp() + make_interval(secs => ${verdict.waitSeconds}::float8)`
        // the pace counts from the answer: the next request may be faster on its way than this one was
        const [row] = yield* sql<{ settled: number }>`
          with freed as (${free(verdict.state === "deferred" ? Math.max(paceSeconds, verdict.waitSeconds) : paceSeconds)}),
          settled as (update slack_messages set lease = null, leased_until = null, ${changes} ${ours} returning 1)
          select count(*)::int as settled from settled`
        return row?.settled === 1
      })

      return SlackOutbox.of({
        put,
        drop: Effect.fn("SlackOutbox.drop")((subject: string) =>
          Effect.asVoid(
            sql`update slack_messages set state = 'failed', lease = null, leased_until = null,
              detail = 'It was no longer needed' where subject = ${subject} and state = 'queued'`
          )
        ),
        forget: Effect.fn("SlackOutbox.forget")((accountId: AccountId, recipient?: string) =>
          Effect.asVoid(
            sql`update slack_messages set state = 'failed', lease = null, leased_until = null,
              detail = 'It was no longer needed' where account_id = ${accountId} and state = 'queued'
              and (${recipient ?? null}::text is null or recipient = ${recipient ?? null})`
          )
        ),
        written: Effect.fn("SlackOutbox.written")((accountId: AccountId) =>
          Effect.flatMap(
            sql<{
              readonly subject: string
              readonly recipient: string
              readonly message: unknown
              readonly locale: string | null
              readonly timeZone: string | null
            }>`select subject, recipient, message, locale, time_zone as "timeZone" from slack_messages
              where account_id = ${accountId} and ts is not null order by position`,
            Effect.forEach(({ message, ...row }) =>
              Effect.map(Effect.orDie(decode(message)), (facts): Wanted => ({ ...row, message: facts, accountId }))
            )
          )
        ),
        newest: Effect.fn("SlackOutbox.newest")(function* (tag, accountId) {
          const [row] = yield* sql<{ subject: string; message: unknown }>`
            select subject, message from slack_messages
            where account_id = ${accountId} and message ->> '_tag' = ${tag}
              and queued_at > statement_timestamp() - interval '7 days' order by position desc limit 1`
          if (row === undefined) return Option.none()
          return Option.some({ subject: row.subject, message: yield* Effect.orDie(decode(row.message)) })
        }),
        directMessagesOf: Effect.fn("SlackOutbox.directMessagesOf")((user: string) =>
          Effect.map(
            sql<{ channel: string }>`select channel from slack_messages
              where recipient = ${user} and channel is not null order by position desc limit 1`,
            ([row]) => Option.fromNullishOr(row?.channel)
          )
        ),
        wantedLately: Effect.fn("SlackOutbox.wantedLately")(({ tag, accountId, recipient }, seconds: number) =>
          Effect.map(
            sql`select from slack_messages where account_id = ${accountId} and recipient = ${recipient}
              and message ->> '_tag' = ${tag}
              and queued_at > statement_timestamp() - make_interval(secs => ${seconds}) limit 1`,
            (rows) => rows.length > 0
          )
        ),
        wake,
        woken: Queue.take(signal),
        claim,
        settle,
        reclaim: Effect.asVoid(
          sql`update slack_messages set lease = null, leased_until = null where lease is not null`
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from slack_messages where id in (
                select id from slack_messages where (state <> 'queued' or not_after < statement_timestamp())
                  and queued_at < statement_timestamp() - case message ->> '_tag' when 'case' then interval '400 days' else interval '30 days' end
                limit ${batch} for update skip locked) returning 1
            ),
            idle as (delete from slack_lanes where free_at < statement_timestamp() - interval '1 day')
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
