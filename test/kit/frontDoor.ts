import { PgClient } from "@effect/sql-pg"
import { assert } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { InboxMessage } from "../../src/services/Inbox.ts"
import { Challenge, Event, Outcome, TwoFactor } from "../../src/domain/TwoFactor.ts"
import { eventually, keys, type Process, Rekey } from "./process.ts"

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON in it; undefined where there is none. */
  readonly body: unknown
}

/** What a call may have besides its path. */
export interface Sent {
  /** JSON; a text is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The API key; null for none. */
  readonly key?: string | null
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const bodyOf = (body: unknown) =>
  body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }

/** A request as any program could send it. */
export const callTo =
  (base: string, heard: Array<string> = []) =>
  (method: string, path: string, { body, headers = {}, key = keys.portal }: Sent = {}): Effect.Effect<Answer> =>
    Effect.promise(async (abort) => {
      const response = await fetch(new URL(path, base), {
        method,
        redirect: "manual",
        signal: abort,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers
        },
        ...bodyOf(body)
      })
      const text = await response.text()
      const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`)
      heard.push([`${method} ${path.replace(/\?.*$/s, "")}`, `${response.status}`, ...lines, "", text].join("\n"))
      return { status: response.status, headers: response.headers, text, body: parsed(text) }
    })

/** A member of the JSON of an answer. */
export const member = ({ body }: Answer, name: string): unknown =>
  typeof body === "object" && body !== null && name in body ? (body as Record<string, unknown>)[name] : undefined

/** The fields that a refusal names as wrong. */
export const pointersIn = (answer: Answer): ReadonlyArray<string> => {
  const errors = member(answer, "errors")
  return Array.isArray(errors) ? errors.map((error: { readonly pointer?: unknown }) => String(error.pointer)) : []
}

/** Reads the answer as what it has to be: the status and the shape that the contract declares. */
export const readAs = <A, I>(answer: Answer, status: number, schema: Schema.Codec<A, I>): A => {
  assert.strictEqual(answer.status, status, answer.text)
  return Schema.decodeUnknownSync(Schema.toCodecJson(schema))(answer.body, { onExcessProperty: "error" })
}

/** Checks that an answer is this refusal, in the form of all problems; answers with it. */
export const refusal = (answer: Answer, status: number, code: string, base: string): Answer => {
  assert.strictEqual(`${answer.status} ${String(member(answer, "code"))}`, `${status} ${code}`, answer.text)
  assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
  assert.strictEqual(member(answer, "status"), status)
  assert.strictEqual(member(answer, "type"), `${base}/problems/${code}`)
  assert.match(String(member(answer, "title")), /^[A-Z].{5,}$/)
  assert.match(String(member(answer, "detail")), /^[A-Z].{5,}$/)
  assert.match(String(member(answer, "reference")), /^E-[0-9A-HJKMNP-TV-Z]{6}$/)
  const wait = member(answer, "retryAfter")
  assert.strictEqual(answer.headers.get("retry-after"), wait === undefined ? null : `${Number(wait)}`)
  if (wait !== undefined) assert.isAtLeast(Number(wait), 1)
  if (status === 429 || status === 503) assert.isDefined(wait)
  return answer
}

/** The password of every account of these tests, and one that is none. */
export const password = "correct horse battery staple"
export const wrongPassword = "incorrect horse"

/** The code in a letter. */
export const codeIn = (text: string | undefined): string => {
  const [, first = "", last = ""] = /\b(\d{3}) ?(\d{3})\b/.exec(text ?? "") ?? []
  return `${first}${last}`
}

/** Another code of the same length. */
export const wrong = (code: string, by = 1): string => code.replace(/\d$/, (digit) => String((Number(digit) + by) % 10))

const Letters = Schema.Array(InboxMessage)
const Page = Schema.Struct({ events: Schema.Array(Event), next: Schema.NullOr(Schema.String) })

let accounts = 0

/** Reads what arrived at an address or a number, newest first. */
type Mailbox = (to: string) => Effect.Effect<ReadonlyArray<{ readonly text: string }>>

const make = ({ base }: Pick<Process, "base">, mailbox?: Mailbox) => {
  const heard: Array<string> = []
  const call = callTo(base, heard)
  const post = (path: string, body: unknown = {}, more: Omit<Sent, "body"> = {}) =>
    call("POST", path, { ...more, body })
  const of = (accountId: string, what = "") => `/v1/accounts/${encodeURIComponent(accountId)}${what}`

  const twoFactor = (accountId: string) =>
    Effect.map(call("GET", of(accountId, "/two-factor")), (answer) => readAs(answer, 200, TwoFactor))
  const challenge = (id: string) =>
    Effect.map(call("GET", `/v1/challenges/${id}`), (answer) => readAs(answer, 200, Challenge))
  const events = (accountId: string) =>
    Effect.map(call("GET", of(accountId, "/events?limit=200")), (answer) =>
      readAs(answer, 200, Page).events.toReversed()
    )
  const inbox = (to: string) =>
    Effect.map(call("GET", `/dev/inbox/messages?to=${encodeURIComponent(to)}`, { key: null }), (answer) =>
      readAs(answer, 200, Letters)
    )

  /** The newest code that was handed over for this challenge, as the person reads it. */
  const codeOf = Effect.fnUntraced(function* (id: string, to: string) {
    const letter = eventually(
      Effect.gen(function* () {
        if ((yield* challenge(id)).delivery.state !== "handed_over") return undefined
        return (yield* (mailbox ?? inbox)(to)).find(({ text }) => codeIn(text) !== "")
      }),
      `a code to ${to}`
    )
    return codeIn((yield* letter).text)
  })

  const verify = (id: string, code: string, more: Omit<Sent, "body"> = {}) =>
    post(`/v1/challenges/${id}/verify`, { code }, more)

  const answerRightly = Effect.fnUntraced(function* (id: string, to: string) {
    return readAs(yield* verify(id, yield* codeOf(id, to)), 200, Outcome)
  })

  /** A new account with an address, a number and, where it is asked for, a method that the portal had verified. */
  const anAccount = Effect.fnUntraced(function* (more: Readonly<Record<string, unknown>> = {}) {
    const accountId = `customer-${accounts++}`
    const contact = { email: `${accountId}@customer.example`, phone: `+6012555${String(1000 + accounts)}` }
    const answer = yield* call("PUT", of(accountId), { body: { ...contact, password, ...more } })
    assert.strictEqual(answer.status, 201, answer.text)
    return { accountId, ...contact }
  })

  const started = Effect.fnUntraced(function* (path: string, body: unknown) {
    return readAs(yield* post(path, body), 201, Challenge)
  })

  /** A grant by a step-up with the method in force. */
  const grantOf = Effect.fnUntraced(function* (accountId: string, to: string) {
    const { id } = yield* started(of(accountId, "/step-up"), {})
    return (yield* answerRightly(id, to)).grant ?? ""
  })

  /** Protection and story of an account: equal texts mean that nothing changed. */
  const everythingOf = Effect.fnUntraced(function* (accountId: string) {
    const now = yield* call("GET", of(accountId))
    const story = yield* call("GET", of(accountId, "/events?limit=200"))
    return `${now.text}\n${story.text}`
  })

  /** Checks that something is refused, and that it changed nothing. */
  const refused = Effect.fnUntraced(function* (
    accountId: string,
    asked: Effect.Effect<Answer>,
    status: number,
    code: string
  ) {
    const before = yield* everythingOf(accountId)
    const answer = refusal(yield* asked, status, code, base)
    assert.strictEqual(yield* everythingOf(accountId), before, `${code} changed something`)
    return answer
  })

  return {
    base,
    /** Every answer that came, headers and all. */
    heard,
    call,
    post,
    of,
    twoFactor,
    challenge,
    events,
    inbox,
    codeOf,
    verify,
    answerRightly,
    anAccount,
    started,
    grantOf,
    everythingOf,
    refused
  }
}

/** A portal that talks to a process over HTTP, and its customers, who read their mail. */
export class FrontDoor extends Context.Service<FrontDoor, ReturnType<typeof make>>()("test/FrontDoor") {
  /** The same before a process that a test started itself. */
  static readonly before = make
  /** Rekey in a process of its own, the portal before it, and the database behind it, to let time pass in its rows. */
  static readonly layer = (
    env: Readonly<Record<string, string>> = {}
  ): Layer.Layer<FrontDoor | Rekey | SqlClient.SqlClient> =>
    Layer.merge(
      Layer.effect(
        FrontDoor,
        Effect.map(Rekey, (process) => make(process))
      ),
      Layer.unwrap(
        Rekey.useSync(({ databaseUrl }) => PgClient.layer({ url: Redacted.make(databaseUrl), maxConnections: 2 }))
      ).pipe(Layer.orDie)
    ).pipe(Layer.provideMerge(Rekey.layer(env)))
}
