import { Effect, Fiber } from "effect"

/**
 * The same work, but one who is interrupted (by a time limit, say) does not wait until the work has let go: an
 * interrupted query waits for its server, and an account finishes what it has begun.
 */
export const unawaited = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.forkDetach(work, { startImmediately: true }), (fiber) =>
    Effect.onInterrupt(Fiber.join(fiber), () => Effect.sync(() => fiber.interruptUnsafe()))
  )
