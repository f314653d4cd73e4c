import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Line } from "../../domain/contact.ts"
import { AccountId } from "../../domain/ids.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { ApiKey } from "./ApiKey.ts"
import { JsonBody } from "./JsonBody.ts"
import { client, grant, idempotent } from "./request.ts"
import { Validated } from "./Validated.ts"

/** The link, as a text: it is a secret for a minute. */
const PortalSession = Schema.Struct({
  url: Schema.String.annotate({ description: "One-time link to the hosted pages: send the person there at once." }),
  expiresAt: Schema.DateTimeUtc
})

/** `POST /v1/portal-sessions` */
const create = HttpApiEndpoint.post("create", "/", {
  headers: idempotent,
  payload: Schema.Struct({
    accountId: AccountId,
    returnUrl: Schema.optionalKey(
      Line(1, 2048, {
        description:
          "Where *Back to the portal* leads; its origin is that of PORTAL_URL or one of REKEY_RETURN_ORIGINS."
      })
    ),
    ...grant,
    ...client
  }),
  success: PortalSession.annotate({ httpApiStatus: 201, description: "The link lives for 60 seconds." }),
  error: refusalsOf.linkPortal
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Lead a person who is signed in at the portal to the hosted pages",
      description:
        "The grant of the sign-in saves them another code; it is consumed when the link is opened. Ask for a new link " +
        "each time."
    })
  )

/** The way to the hosted pages. */
export class PortalSessions extends HttpApiGroup.make("portalSessions")
  .add(create)
  .prefix("/v1/portal-sessions")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Portal sessions", description: "The way to the hosted pages." })) {}
