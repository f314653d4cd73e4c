import { Effect, Layer, Schedule } from "effect"
import type { SqlError } from "effect/sql"
import { Alerts } from "./Alerts.ts"
import { batch } from "./batch.ts"
import { Cases } from "./Cases.ts"
import { Guides } from "./Guides.ts"
import { Idempotency } from "./Idempotency.ts"
import { NoticeLinks } from "./NoticeLinks.ts"
import { Outbox } from "./Outbox.ts"
import { RateLimits } from "./RateLimits.ts"
import { Resets } from "./Resets.ts"
import { Sessions } from "./Sessions.ts"
import { SlackLinks } from "./SlackLinks.ts"
import { SlackOutbox } from "./SlackOutbox.ts"
import { SlackRequests } from "./SlackRequests.ts"
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
  const gone = yield* Effect.all({
    idempotencyKeys: allOf((yield* Idempotency).purge),
    letters: allOf((yield* Outbox).purge),
    noticeLinks: allOf((yield* NoticeLinks).purge),
    resets: allOf((yield* Resets).purge),
    rateLimits: allOf((yield* RateLimits).purge),
    sessions: allOf((yield* Sessions).purge),
    challenges: allOf((yield* TwoFactorStore).purge),
    slackInvitations: allOf((yield* SlackLinks).purge),
    slackRequests: allOf((yield* SlackRequests).purge),
    slackMessages: allOf((yield* SlackOutbox).purge),
    guides: allOf((yield* Guides).purge),
    cases: allOf((yield* Cases).purge),
    alerts: allOf((yield* Alerts).purge)
  })
  yield* Effect.logDebug("Swept", gone)
  return gone
})

/** Sweeps every ten minutes, for as long as the process lives. */
export const Housekeeping = {
  layer: Layer.effectDiscard(sweep.pipe(Effect.repeat(Schedule.spaced(pause)), Effect.forkScoped))
}
