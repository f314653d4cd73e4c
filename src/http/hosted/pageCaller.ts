import { Effect, Option, Predicate, Schedule } from "effect"
import type { HttpServerRequest } from "effect/http"
import { Caller } from "../../account/Caller.ts"
import type { IdempotencyDigests } from "../../domain/idempotency.ts"
import type { ActingSession } from "../../domain/sessions.ts"
import { Idempotency } from "../../services/Idempotency.ts"
import { Settings } from "../../settings.ts"
import { clientAddress } from "../clientAddress.ts"
import { digestsUnder, sourceOf } from "../requestCaller.ts"
import { RequestReference } from "../requestReference.ts"
import type { Form } from "./form.ts"

/** A form that may come twice: whose page it was, at which address, and the nonce of that rendering. */
export interface Submitted {
  readonly owner: string
  readonly path: string
  readonly form: Form
  /** To be run when the answer is that of the first of two equal forms. */
  readonly noteReplay?: Effect.Effect<void>
}

/** The address of the person: the peer, or what trusted proxies say of it (S-34). */
const addressOf = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const { trustedProxies } = yield* Settings
  return clientAddress(trustedProxies)({
    peer: Option.getOrUndefined(request.remoteAddress),
    forwardedFor: request.headers["x-forwarded-for"]
  })
})

const callerFor = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  session: ActingSession | undefined,
  idempotency: ReadonlyArray<IdempotencyDigests>,
  replayed: Effect.Effect<void> = Effect.void
) {
  const ip = yield* addressOf(request)
  const userAgent = request.headers["user-agent"]
  return Caller.of({
    actor: "customer",
    reference: yield* RequestReference,
    client: { ...(ip === undefined ? {} : { ip }), ...(userAgent === undefined ? {} : { userAgent }) },
    source: sourceOf(ip),
    idempotency,
    session,
    replayed
  })
})

/** Runs what a person looks at. */
export const asPerson =
  (request: HttpServerRequest.HttpServerRequest, session?: ActingSession) =>
  <A, E, R>(program: Effect.Effect<A, E, R>) =>
    Effect.flatMap(callerFor(request, session, []), (caller) => Effect.provideService(program, Caller, caller))

/**
 * Runs what a person asks for by a form. A form that is sent twice from one rendering, as by a double click, is one
 * call: the second waits for the first and gets its answer. One that was kept by the browser and filled in anew is new.
 */
export const asPersonOnce =
  (
    request: HttpServerRequest.HttpServerRequest,
    session: ActingSession | undefined,
    { owner, path, form, noteReplay }: Submitted
  ) =>
  <A, E, R>(program: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const idempotency = yield* Idempotency
      const once = form.text("once")
      const scope = JSON.stringify(["page", owner, path, once])
      const digests = once === "" ? [] : yield* digestsUnder(scope, form.body)
      const caller = yield* callerFor(request, session, digests, noteReplay)
      return yield* idempotency.running(digests, caller.reference, Effect.provideService(program, Caller, caller)).pipe(
        Effect.retry({
          while: (error) => Predicate.isTagged(error, "IdempotencyInProgress"),
          schedule: Schedule.spaced("100 millis"),
          times: 50
        }),
        Effect.catchIf(
          (error) => Predicate.isTagged(error, "IdempotencyConflict"),
          () => Effect.provideService(program, Caller, { ...caller, idempotency: [] })
        )
      )
    })
