import { layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { verify } from "../../src/account/verify.ts"
import { asPortal, codeOf, rekey, wrong } from "../kit/core.ts"
import { protectedBy, signInChallenge } from "../kit/stories.ts"

// On the real clock: it waits for what the database does.
layer(rekey(), { excludeTestServices: true })("a caller that hangs up", (it) => {
  it.effect("S-23: a guess is counted although its caller hangs up", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("EMAIL")
      const { id } = yield* signInChallenge(accountId)
      const code = wrong(yield* codeOf(id))
      const sql = yield* SqlClient.SqlClient
      const soon = { schedule: Schedule.spaced("10 millis"), times: 400 }
      const until = <A, E>(rows: Effect.Effect<ReadonlyArray<A>, E>) =>
        rows.pipe(
          Effect.filterOrFail((found) => found.length > 0),
          Effect.retry(soon)
        )
      // The guess is held at its write, its caller hangs up, then the write may go on.
      const [held, mayGoOn] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const hold = sql`select 1 from accounts where account_id = ${accountId} for update`.pipe(
        Effect.andThen(Deferred.succeed(held, undefined)),
        Effect.andThen(Deferred.await(mayGoOn))
      )
      yield* Effect.forkChild(sql.withTransaction(hold))
      yield* Deferred.await(held)
      const guess = yield* Effect.forkChild(verify({ challengeId: id, code }))
      yield* until(sql`select 1 from pg_stat_activity
        where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`)
      yield* Effect.forkChild(Fiber.interrupt(guess), { startImmediately: true })
      yield* Deferred.succeed(mayGoOn, undefined)
      yield* until(sql`select 1 from challenges where id = ${id}::uuid and tries = 1`)
    }).pipe(asPortal())
  )
})
