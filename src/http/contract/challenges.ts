import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { SecretText } from "../../domain/contact.ts"
import { NotFound, Unavailable } from "../../domain/refusals.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { Challenge, Outcome } from "../../domain/TwoFactor.ts"
import { ApiKey, readers, Roles } from "./ApiKey.ts"
import { JsonBody } from "./JsonBody.ts"
import { client, idempotent, Resent } from "./request.ts"
import { Validated } from "./Validated.ts"

// Any text: one that is no id names no challenge, which is 404 and not 400.
const ofChallenge = {
  challengeId: Schema.String.annotate({ format: "uuid", description: "`id` of a Challenge" })
}

/** `GET /v1/challenges/{challengeId}` */
const read = HttpApiEndpoint.get("read", "/:challengeId", {
  params: ofChallenge,
  success: Challenge,
  error: [NotFound, Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(OpenApi.annotations({ summary: "Read a challenge, and where its message stands" }))

/** `DELETE /v1/challenges/{challengeId}` */
const cancel = HttpApiEndpoint.delete("cancel", "/:challengeId", {
  params: ofChallenge,
  success: HttpApiSchema.NoContent,
  error: refusalsOf.cancel
}).annotateMerge(
  OpenApi.annotations({ summary: "Cancel a challenge", description: "One that is cancelled already stays so (204)." })
)

/** `POST /v1/challenges/{challengeId}/verify` */
const verify = HttpApiEndpoint.post("verify", "/:challengeId/verify", {
  params: ofChallenge,
  headers: idempotent,
  payload: Schema.Struct({
    code: SecretText(0, 256, {
      description: "The code as it was typed or pasted; everything but its digits is passed over.",
      examples: ["482913"]
    }),
    ...client
  }),
  success: Outcome,
  error: refusalsOf.verify
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Enter the code",
      description: "A wrong code costs one of `attemptsRemaining`; a malformed or an expired one costs nothing."
    })
  )

/** `POST /v1/challenges/{challengeId}/resend` */
const resend = HttpApiEndpoint.post("resend", "/:challengeId/resend", {
  params: ofChallenge,
  headers: idempotent,
  payload: Schema.Struct(client),
  success: Resent,
  error: refusalsOf.resend
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Send the code again",
      description: "The same code while it lives; a new one once it has expired. Not before `resendAfter`."
    })
  )

/** The codes that were asked for. */
export class Challenges extends HttpApiGroup.make("challenges")
  .add(read, cancel, verify, resend)
  .prefix("/v1/challenges")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Challenges", description: "The codes that were asked for." })) {}
