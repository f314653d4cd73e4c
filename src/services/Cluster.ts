import { Layer, Option } from "effect"
import {
  MessageStorage,
  RunnerAddress,
  RunnerHealth,
  Runners,
  RunnerStorage,
  Sharding,
  ShardingConfig
} from "effect/cluster"

/** The same on every node of a cluster, now and later. */
const shards = 64

/** More than fit into memory at once would be refused; idle ones leave after five minutes. */
const residentAtMost = 200_000

/**
 * The runtime of the account actors in one process: it owns every shard, and no message is stored, since what survives
 * a crash is the idempotency row, not a mailbox. The address is pinned: `HOST` and `PORT` are the web server's.
 */
export const layer: Layer.Layer<Sharding.Sharding> = Sharding.layer.pipe(
  Layer.provide(Runners.layerNoop),
  Layer.provide([MessageStorage.layerNoop, RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
  Layer.provide(
    ShardingConfig.layer({
      runnerAddress: Option.some(RunnerAddress.make("single", 1)),
      shardsPerGroup: shards,
      maxResidentEntities: residentAtMost,
      // One process: a message has no wire to cross.
      simulateRemoteSerialization: false
    })
  )
)
