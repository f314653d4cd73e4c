import { Context, Effect, Layer, Option, Result, Schema } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { Event, type EventDraft } from "../domain/TwoFactor.ts"
import { type Chained, type ChainFault, chained, type Head, type Walked, walked } from "./auditChain.ts"
import { batch } from "./batch.ts"
import { KeyRing, KeyUnknown } from "./KeyRing.ts"

export { type ChainFault, emptyHead, type Head, type Walked } from "./auditChain.ts"

const NullableRow = Schema.Record(Schema.String, Schema.Unknown)
const decodeEvent = Schema.decodeUnknownEffect(Schema.toCodecJson(Event))
const present = (row: typeof NullableRow.Type): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (value === null) return []
      return [[name, name === "client" ? present(value as typeof NullableRow.Type) : value]]
    })
  )
/** Nothing for a row that a newer release wrote and this one cannot read: it must not stop the others. */
const readEvents = Effect.forEach((row: { readonly event: typeof NullableRow.Type }) =>
  decodeEvent(present(row.event)).pipe(
    Effect.asSome,
    Effect.catchCause(() =>
      Effect.as(Effect.logError("An audit event cannot be read", { event: row.event["id"] }), Option.none())
    )
  )
)
const readable = (rows: ReadonlyArray<{ readonly event: typeof NullableRow.Type }>) =>
  Effect.map(readEvents(rows), (events) => events.flatMap(Option.toArray))

const feedCursor = /^(\d{1,9})-(\d{1,20})-(\d{1,19})$/
const pageCursor = /^\d{1,19}$/

const startingEra = (sql: SqlClient.SqlClient, era: number) =>
  sql.unsafe(`alter table audit_events alter column era set default ${era}`)

/**
 * Transaction ids order the feed, and a dump that is restored elsewhere brings rows with higher ones than the new
 * server's: a new era then sorts behind them.
 */
const currentEra = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [row] = yield* sql<{ era: number; over: boolean; readOnly: boolean }>`
    select coalesce(max(era), 0) as era,
      coalesce(bool_or(transaction >= pg_snapshot_xmax(pg_current_snapshot())), false) as over,
      current_setting('transaction_read_only') = 'on' as "readOnly"
    from audit_events where era = (select max(era) from audit_events)`
  const era = (row?.era ?? 0) + (row?.over === true ? 1 : 0)
  if (row?.over === true && !row.readOnly) {
    yield* startingEra(sql, era)
    yield* Effect.logInfo("The database came from another server; the event feed goes on in a new era", { era })
  }
  return era
})

/** Who did what, to which account, with which outcome: append-only, chained per account, and the portal's feed (S-79). */
export class AuditTrail extends Context.Service<
  AuditTrail,
  {
    /** Scalar subselect: jsonb {sequence, mac} of an account's newest row, or null. */
    headOf(accountId: Statement.Fragment): Statement.Fragment
    /** Body of a CTE over `applied`: appends these to the chain whose head was read. */
    append(accountId: string, head: Head, at: Date, drafts: ReadonlyArray<EventDraft>): Statement.Fragment
    /** Events of one account, newest first, older than `before`; `next` is null at the end. An unknown cursor is at the end. */
    ofAccount(
      accountId: string,
      page: { readonly before?: string | undefined; readonly limit: number }
    ): Effect.Effect<{ readonly events: ReadonlyArray<Event>; readonly next: string | null }, SqlError.SqlError>
    /** Events of all accounts in commit order after `after`; never skips one. */
    feed(page: {
      readonly after?: string | undefined
      readonly limit: number
    }): Effect.Effect<{ readonly events: ReadonlyArray<Event>; readonly next: string }, SqlError.SqlError>
    /** Where the feed ends now: `after` for whoever follows from here on. */
    readonly end: Effect.Effect<string, SqlError.SqlError>
    /** Scalar subselect: jsonb {epoch, type, reason} of an account's newest row, or null. */
    newestOf(accountId: Statement.Fragment): Statement.Fragment
    /** Whatever is written from now on sorts behind all that a follower can have seen, also of what a back-up has not. */
    readonly beginEra: Effect.Effect<void, SqlError.SqlError>
    /** Some accounts that have a chain, also those that were deleted, in the order of their ids; none at the end. */
    chainsAfter(accountId: string): Effect.Effect<ReadonlyArray<string>, SqlError.SqlError>
    /** Walks an account's chain and proves each row; rows whose key has left the ring are counted apart. */
    walk(accountId: string): Effect.Effect<Walked, SqlError.SqlError>
    /** Walks an account's chain; succeeds with its length or the first fault. */
    verify(accountId: string): Effect.Effect<Result.Result<number, ChainFault>, SqlError.SqlError | KeyUnknown>
  }
