import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { Agent, get } from "node:http"
import { connect, type Socket } from "node:net"
import { setTimeout as after } from "node:timers/promises"
import { percentile } from "../../bench/load.ts"
import { FrontDoor } from "../kit/frontDoor.ts"
import { eventually, keys, Rekey } from "../kit/process.ts"
import { residentMib } from "./fuzz/resident.ts"

/**
 * Connections that ask for nothing. Most are silent, some stop in the middle of a head; beside them others drip, a byte
 * at a time, into a head or into a body. A customer's portal asks all the while at a steady pace, whether answers come
 * or not, so that every pause of Rekey is seen. `REKEY_IDLE=10000` for the long run: that lasts until Rekey's own
 * limits have closed them all.
 */
const idle = Number(process.env["REKEY_IDLE"] ?? 1000)
const dripping = Math.max(50, Math.ceil(idle / 50))
const crowd = idle + dripping
const isLong = idle > 1000

/** The crowd comes a few at a time, so that this process, which measures, has no pause of its own. */
const comingMillis = 10
const comingPerSecond = 1250
const arrivingMillis = (crowd / comingPerSecond) * 1000
const dripMillis = 200
/** Every limit of a connection (headers 10 s, body 15 s) and a second for its check, with as much again to be busy. */
const limitMillis = 17_000
const heldMillis = isLong ? limitMillis : 1500

/** The pace of the portal, and for how long it is measured without the crowd, before and after. */
const paceMillis = 10
const quietMillis = isLong ? 6000 : 1200
/** An answer that did not come by then does not come. */
const patienceMillis = 20_000
/** What a quiet machine differs by from one moment to the next. */
const floorMillis = 15
/** Where one request in a hundred to a server of nothing takes longer, this machine is too busy to be measured exactly. */
const calmMillis = 10
/** Each has to wait for its turn on a busy machine: Rekey, its database, and Rekey again. */
const turns = 3
/** Whatever else the machine does can only make it look worse: it need hold once, and answers must come always. */
const rounds = 3

/** Sources: from a single one the ports might not suffice. Only Linux answers under all of 127.0.0.0/8. */
const sourceOf = (place: number) => (process.platform === "linux" ? { localAddress: `127.0.0.${2 + (place % 8)}` } : {})

const textOf = (path: string): string => (process.platform === "linux" ? readFileSync(path, "utf8") : "")

/** As many files as a process may open; Rekey's limit is that of its parent. */
const filesAllowed = (): number => Number(/^Max open files\s+(\d+)/m.exec(textOf("/proc/self/limits"))?.[1] ?? Infinity)

/** Connections at a port that a process still holds: what the system closes by itself, such as TIME_WAIT, has no inode. */
const heldAt = (port: number): number => {
  const here = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((path) => textOf(path).split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state, , , , , , inode]) => local.endsWith(here) && state !== "0A" && inode !== "0")
    .length
}

/**
 * The port of a server in a process of its own that answers nothing at once. What else this machine does costs time
 * that is not Rekey's: asked at the same moments, this one shows how much.
 */
const aServerOfNothing = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
    const program =
      "const s = require('http').createServer((_, a) => a.end()).listen(0, '127.0.0.1', () => console.log(s.address().port))"
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] })
    child.stdout.once("data", (said: Buffer) =>
      resume(Effect.succeed({ port: Number(String(said)), close: () => child.kill("SIGKILL") }))
    )
  }),
  ({ close }) => Effect.sync(close)
).pipe(Effect.map(({ port }) => port))

interface Heard {
  /** The status, or why there is none. */
  readonly status: number | string
  readonly millis: number
}

/** Where things are: Rekey, an account there, and the server of nothing. */
interface Place {
  readonly port: number
  readonly account: string
  readonly nothing: number
}

