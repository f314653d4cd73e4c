import { Effect, Layer, Option } from "effect"
import {
  MessageStorage,
  RunnerAddress,
  RunnerHealth,
  Runners,
  RunnerStorage,
  Sharding,
  ShardingConfig,
  SocketRunner,
  SqlRunnerStorage
} from "effect/cluster"
import { RpcSerialization } from "effect/rpc"
import { Settings } from "../settings.ts"
import { ownAddress } from "./cluster/ownAddress.ts"
import * as sealedSockets from "./cluster/sealedSockets.ts"

/** The same on every node of a cluster, now and later. */
const shards = 64

/** More than fit into memory at once would be refused; idle ones leave after seconds. */
const residentAtMost = 200_000

const common = { shardsPerGroup: shards, maxResidentEntities: residentAtMost } as const

/**
 * One process: it owns every shard, and no message is stored, since what survives a crash is the idempotency row, not a
 * mailbox. The address is pinned: `HOST` and `PORT` are the web server's.
 */
const single: Layer.Layer<Sharding.Sharding> = Sharding.layer.pipe(
  Layer.provide(Runners.layerNoop),
  Layer.provide([MessageStorage.layerNoop, RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
  Layer.provide(
    ShardingConfig.layer({
      ...common,
      runnerAddress: Option.some(RunnerAddress.make("single", 1)),
      // One process: a message has no wire to cross.
      simulateRemoteSerialization: false
    })
  )
)

/**
 * Several processes over one database. A node that dies loses its shards after `shardLockExpiration`; one that leaves hands
 * them over at once. Messages are JSON, so that a release and the next one understand each other.
 */
const nodes = (address: RunnerAddress.RunnerAddress) =>
  SocketRunner.layer.pipe(
    Layer.provide(RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc), Layer.provide(sealedSockets.client))),
    Layer.provide([sealedSockets.server(address), sealedSockets.client]),
    Layer.provide(MessageStorage.layerNoop),
    Layer.provide(Layer.orDie(SqlRunnerStorage.layer)),
    Layer.provide(
      ShardingConfig.layer({
        ...common,
        runnerAddress: Option.some(address),
        shardLockExpiration: "8 seconds",
        refreshAssignmentsInterval: "1 second",
        runnerHealthCheckInterval: "5 seconds",
        // no messages are stored; this is how soon shards are asked for again after the database failed
        entityMessagePollInterval: "1 second",
        entityTerminationTimeout: "5 seconds",
        simulateRemoteSerialization: false
      })
    ),
    Layer.provide(RpcSerialization.layerNdjson)
  )

/** The runtime of the account actors: in this process alone, or shared with the other nodes where a port is set for them. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { clusterPort, clusterHost } = yield* Settings
    return clusterPort === undefined ? single : nodes(yield* ownAddress(clusterHost, clusterPort))
  })
)
