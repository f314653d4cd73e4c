import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import type { Server } from "node:http"
import { performance } from "node:perf_hooks"
import { type WebSocket, WebSocketServer } from "ws"
import { eventually } from "../process.ts"
import { parsed } from "./bodies.ts"
import type { Answered } from "./deliver.ts"
import { bot } from "./people.ts"
import { fieldsOf } from "./shapes.ts"
import type { Workspace } from "./workspace.ts"

type Fields = Readonly<Record<string, unknown>>

/** The kinds of envelopes. */
export type EnvelopeType = "slash_commands" | "interactive" | "events_api"

/** Something for the app, over the socket. */
export interface Envelope {
  readonly type: EnvelopeType
  readonly payload: Fields
  readonly acceptsResponsePayload: boolean
  /** The same id again makes it the same envelope. */
  readonly envelopeId?: string
  readonly retry?: { readonly num: number; readonly reason: string }
}

/** Why Slack takes a connection back. */
export type DisconnectReason = "warning" | "refresh_requested" | "link_disabled"

interface Waiting {
  readonly envelopeId: string
  readonly done: (payload: unknown) => void
}

const patienceMillis = 10_000
const pingMillis = 5000

/** Addresses of sockets: each opens one connection. */
export const tickets = () => {
  const valid = new Set<string>()
  return {
    issue: (origin: string) => {
      const ticket = randomUUID()
      valid.add(ticket)
      return `${origin.replace(/^http/, "ws")}/link/?ticket=${ticket}&app_id=${bot.appId}`
    },
    take: (url: string | undefined) =>
      valid.delete(new URL(url ?? "/", "http://slack").searchParams.get("ticket") ?? "")
  }
}

/** Slack's side of Socket Mode, on the server that has the Web API. */
export const socketMode = (server: Server, workspace: Workspace, ticket: Pick<ReturnType<typeof tickets>, "take">) =>
  Effect.gen(function* () {
    const open = new Set<WebSocket>()
    const waiting = new Set<Waiting>()
    const acks: Array<Fields> = []
    let connections = 0

    const heard = (body: string) => {
      workspace.received.push({ url: "/link", headers: "", body, text: body })
      const ack = fieldsOf(parsed(body))
      if (ack === undefined) return
      acks.push(ack)
      for (const one of [...waiting].filter(({ envelopeId }) => envelopeId === ack["envelope_id"])) {
        waiting.delete(one)
        one.done(ack["payload"])
      }
    }

    const wss = new WebSocketServer({ noServer: true })
    wss.on("connection", (socket: WebSocket) => {
      connections += 1
      open.add(socket)
      const ping = setInterval(() => socket.ping(), pingMillis)
      socket.on("message", (data: Buffer) => heard(data.toString("utf8")))
      socket.on("error", () => socket.terminate())
      socket.on("close", () => {
        clearInterval(ping)
        open.delete(socket)
      })
      socket.ping()
      socket.send(
        JSON.stringify({
          type: "hello",
          num_connections: open.size,
          debug_info: { host: "applink-0", build_number: 1, approximate_connection_time: 18_060 },
          connection_info: { app_id: bot.appId }
        })
      )
    })
    server.on("upgrade", (request, socket, head) => {
      if (ticket.take(request.url))
        wss.handleUpgrade(request, socket, head, (ws) => wss.emit("connection", ws, request))
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
    })

    const cut = Effect.sync(() => {
      for (const socket of open) socket.terminate()
    })
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        cut,
        Effect.callback<void>((resume) => wss.close(() => resume(Effect.void)))
      )
    )

    const connected = eventually(
      Effect.sync(() => [...open].at(-1)),
      "a connection in Socket Mode"
    )

    /** Sends an envelope over the newest connection and waits for its ack, longer than Slack would. */
    const send = Effect.fnUntraced(function* (envelope: Envelope) {
      const socket = yield* connected
      return yield* Effect.callback<Answered & { readonly envelopeId: string }>((resume) => {
        const from = performance.now()
        const envelopeId = envelope.envelopeId ?? randomUUID()
        const answer = (status: number, body: string) => {
          clearTimeout(patience)
          waiting.delete(one)
          resume(Effect.succeed({ status, headers: {}, body, millis: performance.now() - from, envelopeId }))
        }
        const one: Waiting = {
          envelopeId,
          done: (payload) =>
            answer(200, Object.keys(fieldsOf(payload) ?? {}).length === 0 ? "" : JSON.stringify(payload))
        }
        const patience = setTimeout(() => answer(0, "no ack came"), patienceMillis)
        waiting.add(one)
        const { num, reason } = envelope.retry ?? {}
        socket.send(
          JSON.stringify({
            envelope_id: envelopeId,
            type: envelope.type,
            accepts_response_payload: envelope.acceptsResponsePayload,
            ...(num === undefined ? {} : { retry_attempt: num, retry_reason: reason }),
            payload: envelope.payload
          })
        )
        return Effect.sync(() => {
          clearTimeout(patience)
          waiting.delete(one)
        })
      })
    })

    return {
      send,
      /** Waits until the app is connected. */
      connected: Effect.asVoid(connected),
      /** How many connections are open, and how many there ever were. */
      open: () => open.size,
      everOpened: () => connections,
      /** Every acknowledgement, in order. */
      acks,
      /** Asks the app to connect anew. */
      disconnect: (reason: DisconnectReason = "refresh_requested") =>
        Effect.sync(() => {
          for (const socket of open)
            socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "applink-0" } }))
        }),
      /** Cuts all connections without a word. */
      cut
    }
  })

/** Slack's side of Socket Mode. */
export type SocketMode = Effect.Success<ReturnType<typeof socketMode>>
