import { PgClient } from "@effect/sql-pg"
import { Deferred, Effect, Layer, Schedule, Schema } from "effect"
import { Reactivity } from "effect/reactivity"
import { because, DatabaseFault } from "./faults.ts"

/** Another process holds the database. */
class Taken extends Schema.TaggedError<Taken>()("Taken", {}) {}

/** Any number will do, as long as every release uses the same one. */
const alone = 7_393_552

const attemptsAtStart = 20

const taken = new DatabaseFault({
  message: "Another Rekey is running on this database: stop it first, or give this one a database of its own."
})

const connectionLost =
  "The connection that holds this database for us is lost: another Rekey could start on it now; taking it again"

/** The lock is a session's, so it dies with the process, however that dies. */
const holding = (how: "alone" | "together"): Layer.Layer<never, DatabaseFault, PgClient.PgClient> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const lock = how === "alone" ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared"
      const { config } = yield* PgClient.PgClient
      const held = yield* Deferred.make<void, DatabaseFault>()

      const hold = Effect.gen(function* () {
        const sql = yield* PgClient.makeClient({ ...config, applicationName: "rekey single process" })
        const times = (yield* Deferred.isDone(held)) ? Number.POSITIVE_INFINITY : attemptsAtStart
        yield* sql<{ mine: boolean }>`select ${sql.literal(lock)}(${alone}) as mine`.pipe(
          Effect.filterOrFail(
            ([row]) => row?.mine === true,
            () => new Taken()
          ),
          Effect.tapErrorTag("Taken", () => Effect.logDebug("Another process holds the database")),
          Effect.retry({ schedule: Schedule.spaced("500 millis"), times, while: (error) => error._tag === "Taken" })
        )
        const again = !(yield* Deferred.succeed(held, undefined))
        if (again) yield* Effect.logInfo("This process holds the database again")
        yield* sql`select 1`.pipe(Effect.timeout("10 seconds"), Effect.repeat(Schedule.spaced("2 seconds")))
      }).pipe(Effect.scoped, Effect.provide(Reactivity.layer))

      yield* hold.pipe(
        Effect.catch(
          Effect.fnUntraced(function* (error) {
            const fault =
              error._tag === "Taken"
                ? taken
                : new DatabaseFault({
                    message: `The database cannot be held for this process: ${error._tag === "SqlError" ? because(error) : error.message}.`
                  })
            if (!(yield* Deferred.fail(held, fault))) yield* Effect.logError(connectionLost)
          })
        ),
        Effect.repeat(Schedule.spaced("1 second")),
        Effect.forkScoped
      )
      yield* Deferred.await(held)
    })
  )

/**
 * Holds the database for this process while the layer lives: a second one waits about ten seconds, as long as a
 * restart may take, and then ends.
 */
export const singleProcess = holding("alone")

/** Holds it together with the other nodes of a cluster: a process that wants it alone has to wait for all of them. */
export const oneOfMany = holding("together")
