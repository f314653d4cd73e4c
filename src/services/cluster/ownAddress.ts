import { Data, Effect } from "effect"
import { RunnerAddress } from "effect/cluster"
import { lookup } from "node:dns/promises"
import { isPrivateAddress } from "../../domain/privateAddress.ts"

/** This node cannot be reached by the others as it is configured. */
export class ClusterFault extends Data.TaggedError("ClusterFault")<{ readonly message: string }> {}

/** Where the other nodes reach this one: `host` looked up, and refused where it leads out of a private network. */
export const ownAddress = Effect.fnUntraced(function* (host: string, port: number) {
  const { address } = yield* Effect.tryPromise({
    try: () => lookup(host),
    catch: () => new ClusterFault({ message: `REKEY_CLUSTER_HOST is ${host}, and that name leads to no address.` })
  })
  if (!isPrivateAddress(address)) {
    const message = `REKEY_CLUSTER_HOST leads to ${address}, which is not in a private network: nobody else may reach that port.`
    return yield* new ClusterFault({ message })
  }
  return RunnerAddress.make(address, port)
})
