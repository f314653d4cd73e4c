import * as NodeSocket from "@effect/platform-node/NodeSocket"
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import { Effect, Layer, Redacted, Scope } from "effect"
import { type RunnerAddress, Runners } from "effect/cluster"
import { RpcClient, RpcSerialization } from "effect/rpc"
import { Socket, SocketServer } from "effect/socket"
import type { Duplex } from "node:stream"
import { connect, type TLSSocket } from "node:tls"
import { KeyRing } from "../KeyRing.ts"

/*
 * What nodes say to each other goes over TLS with a key that only they have (PSK, RFC 4279 and 8442), derived from the key
 * ring: it is encrypted, bound to its connection and its order, and answers are sealed like questions. Whoever does not
 * hold the ring gets no further than the handshake.
 */

/** Forward secrecy, and no certificate: both sides prove that they hold the key. */
const sealing = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2"
} as const

/** A node on the same network answers at once or is gone. */
const connectWithin = "1 second"
const handshakeMillis = 2000

const keyOf = (ring: KeyRing["Service"], id: string): Buffer | null =>
  ring.ids.includes(id) ? Buffer.from(Redacted.value(Effect.runSync(Effect.orDie(ring.get("seal", id))))) : null

/** Listens for other nodes at an address of this one. */
export const server = (
  address: RunnerAddress.RunnerAddress
): Layer.Layer<SocketServer.SocketServer, SocketServer.SocketServerError, KeyRing> =>
  Layer.unwrap(
    KeyRing.useSync((ring) =>
      NodeSocketServer.layerTls({
        ...sealing,
        host: address.host,
        port: address.port,
        handshakeTimeout: handshakeMillis,
        pskCallback: (_, identity) => keyOf(ring, identity)
      })
    )
  )

/** Opens a connection with this key of the ring; fails where the other node does not hold it, or is not there. */
const opened = (ring: KeyRing["Service"], { host, port }: RunnerAddress.RunnerAddress, id: string) =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    let connection: TLSSocket | undefined
    yield* Scope.addFinalizer(
      scope,
      Effect.sync(() => connection?.destroy())
    )
    return yield* Effect.callback<Duplex, Socket.SocketError>((resume) => {
      connection = connect({
        ...sealing,
        host,
        port,
        // there is no certificate to look at: the key is the identity
        checkServerIdentity: () => undefined,
        pskCallback: () => ({ identity: id, psk: keyOf(ring, id) ?? Buffer.alloc(0) })
      })
      const made = connection
      made.once("secureConnect", () => resume(Effect.succeed(made)))
      made.on("error", (cause) =>
        resume(Effect.fail(new Socket.SocketError({ reason: new Socket.SocketOpenError({ kind: "Unknown", cause }) })))
      )
    })
  })

/**
 * Connections to other nodes. The oldest key goes first, since all nodes hold it while a new one is put in front; the
 * others follow, for the time in which it is taken away.
 */
export const client: Layer.Layer<Runners.RpcClientProtocol, never, RpcSerialization.RpcSerialization | KeyRing> =
  Layer.effect(
    Runners.RpcClientProtocol,
    Effect.gen(function* () {
      const ring = yield* KeyRing
      const serialization = yield* RpcSerialization.RpcSerialization
      const ids = ring.ids.toReversed()
      return {
        codecFor: serialization.codecFor,
        make: Effect.fnUntraced(function* (address: RunnerAddress.RunnerAddress) {
          const [first, ...others] = ids.map((id) => opened(ring, address, id))
          const open = others.reduce(
            (former, next) => Effect.catch(former, () => next),
            first ?? Effect.die(new Error("The key ring is empty"))
          )
          const socket = yield* NodeSocket.fromDuplex(open, { openTimeout: connectWithin })
          return yield* RpcClient.makeProtocolSocket().pipe(
            Effect.provideService(Socket.Socket, socket),
            Effect.provideService(RpcSerialization.RpcSerialization, serialization)
          )
        }, Effect.orDie)
      }
    })
  )
