import { PgClient } from "@effect/sql-pg"
import { Effect, Exit, Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { Nemesis } from "./Nemesis.ts"

const atMost = 100

/** Somebody else holds nearly all connections of PostgreSQL when the nodes want new ones. */
export const connectionsTaken: Nemesis = {
  name: "connections-taken",
  against: ({ sql, url }, chance) => {
    const left = chance.below(4)
    const taken: Array<Scope.Closeable> = []
    const free = Effect.suspend(() => {
      const one = taken.pop()
      return one === undefined ? Effect.void : Scope.close(one, Exit.void)
    })
    const takeOne = Effect.gen(function* () {
      const scope = yield* Scope.make()
      const client = yield* Effect.exit(
        Scope.provide(PgClient.makeClient({ url }), scope).pipe(
          Effect.tap((mine) => mine`select 1`),
          Effect.provide(Reactivity.layer)
        )
      )
      if (Exit.isSuccess(client)) taken.push(scope)
      else yield* Scope.close(scope, Exit.void)
      return Exit.isSuccess(client)
    })
    return {
      start: Effect.gen(function* () {
        yield* Effect.ignore(
          sql((ask) => ask`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rekey'`)
        )
        for (let taking = 0; taking < atMost; taking++) if (!(yield* takeOne)) break
        for (let freed = 0; freed < left; freed++) yield* free
      }),
      lastsMillis: 1500 + chance.below(5000),
      heal: Effect.suspend(() => Effect.forEach([...taken], () => free, { discard: true }))
    }
  }
}
