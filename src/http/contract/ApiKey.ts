import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { Forbidden, Unauthorized } from "../../domain/edgeRefusals.ts"
import type { KeyHolder, Role } from "../ApiKeys.ts"

/** Whoever's API key the request bears; the account that is acted on comes from the path (S-55). */
export class Principal extends Context.Service<Principal, KeyHolder>()("rekey/Principal") {}

/** Annotation of an endpoint: the roles that may call it. */
export const Roles = Context.Reference<ReadonlyArray<Role>>("rekey/Roles", { defaultValue: () => ["portal"] })

/** What only reads: support may, too. */
export const readers: ReadonlyArray<Role> = ["portal", "support"]

/** What a portal does for its support, and support itself. */
export const staff: ReadonlyArray<Role> = ["portal", "support"]

/** What only support does. */
export const supporters: ReadonlyArray<Role> = ["support"]

/** `Authorization: Bearer <API key>`: 401 without a known key, 403 where its role may not make the call. */
export class ApiKey extends HttpApiMiddleware.Service<ApiKey, { provides: Principal; requires: never }>()(
  "rekey/ApiKey",
  {
    requiredForClient: true,
    security: {
      apiKey: HttpApiSecurity.bearer.pipe(
        HttpApiSecurity.annotate(OpenApi.Description, "One of the keys of REKEY_API_KEY; locally the start prints one.")
      )
    },
    error: [Unauthorized, Forbidden]
  }
) {}
