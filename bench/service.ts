import { Effect, Redacted } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { resolve } from "node:path"
import { createInterface } from "node:readline"
import type { AccountId } from "../src/domain/ids.ts"
import { freePort } from "../test/kit/freePort.ts"
import { articleSettings, codeOf, password, secretKey } from "./people.ts"

const apiKey = "bench-key-of-at-least-32-characters"

/** A whole Rekey in a process of its own, as `npm start` runs it, over the measured database. */
export interface Service {
  readonly call: (method: string, path: string, body?: unknown) => Effect.Effect<Readonly<Record<string, unknown>>>
  /** A page as a browser asks for it, with the cookie of a session; answers how large it is. */
  readonly page: (path: string, cookie: string) => Effect.Effect<number>
  /** Opens a session of the hosted pages; answers its cookie. */
  readonly enter: (accountId: AccountId) => Effect.Effect<string>
  /** CPU seconds of the process, ever since. */
  readonly cpuSeconds: Effect.Effect<number>
  /** After a collection. */
  readonly memory: Effect.Effect<NodeJS.MemoryUsage>
}

const readyLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error("The service has no output")
  for await (const line of createInterface({ input: child.stdout })) {
    const [, base] = /^Rekey is ready on (\S+)/.exec(line) ?? []
    if (base !== undefined) {
      child.stdout.resume()
      return base
    }
  }
  throw new Error("The service ended before it was ready")
}

const start = (url: Redacted.Redacted, port: number) => {
  const root = resolve(import.meta.dirname, "..")
  const flags = ["--expose-gc", "--import", resolve(root, "bench/memoryProbe.ts"), resolve(root, "src/main.ts")]
  return spawn(process.execPath, flags, {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: {
      // what the start script gives
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"],
      ...articleSettings,
      DATABASE_URL: Redacted.value(url),
      HOST: "127.0.0.1",
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      REKEY_API_KEY: apiKey,
      REKEY_SECRET_KEYS: `${secretKey.id}:${secretKey.bytes.toString("base64")}`,
      REKEY_INBOX: "on",
      LOG_LEVEL: "error"
    }
  })
}

/** Lives as long as the scope. */
export const service = Effect.fn("service")(function* (url: Redacted.Redacted) {
  const port = yield* freePort
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => start(url, port)),
    (running) =>
      Effect.promise(async () => {
        if (running.exitCode !== null || running.signalCode !== null) return
        const ended = once(running, "exit")
        running.kill("SIGTERM")
        await ended
      })
  )
  const base = yield* Effect.promise(() => readyLine(child))
  const call: Service["call"] = (method, path, body) =>
    Effect.promise(async () => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      return (await response.json()) as Readonly<Record<string, unknown>>
    })
  const probed = <Usage>(asked: "cpu" | "memory") =>
    Effect.promise(async () => {
      const answer = once(child, "message")
      child.send(asked)
      const [usage] = (await answer) as [Usage]
      return usage
    })
  return {
    call,
    page: (path, cookie) =>
      Effect.promise(async () => {
        const response = await fetch(`${base}${path}`, { headers: { cookie } })
        if (response.status !== 200) throw new Error(`${path} answered ${response.status}`)
        return (await response.text()).length
      }),
    enter: Effect.fnUntraced(function* (accountId) {
      const { url: link } = yield* call("POST", "/v1/portal-sessions", { accountId })
      const form = { method: "POST", redirect: "manual", body: new URLSearchParams() } as const
      const opened = yield* Effect.promise(() => fetch(String(link), form))
      return (opened.headers.get("set-cookie") ?? "").replace(/;.*$/s, "")
    }),
    cpuSeconds: Effect.map(probed<NodeJS.CpuUsage>("cpu"), ({ user, system }) => (user + system) / 1e6),
    memory: probed<NodeJS.MemoryUsage>("memory")
  } satisfies Service
})

/** Disable, set-up and verify as a portal calls them. */
export const walkOverHttp = Effect.fnUntraced(function* ({ call }: Service, accountId: AccountId) {
  const secret = Redacted.value(password)
  yield* call("POST", `/v1/accounts/${accountId}/two-factor/disable`, { password: secret })
  const challenge = yield* call("POST", `/v1/accounts/${accountId}/two-factor/setup`, {
    method: "EMAIL",
    password: secret
  })
  const code = yield* codeOf(challenge["id"] as Parameters<typeof codeOf>[0])
  const outcome = yield* call("POST", `/v1/challenges/${String(challenge["id"])}/verify`, { code })
  if (outcome["status"] === undefined) return yield* Effect.die(`not verified: ${JSON.stringify(outcome)}`)
})

/** Wakes the actor of an account; it refuses, for nothing is on. */
export const touch = ({ call }: Service, accountId: AccountId) => call("POST", `/v1/accounts/${accountId}/step-up`, {})