/** A portal that asks at a steady pace, half of the time on new connections, for an account and for a sign of life. */
const aPortal = Effect.fnUntraced(function* ({ port, nothing, account }: Place) {
  const agents = yield* Effect.acquireRelease(
    Effect.sync(() => [new Agent({ keepAlive: true }), new Agent({ keepAlive: false })] as const),
    (both) => Effect.sync(() => both.forEach((agent) => agent.destroy()))
  )
  const headers = { host: "localhost", authorization: `Bearer ${keys.portal}` }
  const kinds = agents.flatMap((agent) => [account, "/health/live"].map((path) => ({ port, agent, path })))
  const control = { port: nothing, agent: agents[1], path: "/" }

  const ask = (what: typeof control) =>
    new Promise<Heard>((resolve) => {
      const from = performance.now()
      const done = (status: number | string) => resolve({ status, millis: performance.now() - from })
      const asking = get({ host: "127.0.0.1", headers, timeout: patienceMillis, ...what }, (answer) =>
        answer.on("end", () => done(answer.statusCode ?? 0)).resume()
      )
      asking.on("timeout", () => asking.destroy(new Error("no answer")))
      asking.on("error", (error) => done(error.message))
    })

  // Asks for so long; answers with all that was heard.
  return (millis: number) =>
    Effect.promise(async (abort) => {
      const from = performance.now()
      const answers: Array<Promise<Heard>> = []
      const noise: Array<Promise<Heard>> = []
      for (let place = 0; place * paceMillis < millis && !abort.aborted; place++) {
        const early = from + place * paceMillis - performance.now()
        if (early > 0) await after(early)
        answers.push(ask(kinds[place % kinds.length] ?? control))
        noise.push(ask(control))
      }
      return { heard: await Promise.all(answers), noise: await Promise.all(noise) }
    })
})

/** What each one of the crowd sends, if anything; whoever drips goes on with `x`. */
const firstWords = (
  account: string
): Readonly<Record<"silent" | "halfHead" | "drippedHead" | "drippedBody", string>> => ({
  silent: "",
  halfHead: `GET ${account} HTTP/1.1\r\nHost: localhost\r\nX-Half: `,
  drippedHead: `GET ${account} HTTP/1.1\r\nHost: localhost\r\nX-Dripping: `,
  // With a good key: this one has come as far into Rekey as anybody could.
  drippedBody: [
    `POST ${account}/sign-in HTTP/1.1`,
    "Host: localhost",
    `Authorization: Bearer ${keys.portal}`,
    "Content-Type: application/json",
    "Content-Length: 16000",
    "",
    `{"password":"`
  ].join("\r\n")
})

/** Connects all of the crowd, a few at a time; they hang up when the scope closes. What became of them is counted. */
const aCrowd = Effect.fnUntraced(function* (port: number, account: string) {
  const words = firstWords(account)
  const there = new Set<Socket>()
  const tally = { opened: 0, told408: 0, closedSilently: 0, failed: [] as Array<string> }

  const comes = (place: number) => {
    // Spread evenly among the idle ones.
    const before = Math.floor((place * dripping) / crowd)
    const isDripping = before < Math.floor(((place + 1) * dripping) / crowd)
    const alternately = before % 2 === 0 ? "drippedHead" : "drippedBody"
    const kind = isDripping ? alternately : place % 4 === 3 ? "halfHead" : "silent"
    let heard = ""
    let isOpen = false
    let drip: NodeJS.Timeout | undefined
    const socket = connect({ port, host: "127.0.0.1", ...sourceOf(place) })
    there.add(socket)
    socket.on("connect", () => {
      isOpen = true
      tally.opened += 1
      if (words[kind] !== "") socket.write(words[kind])
      if (isDripping) drip = setInterval(() => socket.write("x"), dripMillis)
    })
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")))
    socket.on("error", ({ message }) => {
      if (!isOpen) tally.failed.push(message)
    })
    socket.on("close", () => {
      clearInterval(drip)
      // Those that are no longer among the crowd hung up themselves.
      if (!there.delete(socket) || !isOpen) return
      if (heard.startsWith("HTTP/1.1 408 ")) tally.told408 += 1
      else if (heard === "") tally.closedSilently += 1
      else tally.failed.push(heard.slice(0, 300))
    })
  }

  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      const leaving = [...there]
      there.clear()
      for (const socket of leaving) socket.destroy()
    })
  )
  const arrives = Effect.promise(async (abort) => {
    const from = performance.now()
    for (let place = 0; place < crowd && !abort.aborted; await after(comingMillis)) {
      const due = ((performance.now() - from) / 1000) * comingPerSecond
      while (place < Math.min(due, crowd)) comes(place++)
    }
  })
  return { arrives, tally, staying: () => there.size }
})

const p99 = (all: ReadonlyArray<Heard>): number =>
  percentile(
    all.map(({ millis }) => millis),
    0.99
  )

