import { Context, Effect, Layer } from "effect"
import type { AccountId } from "../domain/ids.ts"
import type { Snapshot } from "../services/TwoFactorStore.ts"
import type { By } from "./protocol.ts"

/** Which call a snapshot belongs to. */
export interface Call {
  readonly accountId: AccountId
  readonly by: Pick<By, "reference">
}

const nameOf = ({ accountId, by }: Call): string => `${by.reference} ${accountId}`

/**
 * What the edge has read of an account, waiting for the actor of the same process, so that a step costs one read. It
 * holds a password hash and never travels: an actor on another node reads for itself.
 */
export class HandedOver extends Context.Service<
  HandedOver,
  {
    /** Has the snapshot wait while the call to the actor runs. */
    waiting<A, E, R>(snapshot: Snapshot, call: Call, sent: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** The snapshot of a call, to be had once. */
    taken(call: Call): Effect.Effect<Snapshot | undefined>
  }
>()("rekey/HandedOver") {
  static readonly layer = Layer.sync(HandedOver, () => {
    const snapshots = new Map<string, Snapshot>()
    return HandedOver.of({
      waiting: (snapshot, call, sent) =>
        Effect.suspend(() => {
          snapshots.set(nameOf(call), snapshot)
          return Effect.ensuring(
            sent,
            Effect.sync(() => snapshots.delete(nameOf(call)))
          )
        }),
      taken: (call) =>
        Effect.sync(() => {
          const snapshot = snapshots.get(nameOf(call))
          snapshots.delete(nameOf(call))
          return snapshot
        })
    })
  })
}
