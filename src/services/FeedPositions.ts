import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { AuditTrail } from "./AuditTrail.ts"

/**
 * How far whoever follows the event feed has come. Moved in the transaction of what follows from the events, so that
 * each event has its effects once, whichever node sees it. Owner of table `feed_positions`.
 */
export class FeedPositions extends Context.Service<
  FeedPositions,
  {
    /** Where to go on; one that begins does so at the end of what has happened. */
    of(follower: string): Effect.Effect<string, SqlError.SqlError>
    /** Moves on and does the work, in one transaction; does neither, and says `false`, where another node was faster. */
    move<E, R>(
      step: { readonly follower: string; readonly from: string; readonly to: string },
      work: Effect.Effect<void, E, R>
    ): Effect.Effect<boolean, E | SqlError.SqlError, R>
    /** Does a part of the work so that it alone can be taken back. */
    apart<E, R>(work: Effect.Effect<void, E, R>): Effect.Effect<void, E | SqlError.SqlError, R>
  }
>()("rekey/FeedPositions") {
  static readonly layer = Layer.effect(
    FeedPositions,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const audit = yield* AuditTrail
      const read = (follower: string) =>
        Effect.map(
          sql<{ after: string }>`select after from feed_positions where follower = ${follower}`,
          ([row]) => row?.after
        )
      return FeedPositions.of({
        of: Effect.fn("FeedPositions.of")(function* (follower: string) {
          const known = yield* read(follower)
          if (known !== undefined) return known
          const end = yield* audit.end
          yield* sql`insert into feed_positions (follower, after) values (${follower}, ${end}) on conflict do nothing`
          return (yield* read(follower)) ?? end
        }),
        apart: (work) => sql.withTransaction(work),
        move: ({ follower, from, to }, work) =>
          sql.withTransaction(
            Effect.gen(function* () {
              const moved = yield* sql`update feed_positions set after = ${to}
                where follower = ${follower} and after = ${from} returning 1`
              if (moved.length === 0) return false
              yield* work
              return true
            })
          )
      })
    })
  )
}
