import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { batch } from "./batch.ts"
import type { IdempotencyDigests } from "../domain/idempotency.ts"
import { IdempotencyConflict, IdempotencyInProgress } from "../domain/refusals.ts"

/** Answers for the portal that repeats a call with the same Idempotency-Key (P6, S-15); kept for 24 hours. */
export class Idempotency extends Context.Service<
  Idempotency,
  {
    /** Scalar subselect: jsonb {scope, body, answer} of the row that one of these scopes has, or null. */
    find(digests: ReadonlyArray<IdempotencyDigests>): Statement.Fragment
    /** Body of a CTE over `applied`: remembers the answer under the key; nothing without one. */
    part(answer: unknown, key: IdempotencyDigests | undefined, accountId: string): Statement.Fragment
    /**
     * Runs a call unless one with the same key is running in this process; on another node the second one waits for the
     * first at the account, and finds its answer there.
     */
    running<A, E, R>(
      digests: ReadonlyArray<IdempotencyDigests>,
      reference: string,
      call: Effect.Effect<A, E, R>
    ): Effect.Effect<A, E | IdempotencyConflict | IdempotencyInProgress, R>
    /** Body of a CTE over `applied`: forgets the answers about an account. */
    forget(accountId: string): Statement.Fragment
    /** Deletes some of what is older than 24 hours, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Idempotency") {
  static readonly layer = Layer.effect(
    Idempotency,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      /** The body of each running call, by scope. */
      const calls = new Map<string, string>()
      return Idempotency.of({
        find: (digests) => sql`(
          select jsonb_build_object('scope', encode(scope, 'hex'), 'body', encode(body, 'hex'), 'answer', answer)
          from idempotency_keys
          where scope in (select decode(value, 'hex')
              from jsonb_array_elements_text(${JSON.stringify(digests.map(({ scope }) => scope))}::jsonb))
            and made_at > statement_timestamp() - interval '24 hours'
          limit 1)`,
        part: (answer, key, accountId) => sql`
          insert into idempotency_keys as held (scope, body, answer, account_id)
          select decode(r.scope, 'hex'), decode(r.body, 'hex'), r.answer, ${accountId}
          from applied, jsonb_to_recordset(${JSON.stringify(
            key === undefined ? [] : [{ ...key, answer }]
          )}::jsonb) as r(scope text, body text, answer jsonb)
          on conflict (scope) do update set body = excluded.body, answer = excluded.answer, made_at = statement_timestamp()
            where held.made_at <= statement_timestamp() - interval '24 hours'`,
        running: <A, E, R>(
          digests: ReadonlyArray<IdempotencyDigests>,
          reference: string,
          call: Effect.Effect<A, E, R>
        ) => {
          const [key] = digests
          if (key === undefined) return call
          return Effect.suspend((): Effect.Effect<A, E | IdempotencyConflict | IdempotencyInProgress, R> => {
            const body = calls.get(key.scope)
            if (body !== undefined) {
              return Effect.fail(
                body === key.body
                  ? new IdempotencyInProgress({ retryAfter: 1, reference })
                  : new IdempotencyConflict({ reference })
              )
            }
            calls.set(key.scope, key.body)
            return Effect.ensuring(
              call,
              Effect.sync(() => calls.delete(key.scope))
            )
          })
        },
        forget: (accountId) =>
          sql`delete from idempotency_keys using applied where idempotency_keys.account_id = ${accountId}`,
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from idempotency_keys where scope in (
                select scope from idempotency_keys where made_at <= statement_timestamp() - interval '24 hours'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([row]) => row?.count ?? 0
        )
      })
    })
  )
}
