import { Effect, Layer, Schedule } from "effect"
import type { SqlError } from "effect/sql"
import { batch } from "./batch.ts"
import { Idempotency } from "./Idempotency.ts"
import { NoticeLinks } from "./NoticeLinks.ts"
import { Outbox } from "./Outbox.ts"
import { RateLimits } from "./RateLimits.ts"
import { Resets } from "./Resets.ts"
import { Sessions } from "./Sessions.ts"
import { TwoFactorStore } from "./TwoFactorStore.ts"

const pause = "10 minutes"

/** Batch after batch until one is not full; a table that fails holds up no other. */
const allOf = (purge: Effect.Effect<number, SqlError.SqlError>): Effect.Effect<number> =>
  Effect.suspend(() => purge).pipe(
    Effect.repeat({ while: (gone) => gone >= batch }),
    Effect.catchTag("SqlError", (error) =>
      Effect.as(Effect.logWarning("A table was not swept", { reason: error.reason._tag }), 0)
    )
  )

/** Deletes what can no longer matter, in every table that grows (S-27); the audit trail is kept. */
export const sweep = Effect.gen(function* () {
  const [idempotency, noticeLinks, outbox, rateLimits, resets, sessions, store] = [
    yield* Idempotency,
    yield* NoticeLinks,
    yield* Outbox,
    yield* RateLimits,
    yield* Resets,
    yield* Sessions,
    yield* TwoFactorStore
  ]
  const gone = yield* Effect.all({
    idempotencyKeys: allOf(idempotency.purge),
    letters: allOf(outbox.purge),
    noticeLinks: allOf(noticeLinks.purge),
    resets: allOf(resets.purge),
    rateLimits: allOf(rateLimits.purge),
    sessions: allOf(sessions.purge),
    challenges: allOf(store.purge)
  })
  yield* Effect.logDebug("Swept", gone)
  return gone
})

/** Sweeps every ten minutes, for as long as the process lives. */
export const Housekeeping = {
  layer: Layer.effectDiscard(sweep.pipe(Effect.repeat(Schedule.spaced(pause)), Effect.forkScoped))
}
