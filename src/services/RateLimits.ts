import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { createHmac } from "node:crypto"
import type { Charge } from "../domain/budgets.ts"
import { KeyRing } from "./KeyRing.ts"

/** The constraint that makes one hit too many impossible; whoever violates it decides anew on fresh state. */
export const budgetConstraint = "a_budget_holds"

/** Budgets that nodes share and that survive restarts (S-33, S-38): sliding windows in the database. */
export class RateLimits extends Context.Service<
  RateLimits,
  {
    /** What a charge is counted under: the budget and a keyed digest, no address, number or IP. */
    subject(charge: Charge): string
    /** Scalar subselect: jsonb object of the hits of these subjects. */
    hitsOf(subjects: ReadonlyArray<string>): Statement.Fragment
    /** Body of a CTE over `applied`: counts one hit each; more than a budget holds fails the whole statement. */
    charge(charges: ReadonlyArray<Charge>): Statement.Fragment
    /** Body of a CTE over `applied`: forgets the hits of these. */
    clear(charges: ReadonlyArray<Charge>): Statement.Fragment
    /** Deletes windows that have passed; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/RateLimits") {
  static readonly layer = Layer.effect(
    RateLimits,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { key } = (yield* KeyRing).current("subject")
      const subject = ({ limit, about }: Charge) =>
        `${limit.budget}:${createHmac("sha256", Redacted.value(key)).update(`${limit.budget} ${about}`).digest("base64url")}`
      const subjects = (charges: ReadonlyArray<Charge>) => JSON.stringify(charges.map(subject))
      return RateLimits.of({
        subject,
        hitsOf: (wanted) => sql`(
          select jsonb_object_agg(subject, to_jsonb(hits)) from rate_limits
          where subject in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb)))`,
        // Rows are locked in the order of their subjects, so that two writers never wait for each other.
        charge: (charges) => sql`
          insert into rate_limits as held (subject, hits, most, expires_at)
          select c.subject, array[statement_timestamp()], c.most, statement_timestamp() + make_interval(secs => c.seconds)
          from applied, jsonb_to_recordset(${JSON.stringify(
            charges.map((charge) => ({
              subject: subject(charge),
              most: charge.limit.most,
              seconds: charge.limit.seconds
            }))
          )}::jsonb) as c(subject text, most int, seconds int)
          order by c.subject
          on conflict (subject) do update set
            hits = array(
              select hit from unnest(held.hits) hit
              where hit > statement_timestamp() - (excluded.expires_at - statement_timestamp())
            ) || statement_timestamp(),
            most = excluded.most,
            expires_at = excluded.expires_at`,
        clear: (charges) => sql`
          delete from rate_limits using applied
          where subject in (select jsonb_array_elements_text(${subjects(charges)}::jsonb))`,
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (delete from rate_limits where expires_at < statement_timestamp() returning 1)
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
