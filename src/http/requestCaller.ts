import { Effect, Redacted } from "effect"
import { HttpEffect, type HttpServerRequest, HttpServerResponse } from "effect/http"
import ipaddr from "ipaddr.js"
import { createHmac } from "node:crypto"
import { Caller } from "../account/Caller.ts"
import type { Actor } from "../domain/ids.ts"
import type { IdempotencyDigests } from "../domain/idempotency.ts"
import type { Client } from "../domain/letters.ts"
import { Idempotency } from "../services/Idempotency.ts"
import { KeyRing } from "../services/KeyRing.ts"
import { Principal } from "./contract/ApiKey.ts"
import { RequestReference } from "./requestReference.ts"

/** What per-source budgets are kept for: an IPv4 address, also where it came inside IPv6, or the /64 of an IPv6 one. */
export const sourceOf = (ip: string | undefined): string | undefined => {
  if (ip === undefined || !ipaddr.isValid(ip)) return undefined
  const address = ipaddr.process(ip)
  if (address instanceof ipaddr.IPv4) return address.toString()
  const network = new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0])
  return `${network.toString()}/64`
}

/** What a handler is given, as far as it says who asks and what is repeated. */
interface Posted {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly endpoint: { readonly method: string; readonly path: string }
  readonly params?: Readonly<Record<string, string>>
  readonly headers: { readonly "idempotency-key"?: string }
  readonly payload: { readonly client?: Client }
}

/** The keyed digests under which a repeat is recognised, one for each key of the ring. */
export const digestsUnder = Effect.fnUntraced(function* (scope: string, body: string | Uint8Array) {
  const ring = yield* KeyRing
  return yield* Effect.forEach(ring.ids, (id) =>
    Effect.map(Effect.orDie(ring.get("request", id)), (secret): IdempotencyDigests => {
      const digest = (use: string, content: string | Uint8Array) =>
        createHmac("sha256", Redacted.value(secret)).update(`${use}\n`).update(content).digest("hex")
      return { scope: digest("scope", scope), body: digest("body", body) }
    })
  )
})

/**
 * Of a call of the API. The scope is made from the declared path and its parameters, so that another spelling of the
 * same address is the same call.
 */
const digestsOf = Effect.fnUntraced(function* ({ request, endpoint, params = {}, headers }: Posted) {
  const key = headers["idempotency-key"]
  if (key === undefined) return []
  const principal = yield* Principal
  const scope = JSON.stringify([principal.id, endpoint.method, endpoint.path, params, key])
  // Read and kept when the payload was decoded.
  return yield* digestsUnder(scope, new Uint8Array(yield* Effect.orDie(request.arrayBuffer)))
})

/** Says of the answer to this request that it is the one of an earlier call. */
const markReplayed = HttpEffect.appendPreResponseHandler((_, response) =>
  Effect.succeed(HttpServerResponse.setHeader(response, "idempotent-replayed", "true"))
)

/** Runs what a GET, PUT or DELETE asks for: nobody but the portal, or its support, is known to have asked. */
export const called = <A, E, R>(program: Effect.Effect<A, E, R>, actor: Actor = "portal") =>
  Effect.flatMap(RequestReference, (reference) =>
    Effect.provideService(program, Caller, {
      actor,
      reference,
      client: undefined,
      source: undefined,
      idempotency: [],
      replayed: Effect.void
    })
  )

/** Runs what a POST asks for, on behalf of the person that it describes; once for each Idempotency-Key (S-15). */
export const posted = <A, E, R>(given: Posted, program: Effect.Effect<A, E, R>, actor: Actor = "customer") =>
  Effect.gen(function* () {
    const idempotency = yield* Idempotency
    const reference = yield* RequestReference
    const request = yield* Effect.context<HttpServerRequest.HttpServerRequest>()
    const digests = yield* digestsOf(given)
    const { client } = given.payload
    const call = Effect.provideService(program, Caller, {
      actor,
      reference,
      client,
      source: sourceOf(client?.ip),
      idempotency: digests,
      replayed: Effect.provideContext(markReplayed, request)
    })
    return yield* idempotency.running(digests, reference, call)
  })
