import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Email, Locale, Name, Password, Phone, SecretText, TimeZone } from "../../domain/contact.ts"
import { MethodId } from "../../domain/ids.ts"
import { NotFound, Unavailable } from "../../domain/refusals.ts"
import { refusalsOf } from "../../domain/refusalsOf.ts"
import { Account, Outcome } from "../../domain/TwoFactor.ts"
import { ApiKey, readers, Roles } from "./ApiKey.ts"
import { JsonBody } from "./JsonBody.ts"
import { client, idempotent, ofAccount, password, Started } from "./request.ts"
import { Validated } from "./Validated.ts"

const cleared = <Field extends Schema.Top>(field: Field) => Schema.optionalKey(Schema.NullOr(field))

const Import = Schema.Struct({
  email: Schema.optionalKey(Email),
  phone: cleared(Phone),
  name: cleared(Name),
  locale: cleared(Locale),
  timeZone: cleared(TimeZone),
  password: Schema.optionalKey(Password),
  passwordHash: Schema.optionalKey(
    SecretText(1, 8192, {
      description:
        "PHC argon2i or argon2id, $2a$ $2b$ $2y$, PHC scrypt, Django's pbkdf2_sha256$…, Keycloak's JSON, phpass $P$, " +
        "{SSHA} or $6$."
    })
  ),
  twoFactor: Schema.optionalKey(
    MethodId.annotate({ description: "On creation: a method that the portal had verified, at the registered contact." })
  )
})

/** `PUT /v1/accounts/{accountId}` */
const register = HttpApiEndpoint.put("register", "/:accountId", {
  params: ofAccount,
  payload: Import,
  success: [Account, Account.annotate({ httpApiStatus: 201, description: "The account was created." })],
  error: refusalsOf.importAccount
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Register an account, or take over what has changed",
      description:
        "On creation `email` and exactly one of `password` and `passwordHash` are required. On update an omitted field " +
        "stays and null clears it. Protection that is managed here changes only by set-up, change and disable."
    })
  )

/** `GET /v1/accounts/{accountId}` */
const read = HttpApiEndpoint.get("read", "/:accountId", {
  params: ofAccount,
  success: Account,
  error: [NotFound, Unavailable]
})
  .annotate(Roles, readers)
  .annotateMerge(OpenApi.annotations({ summary: "Read an account; its contacts are masked" }))

/** `DELETE /v1/accounts/{accountId}` */
const remove = HttpApiEndpoint.delete("remove", "/:accountId", {
  params: ofAccount,
  success: HttpApiSchema.NoContent,
  error: refusalsOf.deleteAccount
}).annotateMerge(OpenApi.annotations({ summary: "Delete an account and all of it but its audit trail" }))

/** `POST /v1/accounts/{accountId}/sign-in` */
const signIn = HttpApiEndpoint.post("signIn", "/:accountId/sign-in", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct({ ...password, ...client }),
  success: [Outcome.annotate({ description: "No method is on: signed in." }), Started],
  error: refusalsOf.signIn
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Sign in with the password",
      description: "Where a method is on, a code goes to it and `verify` of the challenge completes the sign-in."
    })
  )

/** `POST /v1/accounts/{accountId}/step-up` */
const stepUp = HttpApiEndpoint.post("stepUp", "/:accountId/step-up", {
  params: ofAccount,
  headers: idempotent,
  payload: Schema.Struct(client),
  success: Started,
  error: refusalsOf.stepUp
})
  .middleware(JsonBody)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Ask for a fresh proof of the current method",
      description: "`verify` of the challenge answers with the grant that `disable` and `change` want."
    })
  )

/** What the portal registers, and who signs in. */
export class Accounts extends HttpApiGroup.make("accounts")
  .add(register, read, remove, signIn, stepUp)
  .prefix("/v1/accounts")
  .middleware(Validated)
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Accounts", description: "Customers as the portal registered them." })) {}
