import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import type { AccountId } from "../domain/ids.ts"
import { AuditTrail } from "./AuditTrail.ts"
import { batch } from "./batch.ts"
import { Resets } from "./Resets.ts"

/** An account in the order of all of them. */
export interface Listed {
  readonly accountId: AccountId
  readonly epoch: number
  /** The newest row of its trail; null where it has none. */
  readonly newest: { readonly epoch: number; readonly type: string; readonly reason: string | null } | null
  /** A challenge is open, or a reset waits. */
  readonly pending: boolean
}

/** What an operator's command does with all accounts at once: the room of the TwoFactorStore for that. */
export class AllAccounts extends Context.Service<
  AllAccounts,
  {
    /** Some accounts in the order of their ids, at most `batch`; none at the end. */
    after(accountId: string): Effect.Effect<ReadonlyArray<Listed>, SqlError.SqlError>
    /** Deletes some grants, used or not, at most `batch`; answers how many. */
    readonly dropGrants: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/AllAccounts") {
  static readonly layer = Layer.effect(
    AllAccounts,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const audit = yield* AuditTrail
      const resets = yield* Resets
      return AllAccounts.of({
        // One statement sees account and trail at one instant: a step writes both at once.
        after: Effect.fn("AllAccounts.after")(
          (accountId: string) => sql<Listed>`
            select a.account_id as "accountId", a.epoch::float8 as epoch, ${audit.newestOf(sql`a.account_id`)} as newest,
              exists (select from challenges c where c.account_id = a.account_id and c.status = 'open')
                or ${resets.waiting(sql`a.account_id`)} is not null as pending
            from accounts a where a.account_id > ${accountId} order by a.account_id limit ${batch}`
        ),
        dropGrants: Effect.map(
          sql<{ count: number }>`
            with gone as (delete from grants where id in (select id from grants limit ${batch}) returning 1)
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
