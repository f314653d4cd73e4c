import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import type { AccountId, ResetId } from "../domain/ids.ts"
import type { Reset, ResetEnd } from "../domain/resets.ts"
import { batch } from "./batch.ts"

/** A reset whose wait is over. */
export interface DueReset {
  readonly id: ResetId
  readonly accountId: AccountId
}

/** Resets that support was asked for, from the request to their end (S-59). Owner of table `resets`. */
export class Resets extends Context.Service<
  Resets,
  {
    /** Scalar subselect: jsonb of the one that waits for an account, or null. */
    waiting(accountId: Statement.Fragment): Statement.Fragment
    /** Scalar subselect: jsonb of that one, whatever has become of it. */
    byId(id: Statement.Fragment): Statement.Fragment
    /** Body of a CTE over `applied`: begins these. */
    begin(accountId: string, resets: ReadonlyArray<Reset>): Statement.Fragment
    /** Body of a CTE over `applied`: ends these, unless they have ended. */
    end(accountId: string, ends: ReadonlyArray<ResetEnd>): Statement.Fragment
    /** Some of those whose wait is over, at most `batch`. */
    readonly due: Effect.Effect<ReadonlyArray<DueReset>, SqlError.SqlError>
    /** Deletes some of those that ended a week ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Resets") {
  static readonly layer = Layer.effect(
    Resets,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const row = sql`jsonb_build_object('id', r.id, 'status', r.status, 'reason', r.reason,
        'requestedBy', r.requested_by, 'requestedAt', r.requested_at, 'executesAt', r.executes_at)`
      return Resets.of({
        waiting: (accountId) =>
          sql`(select ${row} from resets r where r.account_id = ${accountId} and r.status = 'waiting')`,
        byId: (id) => sql`(select ${row} from resets r where r.id = ${id})`,
        begin: (accountId, resets) => sql`
          insert into resets (id, account_id, reason, requested_by, requested_at, executes_at)
          select r.id, ${accountId}, r.reason, r."requestedBy", r."requestedAt", r."executesAt"
          from applied, jsonb_to_recordset(${JSON.stringify(resets)}::jsonb) as r(id uuid, reason text,
            "requestedBy" text, "requestedAt" timestamptz, "executesAt" timestamptz)`,
        end: (accountId, ends) => sql`
          update resets e set status = r.status, ended_at = statement_timestamp()
          from applied, jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as r(id uuid, status text)
          where e.id = r.id and e.account_id = ${accountId} and e.status = 'waiting'`,
        due: sql<DueReset>`select id, account_id as "accountId" from resets
          where status = 'waiting' and executes_at <= statement_timestamp() order by executes_at limit ${batch}`,
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from resets where id in (
                select id from resets where status <> 'waiting' and ended_at < statement_timestamp() - interval '7 days'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
