import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { inTime } from "../../account/ask.ts"
import { readTwoFactor } from "../../account/status.ts"
import { AuditTrail } from "../../services/AuditTrail.ts"
import { Api } from "../contract/Api.ts"
import { ofAPage } from "../contract/request.ts"
import { called } from "../requestCaller.ts"

/** The audit trail. */
export const layer = HttpApiBuilder.group(Api, "events", (handlers) =>
  handlers.handleAll({
    ofAccount: Effect.fnUntraced(function* ({ params: { accountId }, query: { before, limit = ofAPage } }) {
      const trail = yield* AuditTrail
      const page = yield* called(inTime(trail.ofAccount(accountId, { before, limit })))
      // A deleted account keeps its events; without any it never was.
      if (page.events.length === 0) yield* called(readTwoFactor(accountId))
      return page
    }),
    feed: Effect.fnUntraced(function* ({ query: { after, limit = ofAPage } }) {
      const trail = yield* AuditTrail
      return yield* called(inTime(trail.feed({ after, limit })))
    })
  })
)
