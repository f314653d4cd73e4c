import { Effect, Layer, type Redacted } from "effect"
import { FetchHttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient, HttpApiMiddleware } from "effect/http-api"
import { Api } from "../../src/http/contract/Api.ts"
import { ApiKey } from "../../src/http/contract/ApiKey.ts"

/** The portal: the typed client of the very values that the server is made from. */
export type Portal = HttpApiClient.ForApi<typeof Api>

const bearing = (key: Redacted.Redacted) =>
  HttpApiMiddleware.layerClient(ApiKey, ({ next, request }) => next(HttpClientRequest.bearerToken(request, key)))

/** A portal that talks to the server there with this API key. */
export const portalAt = (baseUrl: string | URL, key: Redacted.Redacted): Effect.Effect<Portal> =>
  HttpApiClient.make(Api, { baseUrl }).pipe(Effect.provide(Layer.merge(bearing(key), FetchHttpClient.layer)))
