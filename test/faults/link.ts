import { Effect } from "effect"
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net"

/** What a link does with what comes: pass it on, end it, hold it back, or let it through byte by byte. */
export type Way = "through" | "cut" | "stalled" | "dripping"

/** Sees both directions of one connection, and decides what goes on. */
export interface Tap {
  readonly toServer: (chunk: Buffer) => void
  readonly toClient: (chunk: Buffer) => void
}

/** The two ends that a tap writes to. */
export interface Ends {
  readonly client: Socket
  readonly server: Socket
}

/** A TCP connection of the product that leads through the harness. */
export interface Link {
  readonly port: number
  /** For what is open, and for what is opened from now on. */
  readonly be: (way: Way) => void
  /** Ends whatever is open. */
  readonly drop: () => void
}

const dripEveryMillis = 15

const drip = (to: Socket, chunk: Buffer) =>
  chunk.forEach((byte, place) => {
    const timer = setTimeout(() => to.writable && to.write(Buffer.of(byte)), place * dripEveryMillis)
    to.once("close", () => clearTimeout(timer))
    to.setMaxListeners(0)
  })

/** Listens on loopback and connects to `target` for each client. */
export const aLink = Effect.fn("aLink")(function* (
  target: NetConnectOpts,
  { port = 0, tap }: { readonly port?: number; readonly tap?: (ends: Ends) => Tap } = {}
) {
  let way: Way = "through"
  const open = new Set<Ends>()
  const end = ({ client, server }: Ends) => {
    client.destroy()
    server.destroy()
  }
  const drop = () => {
    for (const ends of open) end(ends)
  }
  const hold = ({ client, server }: Ends) => {
    for (const socket of [client, server]) {
      if (way === "stalled") socket.pause()
      else socket.resume()
    }
  }
  const plain = ({ client, server }: Ends): Tap => ({
    toServer: (chunk) => server.write(chunk),
    toClient: (chunk) => (way === "dripping" ? drip(client, chunk) : client.write(chunk))
  })
  const listener = createServer((client) => {
    if (way === "cut") return client.destroy()
    const ends: Ends = { client, server: connect(target) }
    const { toServer, toClient } = (tap ?? plain)(ends)
    open.add(ends)
    client.setNoDelay(true)
    ends.server.setNoDelay(true)
    for (const socket of [client, ends.server]) {
      socket.on("error", () => end(ends))
      socket.on("close", () => {
        end(ends)
        open.delete(ends)
      })
    }
    client.on("data", toServer)
    ends.server.on("data", toClient)
    hold(ends)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      listener.listen(port, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        listener.close()
        drop()
      })
  )
  const address = listener.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    be: (next) => {
      way = next
      if (way === "cut") drop()
      else for (const ends of open) hold(ends)
    },
    drop
  } satisfies Link
})
