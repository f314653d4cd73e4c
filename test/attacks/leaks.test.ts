import { assert, layer } from "@effect/vitest"
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { createServer } from "node:http"
import { aBrowser } from "../kit/formBrowser.ts"
import { FrontDoor, password, wrong } from "../kit/frontDoor.ts"
import { aProcess, keys, type Process } from "../kit/process.ts"
import { served, request, speak } from "./attack.ts"

/** Takes whatever is exported to it over OTLP, and keeps it. */
const aCollector = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly taken: Array<string>; readonly close: () => void }>((resume) => {
    const taken: Array<string> = []
    const server = createServer((asked, response) => {
      const chunks: Array<Buffer> = []
      asked.on("data", (chunk: Buffer) => chunks.push(chunk))
      asked.on("end", () => {
        taken.push(`${asked.url}\n${Buffer.concat(chunks).toString("utf8")}`)
        response.end("{}")
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const close = () => {
        server.closeAllConnections()
        server.close()
      }
      resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, taken, close }))
    })
  }),
  ({ close }) => Effect.sync(close)
)

/** Rekey that logs and exports all that it can. */
class Watched extends Context.Service<Watched, { readonly rekey: Process; readonly taken: Array<string> }>()(
  "test/Watched"
) {
  static readonly layer = Layer.effect(
    Watched,
    Effect.gen(function* () {
      const { url, taken } = yield* aCollector
      const rekey = yield* aProcess({ LOG_LEVEL: "trace", OTEL_EXPORTER_OTLP_ENDPOINT: url })
      return { rekey, taken }
    })
  )
}

const watched = Layer.mergeAll(
  Layer.effect(
    FrontDoor,
    Watched.useSync(({ rekey }) => FrontDoor.before(rekey))
  ),
  Layer.unwrap(
    Watched.useSync(({ rekey }) => PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 2 }))
  )
).pipe(Layer.provideMerge(Watched.layer), Layer.orDie)

type Secrets = Readonly<Record<string, string>>
type Door = FrontDoor["Service"]

/** Secrets of one account that are good: none of them was spent or told to anybody else. */
const goodSecrets = Effect.gen(function* () {
  const door = yield* FrontDoor
  const { accountId, email } = yield* door.anAccount({ twoFactor: "EMAIL" })
  const grant = yield* door.grantOf(accountId, email)
  const { id } = yield* door.started(door.of(accountId, "/step-up"), {})
  const code = yield* door.codeOf(id, email)
  const person = yield* aBrowser(accountId)
  const { csrf } = yield* person.form("/account/security/disable")
  const session = person.cookie().slice("rekey=".length)
  const secrets: Secrets = { password, code, wrong: wrong(code), grant, session, csrf, key: keys.portal }
  return { accountId, email, id, secrets }
})

/** A secret as it is or as it stands in a URL; six digits inside a longer number or an id are no code. */
const isIn = (text: string, secret: string): boolean =>
  [secret, encodeURIComponent(secret)].some((form) =>
    /^\d+$/.test(form) ? new RegExp(`(?<![\\w.-])${form}(?![\\w-])`).test(text) : text.includes(form)
  )

type Places = Readonly<Record<"log" | "traces" | "answers" | "metrics" | "audit", string>>

/** Sends what is asked for with each secret; then everything that Rekey wrote down or said because of it. */
const written = Effect.fnUntraced(function* (
  accountId: string,
  secrets: Secrets,
  send: (door: Door, secret: string) => Effect.Effect<unknown>
) {
  const door = yield* FrontDoor
  const { rekey, taken } = yield* Watched
  const from = { log: rekey.output().length, taken: taken.length, heard: door.heard.length }
  const before = yield* door.everythingOf(accountId)
  for (const secret of Object.values(secrets)) yield* send(door, secret)
  assert.strictEqual(yield* door.everythingOf(accountId), before)
  const metrics = yield* door.call("GET", "/metrics", { key: keys.metrics })
  yield* served
  const rows = yield* SqlClient.SqlClient.use(
    (sql) => sql<{ row: string }>`select to_jsonb(a)::text as row from audit_events a`
  ).pipe(Effect.orDie)
  // A stop sends what waits to be exported.
  assert.strictEqual(yield* rekey.stop, 0)
  yield* rekey.start
  const places: Places = {
    log: rekey.output().slice(from.log),
    traces: taken.slice(from.taken).join("\n"),
    // The first line is what was asked, not what was answered.
    answers: door.heard
      .slice(from.heard)
      .map((heard) => heard.replace(/^.*\n/, ""))
      .join("\n"),
    metrics: metrics.text,
    audit: rows.map(({ row }) => row).join("\n")
  }
  assert.include(places.traces, "/v1/traces\n")
  assert.match(places.log, /"code":"(validation_failed|not_found)"/)
  return places
})

