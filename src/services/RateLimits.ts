import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { createHmac } from "node:crypto"
import type { Charge } from "../domain/budgets.ts"
import { batch } from "./batch.ts"
import { KeyRing } from "./KeyRing.ts"

/** The constraint that makes one hit too many impossible; whoever violates it decides anew on fresh state. */
const budgetConstraint = "a_budget_holds"

/** Whether a statement failed because a budget had no room for one more. */
export const overCharged = (error: SqlError.SqlError): boolean =>
  error.reason._tag === "ConstraintError" && JSON.stringify(error.reason.cause).includes(budgetConstraint)

/** Budgets that nodes share and that survive restarts (S-33, S-38): sliding windows in the database. */
export class RateLimits extends Context.Service<
  RateLimits,
  {
    /**
     * What a charge is looked for under: the budget and a keyed digest, no address, number or IP. One for each key of
     * the ring, the one that it is counted under first, so that a rotation of keys empties no budget.
     */
    subjectsOf(charge: Charge): ReadonlyArray<string>
    /** Scalar subselect: jsonb object of the hits of these subjects. */
    hitsOf(subjects: ReadonlyArray<string>): Statement.Fragment
    /** Body of a CTE over `applied`: counts one hit each; more than a budget holds fails the whole statement. */
    charge(charges: ReadonlyArray<Charge>): Statement.Fragment
    /** Body of a CTE over `applied`: forgets the hits of these. */
    clear(charges: ReadonlyArray<Charge>): Statement.Fragment
    /** Counts one hit each where no account is written; what a budget has no room for is not counted. */
    count(charges: ReadonlyArray<Charge>): Effect.Effect<void, SqlError.SqlError>
    /** Deletes some windows that have passed, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/RateLimits") {
  static readonly layer = Layer.effect(
    RateLimits,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const ring = yield* KeyRing
      const { key: current } = ring.current("subject")
      const keys = yield* Effect.orDie(Effect.forEach(ring.ids, (id) => ring.get("subject", id)))
      const under =
        (key: Redacted.Redacted<Uint8Array>) =>
        ({ limit, about }: Charge) =>
          `${limit.budget}:${createHmac("sha256", Redacted.value(key)).update(`${limit.budget} ${about}`).digest("base64url")}`
      const subjectsOf = (charge: Charge) => keys.map((key) => under(key)(charge))

      // Rows are locked in the order of their subjects, so that two writers never wait for each other.
      const charge = (charges: ReadonlyArray<Charge>) => sql`
        insert into rate_limits as held (subject, hits, most, expires_at)
        select c.subject, array[statement_timestamp()], c.most, statement_timestamp() + make_interval(secs => c.seconds)
        from applied, jsonb_to_recordset(${JSON.stringify(
          charges.map((one) => ({ subject: under(current)(one), most: one.limit.most, seconds: one.limit.seconds }))
        )}::jsonb) as c(subject text, most int, seconds int)
        order by c.subject
        on conflict (subject) do update set
          hits = array(
            select hit from unnest(held.hits) hit
            where hit > statement_timestamp() - (excluded.expires_at - statement_timestamp())
          ) || statement_timestamp(),
          most = excluded.most,
          expires_at = excluded.expires_at`

      const count = Effect.fn("RateLimits.count")((charges: ReadonlyArray<Charge>) =>
        charges.length === 0
          ? Effect.void
          : sql`with applied as (select 1) ${charge(charges)}`.pipe(
              Effect.asVoid,
              Effect.catchIf(overCharged, () => Effect.void)
            )
      )

      return RateLimits.of({
        subjectsOf,
        charge,
        count,
        hitsOf: (wanted) => sql`(
          select jsonb_object_agg(subject, to_jsonb(hits)) from rate_limits
          where subject in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb)))`,
        clear: (charges) => sql`
          delete from rate_limits using applied
          where subject in (
            select jsonb_array_elements_text(${JSON.stringify(charges.flatMap(subjectsOf))}::jsonb))`,
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from rate_limits where subject in (
                select subject from rate_limits where expires_at < statement_timestamp()
                limit ${batch} for update skip locked) returning 1)
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
