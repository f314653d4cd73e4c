import { Context, Effect, Layer, Option, Redacted, Result, Schema } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto"
import { Event, type EventDraft } from "../domain/TwoFactor.ts"
import { KeyRing, type KeyUnknown } from "./KeyRing.ts"

/** The newest link of an account's chain; sequence 0 and no MAC before the first. */
export interface Head {
  readonly sequence: number
  /** Hex. */
  readonly mac: string
}
export const emptyHead: Head = { sequence: 0, mac: "" }

/** Where a chain was found broken. */
export interface ChainFault {
  readonly sequence: number
  readonly reason: "missing" | "changed"
}

const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g
/** One line, whatever a portal sent (S-79). */
const oneLine = (text: string) =>
  text.toWellFormed().replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

const columns = (draft: EventDraft) => ({
  epoch: draft.epoch,
  type: draft.type,
  actor: draft.actor,
  outcome: draft.outcome,
  method: draft.method ?? null,
  purpose: draft.purpose ?? null,
  reason: draft.reason ?? null,
  client:
    draft.client === undefined
      ? null
      : {
          ip: draft.client.ip === undefined ? null : oneLine(draft.client.ip),
          userAgent:
            draft.client.userAgent === undefined ? null : oneLine([...draft.client.userAgent].slice(0, 512).join(""))
        },
  reference: draft.reference ?? null
})
type Columns = ReturnType<typeof columns>

interface Link extends Columns {
  readonly id: string
  readonly account_id: string
  readonly sequence: number
  readonly at: string
}

/** All that a row says, in one order of its own: the database may reorder the members of a jsonb. */
const content = (link: Link): string =>
  JSON.stringify([
    "audit/1",
    link.account_id,
    link.sequence,
    link.id,
    link.at,
    link.epoch,
    link.type,
    link.actor,
    link.outcome,
    link.method,
    link.purpose,
    link.reason,
    link.client?.ip ?? null,
    link.client?.userAgent ?? null,
    link.reference
  ])

const macOf = (key: Redacted.Redacted<Uint8Array>, former: string, link: Link): string =>
  createHmac("sha256", Redacted.value(key))
    .update(`${former}\n${content(link)}`)
    .digest("hex")

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

/**
 * Transaction ids order the feed, and a dump that is restored elsewhere brings rows with higher ones than the new
 * server's: a new era then sorts behind them.
 */
const currentEra = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [row] = yield* sql<{ era: number; over: boolean }>`
    select coalesce(max(era), 0) as era, coalesce(bool_or(transaction > pg_current_xact_id()), false) as over
    from audit_events where era = (select max(era) from audit_events)`
  const era = (row?.era ?? 0) + (row?.over === true ? 1 : 0)
  if (row?.over === true) {
    yield* sql.unsafe(`alter table audit_events alter column era set default ${era}`)
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
    /** Walks an account's chain; succeeds with its length or the first fault. */
    verify(accountId: string): Effect.Effect<Result.Result<number, ChainFault>, SqlError.SqlError | KeyUnknown>
  }
>()("rekey/AuditTrail") {
  static readonly layer = Layer.effect(
    AuditTrail,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const keys = yield* KeyRing
      const { id: keyId, key } = keys.current("audit")

      const era = yield* currentEra(sql)
      const event = sql`jsonb_build_object('id', id, 'type', type, 'at', at, 'accountId', account_id, 'epoch', epoch,
        'actor', actor, 'method', method, 'purpose', purpose, 'outcome', outcome, 'reason', reason, 'client', client,
        'reference', reference)`

      const append = (accountId: string, head: Head, at: Date, drafts: ReadonlyArray<EventDraft>) => {
        let former = head.mac
        const rows = drafts.map((draft, place) => {
          const link: Link = {
            ...columns(draft),
            id: randomUUID(),
            account_id: accountId,
            sequence: head.sequence + place + 1,
            at: at.toISOString()
          }
          const mac = macOf(key, former, link)
          const row = { ...link, key_id: keyId, former, mac }
          former = mac
          return row
        })
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

      const verify = Effect.fn("AuditTrail.verify")(function* (accountId: string) {
        const rows = yield* sql<Link & { key_id: string; former: string; mac: string; at: Date }>`
          select id, account_id, sequence::int as sequence, at, epoch::int as epoch, type, actor, outcome, method, purpose,
            reason, client, reference, key_id, encode(former, 'hex') as former, encode(mac, 'hex') as mac
          from audit_events where account_id = ${accountId} order by sequence`
        let former = ""
        for (const [place, row] of rows.entries()) {
          if (row.sequence !== place + 1) return Result.fail<ChainFault>({ sequence: place + 1, reason: "missing" })
          const expected = macOf(yield* keys.get("audit", row.key_id), former, { ...row, at: row.at.toISOString() })
          const same = timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(row.mac.padEnd(64, "0"), "hex"))
          if (row.former !== former || !same) {
            return Result.fail<ChainFault>({ sequence: row.sequence, reason: "changed" })
          }
          former = row.mac
        }
        return Result.succeed(rows.length)
      })

      return AuditTrail.of({
        headOf: (accountId) => sql`(
          select jsonb_build_object('sequence', sequence, 'mac', encode(mac, 'hex')) from audit_events
          where account_id = ${accountId} order by sequence desc limit 1)`,
        append,
        ofAccount,
        feed,
        end,
        verify
      })
    })
  )
}
