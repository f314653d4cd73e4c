import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import type { PortalLinkId, SessionId } from "../domain/ids.ts"
import { type Entrance, type PortalLink, type Session, type SessionKept, sessionSeconds } from "../domain/sessions.ts"
import { batch } from "./batch.ts"

/** Sessions of the hosted pages and the links that lead to them (S-48 to S-50). Owner of their two tables. */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** What somebody came by, as scalar subselects; all null where there is none. */
    cameBy(entrance: Entrance | undefined): {
      /** jsonb of the session or the link. */
      readonly row: Statement.Fragment
      readonly accountId: Statement.Fragment
      /** The grant that the session holds, or that the link brings along. */
      readonly grantId: Statement.Fragment
    }
    /** Body of a CTE over `applied`: makes these links. */
    makeLinks(accountId: string, links: ReadonlyArray<PortalLink>): Statement.Fragment
    /** Body of a CTE over `applied`: uses these links up. */
    useLinks(links: ReadonlyArray<PortalLinkId>): Statement.Fragment
    /** Body of a CTE over `applied`: begins these sessions. */
    begin(accountId: string, sessions: ReadonlyArray<Session>): Statement.Fragment
    /** Body of a CTE over `applied`: takes the acting session along into this epoch, under another token. */
    keep(accountId: string, epoch: number, kept: SessionKept): Statement.Fragment
    /** Notes that a session is in use. */
    seen(id: SessionId): Effect.Effect<void, SqlError.SqlError>
    /** Ends a session. */
    end(id: SessionId): Effect.Effect<void, SqlError.SqlError>
    /** Deletes some sessions, over or not, at most `batch`; answers how many. */
    readonly drop: Effect.Effect<number, SqlError.SqlError>
    /** Deletes some links, used or not, at most `batch`; answers how many. */
    readonly dropLinks: Effect.Effect<number, SqlError.SqlError>
    /** Deletes some of what is over, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Sessions") {
  static readonly layer = Layer.effect(
    Sessions,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const none = sql`null`
      return Sessions.of({
        cameBy: (entrance) => {
          if (entrance === undefined) return { row: none, accountId: none, grantId: none }
          const [row, from] =
            "session" in entrance
              ? [
                  sql`jsonb_build_object('id', id, 'epoch', epoch, 'generation', generation, 'rotatedAt', rotated_at,
                    'grantId', grant_id, 'returnUrl', return_url, 'seenAt', seen_at, 'expiresAt', expires_at)`,
                  sql`from sessions where id = ${entrance.session}::uuid`
                ]
              : [
                  sql`jsonb_build_object('id', id, 'epoch', epoch, 'grantId', grant_id, 'returnUrl', return_url,
                    'expiresAt', expires_at, 'usedAt', used_at)`,
                  sql`from portal_links where id = ${entrance.link}::uuid`
                ]
          return {
            row: sql`(select ${row} ${from})`,
            accountId: sql`(select account_id ${from})`,
            grantId: sql`(select grant_id ${from})`
          }
        },
        makeLinks: (accountId, links) => sql`
          insert into portal_links (id, account_id, epoch, grant_id, return_url, made_at, expires_at)
          select r.id, ${accountId}, r.epoch, r."grantId", r."returnUrl", statement_timestamp(), r."expiresAt"
          from applied, jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as r(id uuid, epoch bigint, "grantId" uuid,
            "returnUrl" text, "expiresAt" timestamptz)`,
        useLinks: (links) => sql`
          update portal_links l set used_at = statement_timestamp() from applied
          where l.account_id = applied.account_id and l.used_at is null
            and l.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(links)}::jsonb))`,
        begin: (accountId, sessions) => sql`
          insert into sessions (id, account_id, epoch, rotated_at, grant_id, return_url, made_at, seen_at, expires_at)
          select r.id, ${accountId}, r.epoch, r."rotatedAt", r."grantId", r."returnUrl", statement_timestamp(), r."seenAt",
            r."expiresAt"
          from applied, jsonb_to_recordset(${JSON.stringify(sessions)}::jsonb) as r(id uuid, epoch bigint,
            "rotatedAt" timestamptz, "grantId" uuid, "returnUrl" text, "seenAt" timestamptz, "expiresAt" timestamptz)`,
        keep: (accountId, epoch, { id, epoch: former, grantId }) => sql`
          update sessions s set epoch = ${epoch}, generation = s.generation + 1, rotated_at = statement_timestamp(),
            seen_at = statement_timestamp(), grant_id = ${grantId}::uuid
          from applied where s.id = ${id}::uuid and s.account_id = ${accountId} and s.epoch = ${former}`,
        seen: (id) => Effect.asVoid(sql`update sessions set seen_at = statement_timestamp() where id = ${id}::uuid`),
        end: (id) => Effect.asVoid(sql`delete from sessions where id = ${id}::uuid`),
        drop: Effect.map(
          sql<{ count: number }>`
            with gone as (delete from sessions where id in (select id from sessions limit ${batch}) returning 1)
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        ),
        dropLinks: Effect.map(
          sql<{ count: number }>`
            with gone as (delete from portal_links where id in (select id from portal_links limit ${batch}) returning 1)
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with old_sessions as (
              delete from sessions where id in (
                select id from sessions where expires_at < statement_timestamp()
                  or seen_at < statement_timestamp() - make_interval(secs => ${sessionSeconds.idle})
                limit ${batch} for update skip locked) returning 1
            ),
            old_links as (
              delete from portal_links where id in (
                select id from portal_links where expires_at < statement_timestamp() - interval '1 day'
                limit ${batch} for update skip locked) returning 1
            )
            select greatest((select count(*) from old_sessions), (select count(*) from old_links))::int as count`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
