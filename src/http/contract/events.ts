import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { NotFound, Unavailable } from "../../domain/refusals.ts"
import { Event } from "../../domain/TwoFactor.ts"
import { ApiKey, readers, Roles } from "./ApiKey.ts"
import { cursor, Limit, ofAccount } from "./request.ts"
import { Validated } from "./Validated.ts"

/** `GET /v1/accounts/{accountId}/events` */
const ofOne = HttpApiEndpoint.get("ofAccount", "/v1/accounts/:accountId/events", {
  params: ofAccount,
  query: { before: Schema.optionalKey(cursor(/^[0-9]{1,18}$/u)), limit: Schema.optionalKey(Limit) },
  success: Schema.Struct({
    events: Schema.Array(Event),
    next: Schema.NullOr(Schema.String).annotate({ description: "null at the end" })
  }),
  error: [NotFound, Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(OpenApi.annotations({ summary: "Read what happened to an account, newest first" }))

/** `GET /v1/events` */
const feed = HttpApiEndpoint.get("feed", "/v1/events", {
  query: {
    after: Schema.optionalKey(cursor(/^[0-9]{1,9}-[0-9]{1,19}-[0-9]{1,18}$/u)),
    limit: Schema.optionalKey(Limit)
  },
  success: Schema.Struct({
    events: Schema.Array(Event),
    next: Schema.String.annotate({ description: "always set: `after` of the next request" })
  }),
  error: [Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Follow what happens to all accounts, oldest first",
      description: "The feed that a portal follows: ask again with `next`; it never skips an event."
    })
  )

/** The audit trail. */
export class Events extends HttpApiGroup.make("events")
  .add(ofOne, feed)
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Events", description: "The audit trail." })) {}
