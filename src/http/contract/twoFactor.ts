import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { NotFound, Unavailable } from "../../domain/refusals.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { TwoFactor } from "../../domain/TwoFactor.ts"
import { ApiKey, readers, Roles } from "./ApiKey.ts"
import { JsonBody } from "./JsonBody.ts"
import { client, grant, idempotent, newMethod, ofAccount, password, Started } from "./request.ts"
import { Validated } from "./Validated.ts"

/** `GET /v1/accounts/{accountId}/two-factor` */
const status = HttpApiEndpoint.get("status", "/", {
  params: ofAccount,
  success: TwoFactor,
  error: [NotFound, Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Read how an account is protected",
      description: "`allowed` lists what can be done now; `pending` is the set-up or change that waits for its code."
    })
  )

/** `POST /v1/accounts/{accountId}/two-factor/disable` */
const disable = HttpApiEndpoint.post("disable", "/disable", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct({ ...password, ...grant, ...client }),
  success: TwoFactor,
  error: refusalsOf.disable
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Turn two-factor authentication off",
      description: "The owner is told at every address on file. To move to another method use `change` instead."
    })
  )

/** `POST /v1/accounts/{accountId}/two-factor/setup` */
const setUp = HttpApiEndpoint.post("setup", "/setup", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct({ ...newMethod, ...password, ...client }),
  success: Started,
  error: refusalsOf.setUp
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Set up a method where none is on",
      description: "A code goes to the destination; the method is on once it is verified."
    })
  )

/** `POST /v1/accounts/{accountId}/two-factor/change` */
const change = HttpApiEndpoint.post("change", "/change", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct({ ...newMethod, ...password, ...grant, ...client }),
  success: Started,
  error: refusalsOf.changeMethod
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Change to another method or destination",
      description: "The old method stays in force until the code is verified; then both flip in one commit."
    })
  )

/** How an account is protected, and changing it. */
export class TwoFactorGroup extends HttpApiGroup.make("twoFactor")
  .add(status, disable, setUp, change)
  .prefix("/v1/accounts/:accountId/two-factor")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(
    OpenApi.annotations({ title: "Two-factor", description: "How an account is protected, and changing it." })
  ) {}
