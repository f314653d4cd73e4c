import { Effect } from "effect"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { argumentsIn, readable } from "./bodies.ts"
import type { Fault, FaultSwitches } from "./faults.ts"
import { respondTo } from "./responseUrl.ts"
import { fieldsOf } from "./shapes.ts"
import { webApi } from "./webApi.ts"
import type { Workspace } from "./workspace.ts"

/** What is sent back, or nothing: then the connection stays open or is cut. */
type Reply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
type Outcome = Reply | "hanging" | "cut"

/** Slack's side as one server knows it. */
export interface Side {
  readonly workspace: Workspace
  readonly faults: FaultSwitches
  readonly tokens: { readonly bot: string; readonly app: string }
  readonly enterprise: string | null
  readonly socketUrl: () => string
}

const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(body)
})
const tooSoon = (seconds: number) => json({ ok: false, error: "ratelimited" }, 429, { "retry-after": String(seconds) })
const broken: Reply = { status: 500, headers: { "content-type": "text/html" }, body: "<h1>Server Error</h1>" }

/** What becomes of a request under a fault; `done` does what was asked. */
const under = (fault: Fault | undefined, done: () => readonly [Reply, string]): readonly [Outcome, string] => {
  switch (fault?.kind) {
    case undefined:
      return done()
    case "rateLimited":
      return [tooSoon(fault.seconds), "ratelimited"]
    case "broken":
      return [broken, "broken"]
    case "hanging":
      return ["hanging", "hanging"]
    case "refused":
      return [json({ ok: false, error: fault.error }), fault.error]
    case "afterwards": {
      const [, outcome] = done()
      return [fault.answer === "broken" ? broken : fault.answer, `${outcome}, ${fault.answer} afterwards`]
    }
  }
}

const paced = new Set(["chat.postMessage", "chat.update"])

const apiCall = (side: Side, method: string, request: IncomingMessage, body: string): Outcome => {
  const { workspace, faults, tokens, enterprise, socketUrl } = side
  const args = argumentsIn(body, request.headers["content-type"])
  const inQuery = Object.fromEntries(new URL(request.url ?? "/", "http://slack").searchParams)
  const asked = { ...inQuery, ...args }
  const channel = workspace.channelOf(asked["channel"])
  const call = { method, at: workspace.now(), args: asked, outcome: "" }
  workspace.calls.push(call)
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? asked["token"]
  const [reply, outcome] = under(faults.strike(method, channel), () => {
    if (args === undefined) return [json({ ok: false, error: "invalid_form_data" }), "invalid_form_data"]
    if (paced.has(method) && channel !== undefined && !workspace.paced(channel, method))
      return [tooSoon(1), "ratelimited"]
    const given = typeof token === "string" ? token : undefined
    const answer = webApi({ workspace, method, args: asked, enterprise, socketUrl }, given, tokens)
    return [json(answer), answer.error ?? "ok"]
  })
  call.outcome = outcome
  return reply
}

const responded = (side: Side, path: string, body: string, contentType: string | undefined): Outcome => {
  const { workspace, faults } = side
  const args = argumentsIn(body, contentType) ?? {}
  const call = { method: "response_url", at: workspace.now(), args, outcome: "" }
  workspace.calls.push(call)
  const [reply, outcome] = under(faults.strike("response_url", workspace.responseUrl(path)?.channel), () => {
    const error = respondTo(workspace, path, fieldsOf(args) ?? {})
    const status = error === undefined ? 200 : error === "used_url" || error === "expired_url" ? 404 : 400
    return [{ status, body: error ?? "ok" }, error ?? "ok"]
  })
  call.outcome = outcome
  return reply
}

const outcomeOf = (side: Side, request: IncomingMessage, body: string): Outcome => {
  const { pathname } = new URL(request.url ?? "/", "http://slack")
  const contentType = request.headers["content-type"]
  const headers = Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${name === "authorization" ? "…" : String(value)}`)
    .join("\n")
  side.workspace.received.push({ url: request.url ?? "/", headers, body, text: readable(body, contentType) })
  if (pathname.startsWith("/api/")) return apiCall(side, pathname.slice("/api/".length), request, body)
  if (/^\/(commands|actions)\//.test(pathname)) return responded(side, pathname, body, contentType)
  return { status: 404, body: "not found" }
}

const send = (response: ServerResponse, outcome: Outcome) => {
  if (outcome === "hanging") return
  if (outcome === "cut") response.destroy()
  else response.writeHead(outcome.status, outcome.headers).end(outcome.body)
}

/** Slack's HTTP server on loopback, closed with the scope. */
export const slackServer = (sideAt: (origin: string) => Side) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly origin: string; readonly server: ReturnType<typeof createServer> }>((resume) => {
      let side: Side | undefined
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          if (side !== undefined) send(response, outcomeOf(side, request, Buffer.concat(chunks).toString("utf8")))
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const origin = `http://127.0.0.1:${port}`
        side = sideAt(origin)
        resume(Effect.succeed({ origin, server }))
      })
    }),
    ({ server }) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
