import { Effect } from "effect"
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net"

/**
 * A way to a server that can fall silent: it goes on accepting and reading, and nothing comes back any more. Without a
 * server behind it is silent from the start.
 */
export const silentServer = (behind?: NetConnectOpts) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly fallSilent: () => void; readonly close: () => void }>(
      (resume) => {
        let silent = behind === undefined
        const open = new Set<Socket>()
        const kept = (socket: Socket) => {
          open.add(socket)
          socket.on("error", () => socket.destroy())
          socket.on("close", () => open.delete(socket))
        }
        const server = createServer((socket) => {
          kept(socket)
          if (silent || behind === undefined) {
            socket.resume()
            return
          }
          const onward = connect(behind)
          kept(onward)
          socket.on("data", (chunk) => silent || onward.write(chunk))
          onward.on("data", (chunk) => silent || socket.write(chunk))
          socket.on("close", () => onward.destroy())
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(
            Effect.succeed({
              port: typeof address === "object" && address !== null ? address.port : 0,
              fallSilent: () => {
                silent = true
              },
              close: () => {
                for (const socket of open) socket.destroy()
                server.close()
              }
            })
          )
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )
