import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { NotFound, Unavailable } from "../../domain/refusals.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { TwoFactor, WaitingReset } from "../../domain/TwoFactor.ts"
import { ApiKey, readers, Roles, supporters } from "./ApiKey.ts"
import { JsonBody } from "./JsonBody.ts"
import { client, grant, idempotent, newMethod, ofAccount, password, resetRequest, Started } from "./request.ts"
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

/** `POST /v1/accounts/{accountId}/two-factor/reset` */
const requestReset = HttpApiEndpoint.post("requestReset", "/reset", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct({ ...resetRequest, ...client }),
  success: WaitingReset.annotate({ httpApiStatus: 202, description: "The reset waits; every address is told." }),
  error: refusalsOf.requestReset
})
  .middleware(JsonBody)
  .annotate(Roles, supporters)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Ask for a reset, where the method is lost",
      description:
        "Role support. Every address is told and can stop it; at `executesAt` the account is `disabled` with " +
        "`mustEnrol`. While one waits, asking again answers with that one. A change of protection by the owner cancels it."
    })
  )

/** `DELETE /v1/accounts/{accountId}/two-factor/reset` */
const cancelReset = HttpApiEndpoint.delete("cancelReset", "/reset", {
  params: ofAccount,
  success: HttpApiSchema.NoContent,
  error: refusalsOf.cancelReset
})
  .annotate(Roles, supporters)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Take a reset back",
      description: "Role support. Every address is told. Where none waits there is nothing to do (204)."
    })
  )

/** `DELETE /v1/accounts/{accountId}/two-factor/report` */
const liftReport = HttpApiEndpoint.delete("liftReport", "/report", {
  params: ofAccount,
  success: HttpApiSchema.NoContent,
  error: refusalsOf.liftBySupport
})
  .annotate(Roles, supporters)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Lift the freeze that an owner put on an account",
      description:
        "Role support, once it has verified the person. Where there is no freeze there is nothing to do (204)."
    })
  )

/** How an account is protected, and changing it. */
export class TwoFactorGroup extends HttpApiGroup.make("twoFactor")
  .add(status, disable, setUp, change, requestReset, cancelReset, liftReport)
  .prefix("/v1/accounts/:accountId/two-factor")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(
    OpenApi.annotations({ title: "Two-factor", description: "How an account is protected, and changing it." })
  ) {}
