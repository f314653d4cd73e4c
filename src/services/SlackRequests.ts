import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { batch } from "./batch.ts"

/** Which requests of Slack have had their effect, for all nodes (S-66). Owner of table `slack_requests`. */
export class SlackRequests extends Context.Service<
  SlackRequests,
  {
    /** Whether a request comes for the first time; from then on it has come. */
    isFirst(key: string): Effect.Effect<boolean, SqlError.SqlError>
    /** Deletes some that are too old to be let in again, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/SlackRequests") {
  static readonly layer = Layer.effect(
    SlackRequests,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      return SlackRequests.of({
        isFirst: Effect.fn("SlackRequests.isFirst")((key: string) =>
          Effect.map(
            sql`insert into slack_requests (key) values (${key}) on conflict do nothing returning 1`,
            (rows) => rows.length === 1
          )
        ),
        // a signature is good for five minutes before and after its time; Slack repeats an event for an hour
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from slack_requests where key in (
                select key from slack_requests where at < statement_timestamp() - interval '2 hours'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