/** Which secrets are in which places. */
const foundIn = (places: Partial<Places>, secrets: Secrets): ReadonlyArray<string> =>
  Object.entries(places).flatMap(([where, text]) =>
    Object.entries(secrets).flatMap(([what, secret]) => (isIn(text, secret) ? [`${what} is in the ${where}`] : []))
  )

/** As part of the address, where a person or a program puts it by mistake. */
const inPath = (accountId: string) => (door: Door, secret: string) =>
  Effect.forEach(
    [
      `/v1/challenges/${encodeURIComponent(secret)}`,
      `/v1/accounts/${encodeURIComponent(secret)}`,
      `${door.of(accountId)}/${encodeURIComponent(secret)}`,
      `/account/security/verify/${encodeURIComponent(secret)}`,
      `/${encodeURIComponent(secret)}`
    ],
    (path) => door.call("GET", path)
  )

layer(watched, { excludeTestServices: true })("leaks", (it) => {
  it.effect(
    "log and trace leaks (S-26, S-79, CVE-2026-105211): a secret in a field, header or query where it does not belong",
    () =>
      Effect.gen(function* () {
        const { rekey } = yield* Watched
        const { accountId, email, id, secrets } = yield* goodSecrets
        const places = yield* written(
          accountId,
          secrets,
          Effect.fnUntraced(function* (door, secret) {
            const path = door.of(accountId)
            const inUrl = encodeURIComponent(secret)
            const posted = (what: string, body: unknown) => door.call("POST", `${path}${what}`, { body })
            yield* door.call("GET", `${path}?password=${inUrl}&code=${inUrl}`)
            yield* door.call("GET", `/v1/events?after=${inUrl}`)
            yield* door.call("GET", `/account/security/prove/disable?next=${inUrl}`, { key: null })
            yield* posted("/sign-in", `{"password":"${secret}`)
            yield* posted("/two-factor/setup", { method: secret, password: [secret], destination: [secret] })
            yield* posted("/step-up", { client: { ip: secret } })
            yield* door.call("PUT", path, { body: { phone: secret, timeZone: secret, locale: secret } })
            yield* door.call("PUT", path, { body: { passwordHash: secret, email: secret } })
            yield* door.call("GET", path, { key: `${secret}x` })
            const headers = { "x-api-key": secret, cookie: `rekey=${secret}x; other=${secret}` }
            yield* door.call("GET", path, { key: null, headers })
            yield* door.call("POST", `/v1/challenges/${id}/verify`, { body: { code: `${secret}${secret}`.repeat(9) } })
            // As the name of a field or a header, as a method, and in what is no request at all.
            yield* speak(
              rekey.base,
              request(`POST ${path}/sign-in`, ["Content-Type: application/json"], `{"${secret}":1}`)
            )
            yield* speak(rekey.base, request("GET /health/live", [`X-${secret} : x`], "", null))
            yield* speak(rekey.base, request(`${secret} /`, [], "", null))
            yield* speak(rekey.base, `${secret}\r\n\r\n`)
          })
        )
        assert.deepStrictEqual(foundIn(places, secrets), [])
        const { audit: _, ...withoutContacts } = places
        assert.deepStrictEqual(foundIn(withoutContacts, { email }), [])
      }),
    60_000
  )

  it.effect(
    "log and trace leaks (S-26, CVE-2026-105211): a secret in the path is in no log, answer, metric or row",
    () =>
      Effect.gen(function* () {
        const { accountId, secrets } = yield* goodSecrets
        const { traces: _, ...places } = yield* written(accountId, secrets, inPath(accountId))
        assert.deepStrictEqual(foundIn(places, secrets), [])
      }),
    60_000
  )

  it.effect(
    "log and trace leaks (S-26, CVE-2026-105211): nor is it in a trace, nor is an address that is an id",
    () =>
      Effect.gen(function* () {
        const { accountId, secrets } = yield* goodSecrets
        const all = { ...secrets, address: "mia.wong@customer.example" }
        const { traces } = yield* written(accountId, all, inPath(accountId))
        assert.deepStrictEqual(foundIn({ traces }, all), [])
      }),
    60_000
  )

  it.effect(
    "forged log lines (S-79): whatever is sent, a line of the log is one JSON object that Rekey wrote",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { rekey } = yield* Watched
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const before = yield* door.everythingOf(accountId)
        const from = rekey.output().length
        const line = `{"level":"INFO","message":"Signed in","annotations":{"accountId":"${accountId}"}}`
        const forged = [
          `\r\n${line}\r\n`,
          `%0d%0a${line}`,
          `\u2028${line}`,
          `\u001b[2J\u001b[31m${line}`,
          `\u0085${line}\u0000`
        ]
        for (const text of forged) {
          const client = { ip: "203.0.113.7", userAgent: text }
          yield* door.call("POST", door.of(accountId, "/two-factor/setup"), {
            body: { method: "EMAIL", password: "", client }
          })
          yield* door.call("GET", `/v1/accounts/${encodeURIComponent(text)}`)
          yield* door.call("GET", `/v1/events?after=${encodeURIComponent(text)}`)
          yield* door.call("GET", `/account/${encodeURIComponent(text)}`, { key: null })
          yield* speak(rekey.base, `GET / HTTP/1.1\r\nConnection: close\r\nHost: ${text}\r\n\r\n`)
          yield* speak(rekey.base, `${text} / HTTP/1.1\r\n\r\n`)
        }
        yield* served
        assert.strictEqual(yield* door.everythingOf(accountId), before)
        const log = rekey.output().slice(from)
        assert.notInclude(log, "Signed in")
        assert.notInclude(log, "\u001b")
        const lines = log.split("\n").filter((text) => text !== "")
        assert.isAbove(lines.length, forged.length * 4)
        for (const one of lines) assert.isObject(JSON.parse(one), one)
      }),
    60_000
  )

  it.effect(
    "internals in an answer (S-79): a refusal names no file, table, library or version",
    () =>
      Effect.gen(function* () {
        const door = yield* FrontDoor
        const { accountId } = yield* door.anAccount({ twoFactor: "SMS" })
        const before = yield* door.everythingOf(accountId)
        const from = door.heard.length
        const body = { email: "x", phone: 1, passwordHash: "$2b$31$x", client: 1 }
        const asked = [
          door.call("PUT", door.of(accountId), { body }),
          door.call("PUT", door.of(accountId), {
            body: { passwordHash: `$argon2id$v=19$m=9999999,t=99,p=99$${"A".repeat(22)}$x` }
          }),
          door.call("GET", "/v1/events?after=0-1-x"),
          door.call("GET", "/v1/%"),
          door.call("PATCH", "/v1/events"),
          door.call("GET", "/account/security/activity?before='", { key: null }),
          door.post(door.of(accountId, "/sign-in"), "{"),
          door.post("/v1/portal-sessions", { accountId, returnUrl: "file:///etc/passwd" })
        ]
        for (const one of asked) assert.include([400, 403, 404, 405], (yield* one).status)
        const heard = door.heard.slice(from).join("\n")
        assert.notMatch(
          heard,
          /node_modules|\.ts:\d|at \w+ \(|effect\/|postgres|select |SqlError|argon2id\$|fiber|node\/v?\d/i
        )
        assert.strictEqual(yield* door.everythingOf(accountId), before)
        yield* served
      }),
    60_000
  )
})
