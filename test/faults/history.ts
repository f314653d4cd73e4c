import { Effect } from "effect"
import type { Chance } from "../simulation/chance.ts"
import { secrets } from "./nodes.ts"

/** What a client asks for. */
export interface Asked {
  /** In the words of the product: `setup`, `verify`, … */
  readonly what:
    | "import"
    | "sign-in"
    | "step-up"
    | "setup"
    | "change"
    | "disable"
    | "verify"
    | "resend"
    | "cancel"
    | "look"
  readonly account: string
  readonly method: "GET" | "PUT" | "POST" | "DELETE"
  readonly path: string
  readonly body?: unknown
  /** The challenge that it is about. */
  readonly challenge?: string
  /** Asked after everything: whether something that should be over still works. */
  readonly probe?: string
}

/** One time that it was asked: to whom, and what came back. */
export interface Attempt {
  readonly node: string
  readonly invokedAt: number
  readonly endedAt: number
  /** `ok`: done. `fail`: definitely refused. `unknown`: no answer, or one that does not tell. */
  readonly told: "ok" | "fail" | "unknown"
  readonly status: number
  readonly text: string
  readonly replayed: boolean
}

/** A call with all its attempts; the last one tells, unless it never told. */
export interface Call extends Asked {
  readonly id: number
  readonly key: string
  readonly attempts: Array<Attempt>
}

/** What came of a call in the end; undefined where it never told. */
export const toldOf = ({ attempts }: Call): Attempt | undefined => attempts.findLast(({ told }) => told !== "unknown")

/** A member of the JSON of an answer. */
export const memberOf = (attempt: Attempt | undefined, ...path: ReadonlyArray<string>): unknown => {
  try {
    return path.reduce<unknown>(
      (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
      JSON.parse(attempt?.text ?? "null")
    )
  } catch {
    return undefined
  }
}

/** Who takes requests. */
export interface Door {
  readonly name: string
  readonly base: string
}

const answerWithin = 8_000
const repeatsAtMost = 150

const inProgress = (status: number, text: string) => status === 409 && text.includes("idempotency_in_progress")

/** Asks once. A connection that cannot be made, and a silence, do not tell. */
const attempt = (door: Door, { method, path, body }: Asked, key: string): Effect.Effect<Attempt> =>
  Effect.promise(async () => {
    const invokedAt = Date.now()
    const ended = (told: Attempt["told"], status: number, text: string, replayed = false): Attempt => ({
      node: door.name,
      invokedAt,
      endedAt: Date.now(),
      told,
      status,
      text,
      replayed
    })
    try {
      const response = await fetch(`${door.base}${path}`, {
        method,
        signal: AbortSignal.timeout(answerWithin),
        headers: {
          authorization: `Bearer ${secrets.apiKey}`,
          ...(method === "POST" ? { "idempotency-key": key } : {}),
          ...(body === undefined ? {} : { "content-type": "application/json" })
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      const text = await response.text()
      const { status, headers, ok } = response
      const told = ok ? "ok" : status >= 500 || inProgress(status, text) ? "unknown" : "fail"
      return ended(told, status, text, headers.get("idempotent-replayed") === "true")
    } catch (cause) {
      const { cause: reason } = cause as { readonly cause?: { readonly code?: string } }
      return ended("unknown", 0, reason?.code ?? String(cause))
    }
  })

/** Everything that the clients of a round asked, in the order of their first asking. */
export const aHistory = (doors: ReadonlyArray<Door>, salt: string) => {
  const calls: Array<Call> = []
  const [first, ...rest] = doors
  if (first === undefined) throw new Error("There is nobody to ask")

  /** Asks any node until one tells: with the same key, so that nothing is done twice (P6). */
  const ask = Effect.fnUntraced(function* (
    chance: Chance,
    asked: Asked,
    { key, door }: { readonly key?: string; readonly door?: Door } = {}
  ) {
    const id = calls.length
    const call: Call = { ...asked, id, key: key ?? `${salt}-${id}`, attempts: [] }
    calls.push(call)
    for (let repeats = 0; repeats < repeatsAtMost; repeats++) {
      const last = yield* attempt(door ?? chance.pick([first, ...rest]), asked, call.key)
      call.attempts.push(last)
      if (last.told !== "unknown") break
      yield* Effect.sleep(Math.min(100 * 2 ** repeats, 1000))
    }
    return call
  })
  return { calls: calls as ReadonlyArray<Call>, ask }
}
export type History = ReturnType<typeof aHistory>
