import { Data, Effect, Schedule } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { freePort } from "../kit/freePort.ts"
import { aLink, type Link } from "./link.ts"
import type { OwnPostgres } from "./ownPostgres.ts"
import { type Rule, type Ruling, statements } from "./statements.ts"

const preload = fileURLToPath(new URL("preload.ts", import.meta.url))
const passed: Ruling = { as: "passed" }

class NotStarted extends Data.TaggedError("NotStarted")<{ readonly said: string }> {}

/** What the nodes of the harness know and nobody else may learn. */
export const secrets = {
  apiKey: "portal-key-of-the-faults-0123456789abcdef",
  ring: Buffer.alloc(32, "a key of the faults").toString("base64")
} as const

/** A Rekey in a process of its own, whose connections lead through links. */
export interface Node {
  readonly name: string
  readonly base: string
  /** To PostgreSQL. */
  readonly database: Link
  /** Rules over what it asks PostgreSQL. */
  rule: Rule
  /** From this node to each other one. */
  readonly others: ReadonlyMap<string, Link>
  readonly output: () => string
  /** Done when it says that it is ready; with further variables for this life. */
  readonly start: (env?: Readonly<Record<string, string>>) => Effect.Effect<void>
  /** SIGTERM; answers the exit code. */
  readonly stop: Effect.Effect<number | null>
  readonly kill: Effect.Effect<void>
  /** SIGKILL without waiting. */
  readonly killNow: () => void
  readonly signal: (name: NodeJS.Signals) => Effect.Effect<void>
  readonly isUp: () => boolean
}

/** Where the nodes run and what they talk to. */
export interface Ground {
  readonly postgres: OwnPostgres
  readonly database: string
  readonly env: Readonly<Record<string, string>>
  /** Holds `src/main.ts`: this project, or a copy with a flaw. */
  readonly root: string
}

/** So many nodes over one database, all running. */
export const someNodes = Effect.fn("someNodes")(function* (count: number, ground: Ground) {
  const { postgres, database: name, env, root } = ground
  const ports = yield* Effect.forEach(Array.from({ length: count }), () => Effect.all([freePort, freePort]))
  const publicUrl = `http://localhost:${ports[0]?.[0] ?? 0}`

  const node = Effect.fnUntraced(function* ([port, clusterPort]: readonly [number, number], place: number) {
    const rules = { rule: (() => passed) as Rule }
    const database = yield* aLink({ path: postgres.socket }, { tap: statements((asked) => rules.rule(asked)) })
    const others = new Map<string, Link>()
    const redirects: Array<string> = []
    for (const [there, [, to]] of ports.entries()) {
      if (there === place) continue
      const link = yield* aLink({ host: "127.0.0.1", port: to })
      others.set(`n${there + 1}`, link)
      redirects.push(`${to}=${link.port}`)
    }
    let output = ""
    let child: ChildProcess | undefined
    let over: Promise<unknown> = Promise.resolve()
    const isUp = () => child !== undefined && child.exitCode === null && child.signalCode === null
    const start = (more: Readonly<Record<string, string>> = {}) =>
      Effect.gen(function* () {
        const born = spawn(process.execPath, ["--import", preload, `${root}/src/main.ts`], {
          cwd: root,
          stdio: ["ignore", "pipe", "pipe"],
          env: {
            TZ: "UTC",
            // oxlint-disable-next-line node/no-process-env -- as the start script gives it: nothing is compiled anew
            NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
            PORT: String(port),
            PUBLIC_URL: publicUrl,
            DATABASE_URL: postgres.urlAt(database.port, name),
            REKEY_CLUSTER_PORT: String(clusterPort),
            REKEY_API_KEY: secrets.apiKey,
            REKEY_SECRET_KEYS: `k1:${secrets.ring}`,
            REKEY_RESEND_WAIT: "10 seconds",
            FAULTS_REDIRECT: redirects.join(","),
            ...env,
            ...more
          }
        })
        child = born
        over = once(born, "close")
        const from = output.length
        const ready = Effect.callback<void, NotStarted>((resume) => {
          for (const stream of [born.stdout, born.stderr]) {
            stream.setEncoding("utf8")
            stream.on("data", (text: string) => {
              output += text
              if (output.slice(from).includes("Rekey is ready on ")) resume(Effect.void)
            })
          }
          born.once("exit", () => resume(new NotStarted({ said: output.slice(from) })))
        })
        yield* ready
      }).pipe(
        // as a supervisor does: the database may still be away, and its port been given to an outgoing connection
        Effect.retry(Schedule.spaced("500 millis")),
        Effect.timeoutOrElse({
          duration: "50 seconds",
          orElse: () => Effect.die(new Error(`It did not start: ${output.slice(-2000)}`))
        }),
        Effect.orDie
      )
    const ended = (by: NodeJS.Signals) =>
      Effect.promise(async () => {
        if (child === undefined) return null
        if (by === "SIGKILL") child.kill("SIGCONT")
        child.kill(by)
        await over
        return child.exitCode
      })
    yield* Effect.addFinalizer(() => ended("SIGKILL"))
    return Object.assign(rules, {
      name: `n${place + 1}`,
      base: `http://127.0.0.1:${port}`,
      database,
      others,
      output: () => output,
      start,
      stop: ended("SIGTERM"),
      kill: Effect.asVoid(ended("SIGKILL")),
      killNow: () => void child?.kill("SIGKILL"),
      signal: (by: NodeJS.Signals) => Effect.sync(() => void child?.kill(by)),
      isUp
    }) satisfies Node
  })
  const nodes: ReadonlyArray<Node> = yield* Effect.forEach(ports, node)
  const [first, ...rest] = nodes
  // the first one migrates, the others find it done
  if (first !== undefined) yield* first.start()
  yield* Effect.forEach(rest, (one) => one.start(), { concurrency: "unbounded", discard: true })
  return nodes
})
