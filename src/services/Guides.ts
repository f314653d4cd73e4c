import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import { allSteps } from "../domain/guide.ts"
import { AccountId, GuideId } from "../domain/ids.ts"
import type { SlackLink, SlackUser } from "../domain/slack.ts"
import { batch } from "./batch.ts"

/** A checklist: whose, and how far. */
export interface Guide extends SlackLink {
  readonly id: GuideId
  readonly reached: number
  readonly ended: boolean
}

/** How a checklist is shown as it is now: in the transaction that moved it, so that no older state is shown last. */
type Show<E, R> = (guide: Guide) => Effect.Effect<void, E, R>

/** The checklists of linked customers. Owner of table `slack_guides`. */
export class Guides extends Context.Service<
  Guides,
  {
    /** Begins one, so far, and ends an earlier one of the same person. */
    begin<E, R>(link: SlackLink, reached: number, show: Show<E, R>): Effect.Effect<void, E | SqlError.SqlError, R>
    /** Brings those of an account that far, and shows the ones that moved. What has come to the last step ends. */
    reach<E, R>(accountId: AccountId, step: number, show: Show<E, R>): Effect.Effect<void, E | SqlError.SqlError, R>
    /** Shows those of an account again. */
    again<E, R>(accountId: AccountId, show: Show<E, R>): Effect.Effect<void, E | SqlError.SqlError, R>
    /** Ends that of somebody who is no longer linked. */
    end(user: SlackUser): Effect.Effect<ReadonlyArray<Guide>, SqlError.SqlError>
    /** Those that are open for an account. */
    ofAccount(accountId: AccountId): Effect.Effect<ReadonlyArray<Guide>, SqlError.SqlError>
    /** Deletes some of a month ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Guides") {
  static readonly layer = Layer.effect(
    Guides,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const guide = sql`id, account_id as "accountId", nullif(enterprise, '') as enterprise, team,
        slack_user as "user", reached, ended_at is not null as ended`
      const now = sql`changed_at = statement_timestamp()`

      const endOf = ({ enterprise, team, user }: SlackUser) => sql<Guide>`
        update slack_guides set ended_at = statement_timestamp(), ${now}
        where enterprise = ${enterprise ?? ""} and team = ${team} and slack_user = ${user} and ended_at is null
        returning ${guide}`

      /** The rows stay locked until what is shown of them is committed. */
      const shown = <E, R>(moved: Effect.Effect<ReadonlyArray<Guide>, SqlError.SqlError>, show: Show<E, R>) =>
        sql.withTransaction(Effect.flatMap(moved, Effect.forEach(show, { discard: true })))

      const begun = Effect.fnUntraced(function* (link: SlackLink, reached: number) {
        const { enterprise, team, user, accountId } = link
        // two at once: the second ends the first
        yield* sql`select pg_advisory_xact_lock(hashtextextended(${`guide ${enterprise ?? ""} ${team} ${user}`}, 0))`
        const ended = yield* endOf(link)
        const id = GuideId.make(randomUUID())
        yield* sql`insert into slack_guides (id, account_id, enterprise, team, slack_user, reached)
          values (${id}, ${accountId}, ${enterprise ?? ""}, ${team}, ${user}, ${reached})`
        return [...ended, { id, accountId, enterprise, team, user, reached, ended: false }]
      })

      return Guides.of({
        begin: (link, reached, show) => shown(begun(link, reached), show),
        reach: (accountId, step, show) =>
          shown(
            sql<Guide>`
              update slack_guides set reached = ${step}, ${now},
                ended_at = case when ${step} >= ${allSteps} then statement_timestamp() end
              where account_id = ${accountId} and ended_at is null and reached < ${step} returning ${guide}`,
            show
          ),
        again: (accountId, show) =>
          shown(
            sql<Guide>`select ${guide} from slack_guides where account_id = ${accountId} and ended_at is null for update`,
            show
          ),
        end: Effect.fn("Guides.end")(endOf),
        ofAccount: Effect.fn("Guides.ofAccount")(
          (accountId: AccountId) => sql<Guide>`select ${guide} from slack_guides
            where account_id = ${accountId} and ended_at is null order by begun_at`
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from slack_guides where id in (
                select id from slack_guides where changed_at < statement_timestamp() - interval '30 days'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
