import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { SqlError } from "effect/sql"
import { readTwoFactor } from "../../account/status.ts"
import { Unavailable } from "../../domain/refusals.ts"
import { AuditTrail } from "../../services/AuditTrail.ts"
import { Api } from "../contract/Api.ts"
import { eventsOfAPage } from "../contract/events.ts"
import { called } from "../requestCaller.ts"
import { RequestReference } from "../requestReference.ts"

const orUnavailable = <Page>(page: Effect.Effect<Page, SqlError.SqlError>) =>
  Effect.catch(page, (error) =>
    Effect.gen(function* () {
      yield* Effect.logWarning("The database did not answer", { reason: error.reason._tag })
      return yield* new Unavailable({ retryAfter: 1, reference: yield* RequestReference })
    })
  )

/** The audit trail. */
export const layer = HttpApiBuilder.group(Api, "events", (handlers) =>
  handlers.handleAll({
    ofAccount: Effect.fnUntraced(function* ({ params: { accountId }, query: { before, limit = eventsOfAPage } }) {
      const trail = yield* AuditTrail
      const page = yield* orUnavailable(trail.ofAccount(accountId, { before, limit }))
      // A deleted account keeps its events; without any it never was.
      if (page.events.length === 0) yield* called(readTwoFactor(accountId))
      return page
    }),
    feed: Effect.fnUntraced(function* ({ query: { after, limit = eventsOfAPage } }) {
      const trail = yield* AuditTrail
      return yield* orUnavailable(trail.feed({ after, limit }))
    })
  })
)
