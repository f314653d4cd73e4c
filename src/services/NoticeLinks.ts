import { Context, Effect, Layer, Option } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import type { AccountId, MethodId, NoticeLinkId } from "../domain/ids.ts"
import type { NoticeLink } from "../domain/letters.ts"
import type { NoticeState } from "../domain/notices.ts"
import { batch } from "./batch.ts"
import { Resets } from "./Resets.ts"

/** The links of notices; their tokens are derived in the moment of sending. Owner of table `notice_links`. */
export class NoticeLinks extends Context.Service<
  NoticeLinks,
  {
    /** A link, as scalar subselects; null where there is none. */
    byId(id: NoticeLinkId | undefined): {
      /** jsonb of the link, with the reset that it can stop. */
      readonly row: Statement.Fragment
      readonly accountId: Statement.Fragment
    }
    /** Body of a CTE over `applied`: makes these. */
    make(accountId: string, links: ReadonlyArray<NoticeState>): Statement.Fragment
    /** Body of a CTE over `applied`: notes their report, and takes them along into that epoch. */
    report(accountId: string, epoch: number, links: ReadonlyArray<NoticeLinkId>): Statement.Fragment
    /** Body of a CTE over `applied`: uses these up. */
    use(accountId: string, links: ReadonlyArray<NoticeLinkId>): Statement.Fragment
    /** The link of the notices of an account's step, known by its kind and epoch; for whoever tells of it too. */
    ofEpoch(
      accountId: AccountId,
      epoch: number,
      of: "change" | "reset"
    ): Effect.Effect<Option.Option<{ readonly link: NoticeLink; readonly from: MethodId | null }>, SqlError.SqlError>
    /** Key ids of links that can still be followed. */
    readonly keyIdsInUse: Effect.Effect<ReadonlyArray<string>, SqlError.SqlError>
    /** Deletes some, good or not, at most `batch`; answers how many. */
    readonly drop: Effect.Effect<number, SqlError.SqlError>
    /** Deletes some that ended a day ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/NoticeLinks") {
  static readonly layer = Layer.effect(
    NoticeLinks,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const resets = yield* Resets
      const none = sql`null`
      const these = (links: ReadonlyArray<NoticeLinkId>) =>
        sql`l.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(links)}::jsonb))`
      return NoticeLinks.of({
        byId: (id) =>
          id === undefined
            ? { row: none, accountId: none }
            : {
                row: sql`(select jsonb_build_object('id', l.id, 'epoch', l.epoch, 'goodAtEpoch', l.good_at_epoch,
                  'keyId', l.key_id, 'kind', l.kind, 'from', l.method_before, 'to', l.method_after,
                  'former', l.enrolment_before, 'reset', ${resets.byId(sql`l.reset_id`)}, 'at', l.made_at,
                  'expiresAt', l.expires_at, 'reportedAt', l.reported_at, 'usedAt', l.used_at)
                  from notice_links l where l.id = ${id}::uuid)`,
                accountId: sql`(select account_id from notice_links where id = ${id}::uuid)`
              },
        make: (accountId, links) => sql`
          insert into notice_links (id, account_id, epoch, good_at_epoch, key_id, kind, method_before, method_after,
            enrolment_before, reset_id, made_at, expires_at)
          select r.id, ${accountId}, r.epoch, r."goodAtEpoch", r."keyId", r.kind, r."from", r."to", r.former, r."resetId",
            r.at, r."expiresAt"
          from applied, jsonb_to_recordset(${JSON.stringify(
            links.map((link) => ({ ...link, resetId: link.reset?.id ?? null }))
          )}::jsonb) as r(id uuid, epoch bigint, "goodAtEpoch" bigint, "keyId" text, kind text, "from" text, "to" text,
            former uuid, "resetId" uuid, at timestamptz, "expiresAt" timestamptz)`,
        report: (accountId, epoch, links) => sql`
          update notice_links l set reported_at = statement_timestamp(), good_at_epoch = ${epoch} from applied
          where l.account_id = ${accountId} and l.reported_at is null and ${these(links)}`,
        use: (accountId, links) => sql`
          update notice_links l set used_at = statement_timestamp() from applied
          where l.account_id = ${accountId} and l.used_at is null and ${these(links)}`,
        ofEpoch: Effect.fn("NoticeLinks.ofEpoch")((accountId: AccountId, epoch: number, of: "change" | "reset") =>
          Effect.map(
            sql<NoticeLink & { readonly from: MethodId | null }>`
              select id, epoch::int as epoch, key_id as "keyId", method_before as "from" from notice_links
              where account_id = ${accountId} and epoch = ${epoch} and (kind = 'reset') = (${of} = 'reset') order by made_at desc limit 1`,
            ([row]) => Option.map(Option.fromNullishOr(row), ({ from, ...link }) => ({ link, from }))
          )
        ),
        keyIdsInUse: Effect.map(
          sql<{ keyId: string }>`select distinct key_id as "keyId" from notice_links
            where used_at is null and expires_at > statement_timestamp()`,
          (rows) => rows.map(({ keyId }) => keyId)
        ),
        drop: Effect.map(
          sql<{ count: number }>`
            with gone as (delete from notice_links where id in (select id from notice_links limit ${batch}) returning 1)
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from notice_links where id in (
                select id from notice_links where expires_at < statement_timestamp() - interval '1 day'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
