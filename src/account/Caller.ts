import { Context, type Effect } from "effect"
import type { Actor } from "../domain/ids.ts"
import type { IdempotencyDigests } from "../domain/idempotency.ts"
import type { Client } from "../domain/letters.ts"
import type { ActingSession } from "../domain/sessions.ts"

/** Who asks, as the surface that took the request knows it; one per request. */
export class Caller extends Context.Service<
  Caller,
  {
    /** For the audit trail: who acts. */
    readonly actor: Actor
    /** `E-7F3K9Q`: in the answer, the log and the audit trail. */
    readonly reference: string
    /** The person at the portal, for audit and notices; never for authorisation. */
    readonly client: Client | undefined
    /** What per-source budgets are kept for: the client's IPv4 address or IPv6 /64. */
    readonly source: string | undefined
    /** One for each key of the ring, the one for new rows first; empty without an Idempotency-Key. */
    readonly idempotency: ReadonlyArray<IdempotencyDigests>
    /**
     * The session of the hosted pages that asks, in the epoch that it was seen in; it alone goes on after a change, and
     * does nothing once another change has ended it (S-48).
     */
    readonly session?: ActingSession | undefined
    /** To be run when the answer is that of an earlier call. */
    readonly replayed: Effect.Effect<void>
  }
>()("rekey/Caller") {}
