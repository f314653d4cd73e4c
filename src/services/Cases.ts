import { Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { randomInt } from "node:crypto"
import { Case, type CaseAction, caseAfter, type CaseKind, CaseStatus } from "../domain/cases.ts"
import type { AccountId } from "../domain/ids.ts"
import { batch } from "./batch.ts"

/** What opens a case. */
export type CaseDraft = Pick<Case, "accountId" | "kind" | "step" | "verdict" | "protection">

/** The case that was opened, or that was open already and knows the newest step now. */
export interface Opened {
  readonly case: Case
  readonly isNew: boolean
}

/** What became of something that support wanted to do. `moved`: the state of the case does not allow it. */
export type Done =
  | { readonly _tag: "done"; readonly case: Case }
  | { readonly _tag: "moved"; readonly case: Case }
  | { readonly _tag: "unknown" }

/** No letter or digit that is taken for another; four of them, and more as soon as they meet. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
const newId = (length: number): string =>
  `C-${Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? "").join("")}`
const lengths = [4, 4, 4, 5, 6]

const decodeCase = Schema.decodeUnknownEffect(Schema.toCodecJson(Case))
const positions = /^\d{1,18}$/

/** What support works on, and its life. Owner of table `cases`. */
export class Cases extends Context.Service<
  Cases,
  {
    /**
     * Opens a case; one of that kind that is open for the account is brought up to date instead. What is shown of it is
     * written in the same transaction, so that no older state is shown last.
     */
    open<E, R>(
      draft: CaseDraft,
      show: (opened: Opened) => Effect.Effect<void, E, R>
    ): Effect.Effect<Opened, E | SqlError.SqlError, R>
    /** A case by its id. */
    byId(id: string): Effect.Effect<Option.Option<Case>, SqlError.SqlError>
    /** Claims, guides or closes one, and shows it; a second time it has moved on. `by`: Slack's id of whoever claims. */
    act<E, R>(
      asked: { readonly id: string; readonly action: CaseAction; readonly by?: string | undefined },
      show: (done: Case) => Effect.Effect<void, E, R>
    ): Effect.Effect<Done, E | SqlError.SqlError, R>
    /** Closes those of these kinds for an account, since what they were about is over; answers with them. */
    settle(accountId: AccountId, kinds: ReadonlyArray<CaseKind>): Effect.Effect<ReadonlyArray<Case>, SqlError.SqlError>
    /** Those that are open for an account. */
    ofAccount(accountId: AccountId): Effect.Effect<ReadonlyArray<Case>, SqlError.SqlError>
    /** Cases newest first, before `before`; `next` is null at the end. */
    list(page: {
      readonly status: "open" | "closed" | "all"
      readonly before?: string | undefined
      readonly limit: number
    }): Effect.Effect<{ readonly cases: ReadonlyArray<Case>; readonly next: string | null }, SqlError.SqlError>
    /** Deletes some that were closed a year ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/Cases") {
  static readonly layer = Layer.effect(
    Cases,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const json = sql`jsonb_build_object('id', id, 'accountId', account_id, 'kind', kind, 'status', status,
        'step', step, 'verdict', verdict, 'protection', protection, 'claimedBy', claimed_by, 'openedAt', opened_at,
        'changedAt', changed_at)`
      const read = (row: { readonly row: unknown }) => Effect.orDie(decodeCase(row.row))
      const readAll = Effect.forEach(read)
      const now = sql`changed_at = statement_timestamp()`

      const opened = Effect.fn("Cases.open")(function* (draft: CaseDraft) {
        for (const length of lengths) {
          const id = newId(length)
          const [row] = yield* sql<{ row: unknown; isNew: boolean }>`
            insert into cases (id, account_id, kind, step, verdict, protection)
            select ${id}, ${draft.accountId}, ${draft.kind}, ${draft.step}, ${draft.verdict}, ${draft.protection}
            where not exists (select from cases where id = ${id})
            on conflict (account_id, kind) where status <> 'closed' do update
              set step = excluded.step, verdict = excluded.verdict, protection = excluded.protection, ${now},
                status = case cases.status when 'guided' then 'opened' else cases.status end
            returning ${json} as row, id = ${id} as "isNew"`
          if (row !== undefined) return { case: yield* read(row), isNew: row.isNew }
        }
        return yield* Effect.die(new Error("No id is free for a new case"))
      })

      const byId = Effect.fn("Cases.byId")((id: string) =>
        Effect.flatMap(sql<{ row: unknown }>`select ${json} as row from cases where id = ${id}`, ([row]) =>
          row === undefined ? Effect.succeedNone : Effect.asSome(read(row))
        )
      )

      const acted = Effect.fn("Cases.act")(function* (id: string, action: CaseAction, by: string | undefined) {
        const from = CaseStatus.literals.filter((status) => caseAfter(status, action) !== undefined)
        const [to] = from.map((status) => caseAfter(status, action))
        const rows = yield* sql<{ row: unknown }>`
          update cases set status = ${to ?? "closed"}, claimed_by = coalesce(${by ?? null}, claimed_by), ${now}
          where id = ${id} and status in ${sql.in(from)} returning ${json} as row`
        const [row] = rows
        if (row !== undefined) return { _tag: "done", case: yield* read(row) } satisfies Done
        return Option.match(yield* byId(id), {
          onNone: (): Done => ({ _tag: "unknown" }),
          onSome: (found): Done => ({ _tag: "moved", case: found })
        })
      })

      return Cases.of({
        open: (draft, show) => sql.withTransaction(Effect.tap(opened(draft), show)),
        byId,
        act: ({ id, action, by }, show) =>
          sql.withTransaction(
            Effect.tap(acted(id, action, by), (done) => (done._tag === "done" ? show(done.case) : Effect.void))
          ),
        settle: Effect.fn("Cases.settle")((accountId: AccountId, kinds: ReadonlyArray<CaseKind>) =>
          Effect.flatMap(
            sql<{ row: unknown }>`update cases set status = 'closed', ${now}
              where account_id = ${accountId} and status <> 'closed' and kind in ${sql.in(kinds)}
              returning ${json} as row`,
            readAll
          )
        ),
        ofAccount: Effect.fn("Cases.ofAccount")((accountId: AccountId) =>
          Effect.flatMap(
            sql<{ row: unknown }>`select ${json} as row from cases
              where account_id = ${accountId} and status <> 'closed' order by position`,
            readAll
          )
        ),
        list: Effect.fn("Cases.list")(function* ({ status, before, limit }) {
          const cursor = before !== undefined && positions.test(before) ? before : null
          const rows = yield* sql<{ row: unknown; position: string }>`
            select ${json} as row, position::text as position from cases
            where (${cursor}::bigint is null or position < ${cursor}::bigint)
              and (${status} = 'all' or (status = 'closed') = (${status} = 'closed'))
            order by cases.position desc limit ${limit + 1}`
          const shown = rows.slice(0, limit)
          return {
            cases: yield* readAll(shown),
            next: rows.length > limit ? (shown.at(-1)?.position ?? null) : null
          }
        }),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from cases where id in (
                select id from cases where status = 'closed' and changed_at < statement_timestamp() - interval '1 year'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