/** What a portal heard that asked for so long. */
const measured = (where: Place, millis: number) => Effect.scoped(Effect.flatMap(aPortal(where), (asks) => asks(millis)))

/** Measures quiet, crowded and quiet again; the crowd has hung up in between, and Rekey has let go of it. */
const aRound = Effect.fnUntraced(function* (where: Place) {
  const { base } = yield* Rekey
  const { port, account } = where

  const quietBefore = yield* measured(where, quietMillis)
  const memoryBefore = residentMib(base) ?? 0

  const {
    heard: crowded,
    noise,
    inTheEnd,
    memoryCrowded
  } = yield* Effect.scoped(
    Effect.gen(function* () {
      const { arrives, tally, staying } = yield* aCrowd(port, account)
      const [heard] = yield* Effect.all([measured(where, arrivingMillis + heldMillis), arrives], {
        concurrency: "unbounded"
      })
      return {
        ...heard,
        inTheEnd: { ...tally, staying: staying(), held: heldAt(port) },
        memoryCrowded: residentMib(base) ?? 0
      }
    })
  )
  yield* eventually(
    Effect.sync(() => (heldAt(port) === 0 ? true : undefined)),
    "Rekey to let go of those who hung up"
  )

  const quiet = [...quietBefore.heard, ...(yield* measured(where, quietMillis)).heard]
  const memoryAfter = residentMib(base) ?? 0
  const { opened, told408, closedSilently, staying, held } = inTheEnd
  const said = [
    `${idle} idle connections and ${dripping} dripping ones: ${opened} opened, ${told408} told 408, ${closedSilently} closed without a word, ${staying} stayed to the end (Rekey held ${held})`,
    `p99 ${p99(quiet).toFixed(1)} ms quiet (${quiet.length} answers), ${p99(crowded).toFixed(1)} ms crowded (${crowded.length} answers, at most ${Math.max(...crowded.map(({ millis }) => millis)).toFixed(0)} ms); a server of nothing meanwhile ${p99(noise).toFixed(1)} ms`,
    `memory ${memoryBefore.toFixed(0)} MiB before, ${memoryCrowded.toFixed(0)} crowded, ${memoryAfter.toFixed(0)} after`
  ].join("\n")
  if (process.env["REKEY_IDLE"] !== undefined) process.stdout.write(`\n${said}\n`)

  const isRefused = ({ status }: Heard) => typeof status === "string" || status < 200 || status > 299
  assert.deepStrictEqual([...quiet, ...crowded].filter(isRefused).slice(0, 5), [], said)
  assert.deepStrictEqual(inTheEnd.failed.slice(0, 5), [], said)
  assert.strictEqual(opened, crowd, said)
  // Whoever asks for nothing, or never comes to an end, is shown out in time.
  if (heldMillis >= limitMillis) assert.strictEqual(staying, 0, said)
  for (const memory of [memoryCrowded, memoryAfter]) assert.isBelow(memory - memoryBefore, 96 + crowd / 32, said)
  const bound = Math.max(2 * p99(quiet), p99(quiet) + floorMillis)
  return { isHealthy: p99(crowded) - turns * Math.max(0, p99(noise) - calmMillis) < bound, said }
})

layer(Rekey.layer(), { excludeTestServices: true })("connections that ask for nothing", (it) => {
  it.effect(
    `S-80: ${idle} idle connections and ${dripping} dripping ones: all others are answered, p99 under twice the quiet one`,
    () =>
      Effect.gen(function* () {
        const needed = crowd + 500
        assert.isAtLeast(
          filesAllowed(),
          needed,
          `This machine lets a process open ${filesAllowed()} files, and these connections take ${needed}: say "ulimit -n ${needed}" first, or set REKEY_IDLE lower.`
        )
        const door = FrontDoor.before(yield* Rekey)
        const { accountId } = yield* door.anAccount()
        const where = {
          port: Number(new URL(door.base).port),
          account: door.of(accountId),
          nothing: yield* aServerOfNothing
        }
        // The first answers are slow by themselves.
        yield* measured(where, 500)

        const told: Array<string> = []
        for (let isHealthy = false; !isHealthy;) {
          assert.isBelow(told.length, rounds, told.join("\n"))
          const round = yield* aRound(where)
          told.push(round.said)
          isHealthy = round.isHealthy
        }
      }),
    { timeout: 20_000 + rounds * (arrivingMillis + heldMillis + 2 * quietMillis + 15_000) }
  )
})