>()("rekey/AuditTrail") {
  static readonly layer = Layer.effect(
    AuditTrail,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const keys = yield* KeyRing

      const era = yield* currentEra(sql)
      const event = sql`jsonb_build_object('id', id, 'type', type, 'at', at, 'accountId', account_id, 'epoch', epoch,
        'actor', actor, 'method', method, 'purpose', purpose, 'outcome', outcome, 'reason', reason, 'client', client,
        'reference', reference)`

      const append = (accountId: string, head: Head, at: Date, drafts: ReadonlyArray<EventDraft>) => {
        const rows = chained(keys.current("audit"), accountId, head, at, drafts)
        return sql`
          insert into audit_events (id, account_id, sequence, at, epoch, type, actor, outcome, method, purpose, reason,
            client, reference, key_id, former, mac)
          select r.id, r.account_id, r.sequence, r.at, r.epoch, r.type, r.actor, r.outcome, r.method, r.purpose, r.reason,
            r.client, r.reference, r.key_id, decode(r.former, 'hex'), decode(r.mac, 'hex')
          from applied, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, account_id text, sequence bigint,
            at timestamptz, epoch bigint, type text, actor text, outcome text, method text, purpose text, reason text,
            client jsonb, reference text, key_id text, former text, mac text)
          order by r.sequence`
      }

      const ofAccount = Effect.fn("AuditTrail.ofAccount")(function* (
        accountId: string,
        page: { readonly before?: string | undefined; readonly limit: number }
      ) {
        const before = page.before !== undefined && pageCursor.test(page.before) ? page.before : null
        const rows = yield* sql<{ sequence: string; event: typeof NullableRow.Type }>`
          select sequence::text as sequence, ${event} as event from audit_events
          where account_id = ${accountId} and (${before}::bigint is null or sequence < ${before}::bigint)
          order by audit_events.sequence desc limit ${page.limit + 1}`
        const shown = rows.slice(0, page.limit)
        return {
          events: yield* readable(shown),
          next: rows.length > page.limit ? (shown.at(-1)?.sequence ?? null) : null
        }
      })

      const feed = Effect.fn("AuditTrail.feed")(function* (page: {
        readonly after?: string | undefined
        readonly limit: number
      }) {
        const [, past, transaction, position] = feedCursor.exec(page.after ?? "") ?? [undefined, "0", "0", "0"]
        const rows = yield* sql<{ cursor: string; event: typeof NullableRow.Type }>`
          select era || '-' || transaction || '-' || position as cursor, ${event} as event from audit_events
          where (era, transaction, position) >
              (${past ?? "0"}::text::int, ${transaction ?? "0"}::text::xid8, ${position ?? "0"}::text::bigint)
            and (era < ${era} or transaction < pg_snapshot_xmin(pg_current_snapshot()))
          order by era, transaction, position limit ${page.limit}`
        return {
          events: yield* readable(rows),
          next: rows.at(-1)?.cursor ?? `${past}-${transaction}-${position}`
        }
      })

      const end = Effect.map(
        sql<{ cursor: string }>`
          select era || '-' || transaction || '-' || position as cursor from audit_events
          where era < ${era} or transaction < pg_snapshot_xmin(pg_current_snapshot())
          order by era desc, transaction desc, position desc limit 1`,
        ([row]) => row?.cursor ?? "0-0-0"
      )

      const walk = Effect.fn("AuditTrail.walk")(function* (accountId: string) {
        // As wide as they come: what no release writes has to be told, not to end the walk.
        const rows = yield* sql<Chained>`
          select id, account_id, sequence::float8 as sequence, epoch::float8 as epoch, type, actor, outcome, method, purpose,
            reason, client, reference, key_id, encode(former, 'hex') as former, encode(mac, 'hex') as mac,
            coalesce(replace(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '000Z', 'Z'), '') as at
          from audit_events where account_id = ${accountId} order by audit_events.sequence`
        const known = new Map(
          yield* Effect.forEach(keys.ids, (id) =>
            Effect.map(Effect.orDie(keys.get("audit", id)), (key) => [id, key] as const)
          )
        )
        return walked(rows, (id) => known.get(id))
      })

      const verify = Effect.fn("AuditTrail.verify")(function* (accountId: string) {
        const { rows, fault, unproved } = yield* walk(accountId)
        if (fault !== undefined) return Result.fail(fault)
        for (const keyId of unproved.keys()) return yield* new KeyUnknown({ keyId })
        return Result.succeed(rows)
      })

      const chainsAfter = Effect.fn("AuditTrail.chainsAfter")((accountId: string) =>
        Effect.map(
          sql<{ accountId: string }>`select distinct account_id as "accountId" from audit_events
            where account_id > ${accountId} order by 1 limit ${batch}`,
          (rows) => rows.map((row) => row.accountId)
        )
      )

      const beginEra = Effect.gen(function* () {
        const [row] = yield* sql<{ era: number }>`select coalesce(max(era), 0) + 1 as era from audit_events`
        yield* startingEra(sql, row?.era ?? 1)
      })

      return AuditTrail.of({
        headOf: (accountId) => sql`(
          select jsonb_build_object('sequence', sequence, 'mac', encode(mac, 'hex')) from audit_events
          where account_id = ${accountId} order by sequence desc limit 1)`,
        newestOf: (accountId) => sql`(
          select jsonb_build_object('epoch', epoch, 'type', type, 'reason', reason) from audit_events
          where account_id = ${accountId} order by sequence desc limit 1)`,
        append,
        ofAccount,
        feed,
        end,
        beginEra,
        chainsAfter,
        walk,
        verify
      })
    })
  )
}
