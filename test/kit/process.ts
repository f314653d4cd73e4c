import { Context, Effect, Layer, Schedule } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { testDatabaseUrl } from "./database.ts"
import { freePort } from "./freePort.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** The keys that a process of a test knows, one of each role. */
export const keys = {
  portal: "portal-key-of-the-tests-0123456789abcdef",
  support: "support-key-of-the-tests-0123456789abcdef",
  metrics: "metrics-key-of-the-tests-0123456789abcdef"
} as const

/** The key ring of a process of a test, as the setting has it. */
export const secretKey = Buffer.alloc(32, "a key of tests").toString("base64")

/** A real Rekey: `src/main.ts` in a process of its own, over a database of its own. */
export interface Process {
  readonly base: string
  readonly databaseUrl: string
  /** Whatever it wrote to standard output and standard error, in all its lives. */
  readonly output: () => string
  /** SIGTERM; answers the exit code. */
  readonly stop: Effect.Effect<number | null>
  /** SIGKILL: what a crash is. */
  readonly kill: Effect.Effect<void>
  /** A new process over the same database at the same port; done when it says that it is ready. */
  readonly start: Effect.Effect<void>
}

/** A process and the end of all that it had to say. */
interface Life {
  readonly child: ChildProcess
  readonly over: Promise<unknown>
}

const ended = ({ child, over }: Life, by: "SIGTERM" | "SIGKILL"): Effect.Effect<number | null> =>
  Effect.promise(async () => {
    child.kill(by)
    await over
    return child.exitCode
  })

/** Starts one; it is killed when the scope closes. Settings are those of production but for the demo and the inbox. */
export const aProcess = Effect.fn("aProcess")(function* (env: Readonly<Record<string, string>> = {}) {
  const databaseUrl = yield* testDatabaseUrl
  const port = yield* freePort
  const base = `http://localhost:${port}`
  let output = ""
  let life: Life | undefined

  const start = Effect.gen(function* () {
    const child = spawn(process.execPath, [main], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        TZ: "UTC",
        // As the start script gives it: a process that starts compiles nothing anew.
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
        PORT: String(port),
        PUBLIC_URL: base,
        DATABASE_URL: databaseUrl,
        REKEY_API_KEY: `${keys.portal},support:${keys.support},metrics:${keys.metrics}`,
        REKEY_SECRET_KEYS: `k1:${secretKey}`,
        REKEY_INBOX: "on",
        REKEY_DEMO: "on",
        ...env
      }
    })
    life = { child, over: once(child, "close") }
    const from = output.length
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8")
      stream.on("data", (text: string) => {
        output += text
      })
    }
    const ready = Effect.callback<void>((resume) => {
      const look = () => {
        if (output.slice(from).includes("Rekey is ready on ")) resume(Effect.void)
      }
      child.stdout.on("data", look)
      child.once("exit", () => resume(Effect.die(new Error(`Rekey did not start: ${output.slice(from)}`))))
    })
    yield* Effect.orDie(Effect.timeout(ready, "50 seconds"))
  })

  const stopWith = (name: "SIGTERM" | "SIGKILL") =>
    Effect.suspend(() => (life === undefined ? Effect.succeed(null) : ended(life, name)))

  yield* Effect.addFinalizer(() => stopWith("SIGKILL"))
  yield* start
  return {
    base,
    databaseUrl,
    output: () => output,
    stop: stopWith("SIGTERM"),
    kill: Effect.asVoid(stopWith("SIGKILL")),
    start
  } satisfies Process
})

/** The process of a test file. */
export class Rekey extends Context.Service<Rekey, Process>()("test/Rekey") {
  static readonly layer = (env: Readonly<Record<string, string>> = {}): Layer.Layer<Rekey> =>
    Layer.effect(Rekey, aProcess(env)).pipe(Layer.orDie)
}

/** Asks again and again until there is an answer; gives up after a bounded time. */
export const eventually = <A, E, R>(ask: Effect.Effect<A | undefined, E, R>, what: string): Effect.Effect<A, E, R> =>
  ask.pipe(
    Effect.repeat({ while: (answer) => answer === undefined, schedule: Schedule.spaced("30 millis"), times: 500 }),
    Effect.filterOrElse(
      (answer) => answer !== undefined,
      () => Effect.die(new Error(`In vain waited for ${what}`))
    )
  )
