import { Server, type ServerOptions, STATUS_CODES, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { problem, type Problem } from "./edgeProblems.ts"
import { securityHeaders } from "./headers.ts"
import { finished } from "./problems.ts"

/** How long a stop waits for what is in flight. */
export const graceMillis = 10_000

/**
 * The limits of a connection (S-80). The checks run often, so a slow client is dropped on time, and of a crowd that came
 * within a second only a few at a time: all of them at once would hold up everybody else.
 */
const limits: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 50,
  // The edge checks that itself, to answer with a problem.
  requireHostHeader: false,
  shouldUpgradeCallback: () => false
}

/** For longer than this no client may leave an answer unread. */
const stalledMillis = 60_000

/** What the parser of HTTP objects to, as a problem. */
const problemOf = (code: string | undefined): Problem => {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problem("request_timeout")
    case "HPE_HEADER_OVERFLOW":
      return problem("headers_too_large")
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return problem("payload_too_large")
    default:
      return problem("validation_failed", { detail: "This is not HTTP/1.1. Nothing was changed." })
  }
}

const rawResponse = (given: Problem, publicUrl: URL): string => {
  const body = JSON.stringify(given)
  return [
    `HTTP/1.1 ${given.status} ${STATUS_CODES[given.status] ?? "Error"}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(securityHeaders(publicUrl)).map(([name, value]) => `${name}: ${value}`),
    "Connection: close",
    "",
    body
  ].join("\r\n")
}

/** What a connection error is told to. */
export interface Heard {
  readonly publicUrl: URL
  readonly newReference: () => string
  readonly refused: (told: Problem) => void
}

/**
 * The server of node with our limits. What never becomes a request is answered with a problem too. `close` lets what
 * is in flight end, and cuts what is left after the time of grace, which node by itself would wait for.
 */
export class BoundedServer extends Server {
  constructor({ publicUrl, newReference, refused }: Heard, overriding: ServerOptions = {}) {
    super({ ...limits, ...overriding })
    this.setTimeout(stalledMillis)
    const answers = new WeakMap<Socket, ServerResponse>()
    for (const event of ["request", "checkContinue"] as const)
      this.on(event, (request, response) => answers.set(request.socket, response))
    // An expectation that nobody knows may be passed over (RFC 9110 §10.1.1); by itself node refuses it without a problem.
    this.on("checkExpectation", (request, response) => this.emit("request", request, response))
    this.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
      const answer = answers.get(socket)
      // A second answer to the same request would be taken for that of the next one.
      const answered = answer?.headersSent === true && !(answer.writableFinished && answer.req.complete)
      if (error.code === "ECONNRESET" || !socket.writable || answered) {
        socket.destroy()
        return
      }
      const told = finished(problemOf(error.code), { publicUrl, reference: newReference() })
      refused(told)
      socket.end(rawResponse(told, publicUrl), () => socket.destroy())
    })
  }

  override close(done?: (error?: Error) => void): this {
    const cut = setTimeout(() => this.closeAllConnections(), graceMillis)
    return super.close((error) => {
      clearTimeout(cut)
      done?.(error)
    })
  }
}
