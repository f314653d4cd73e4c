import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { createHash } from "node:crypto"
import { createServer } from "node:http"
import { demoPassword } from "../../src/account/demo.ts"
import { FrontDoor, member, password, refusal, wrong, wrongPassword } from "../kit/frontDoor.ts"
import { aProcess, keys, secretKey } from "../kit/process.ts"
import { theWorld } from "../kit/smtp.ts"

/** Takes whatever is exported to it over OTLP, and keeps it. */
const aCollector = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly taken: Array<string>; readonly close: () => void }>((resume) => {
    const taken: Array<string> = []
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        taken.push(`${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString("utf8")}`)
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

const make = Effect.gen(function* () {
  const world = yield* theWorld()
  const collector = yield* aCollector
  const rekey = yield* aProcess({ ...world.env, LOG_LEVEL: "trace", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  return { world, collector, rekey, door: FrontDoor.before(rekey, world.lettersTo) }
})

class Stage extends Context.Service<Stage, Effect.Success<typeof make>>()("test/Stage") {
  static readonly layer = Layer.unwrap(
    Stage.useSync(({ rekey }) => PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 2 }))
  ).pipe(Layer.provideMerge(Layer.effect(Stage, make)), Layer.orDie)
}

/** A secret as it is, and as it would look encoded or hashed without a key. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("hex"),
  ...["md5", "sha1", "sha256", "sha512"].flatMap((hash) => [
    createHash(hash).update(secret).digest("hex"),
    createHash(hash).update(secret).digest("base64")
  ])
]

/** Whether a text holds a secret. Six digits inside a longer number, an id or a fraction of a second are no code. */
const holds = (text: string, secret: string): boolean =>
  formsOf(secret).some((form) =>
    /^\d{6}$/.test(form) ? new RegExp(`(?<![\\w.-])${form}(?![\\w-])`).test(text) : text.includes(form)
  )

const dump = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`
  const texts = yield* Effect.forEach(tables, ({ name }) =>
    Effect.map(
      sql<{ row: string }>`select row_to_json(t)::text as row from ${sql(name)} t`,
      (rows) => `${name}\n${rows.map(({ row }) => row).join("\n")}`
    )
  )
  return texts.join("\n")
}).pipe(Effect.orDie)

layer(Stage.layer, { excludeTestServices: true })("what must not come out", (it) => {
  it.effect("S-80: without demo and inbox nothing is under /dev, and demo accounts are nobody", () =>
    Effect.gen(function* () {
      const { door } = yield* Stage
      for (const path of [
        "/dev",
        "/dev/inbox",
        "/dev/inbox/messages",
        "/dev/inbox.css",
        "/dev/reset",
        "/dev/anything"
      ]) {
        refusal(yield* door.call("GET", path, { key: null }), 404, "not_found", door.base)
        refusal(yield* door.call("DELETE", path), 404, "not_found", door.base)
      }
      refusal(yield* door.call("GET", door.of("alex")), 404, "not_found", door.base)
      const { accountId } = yield* door.anAccount({ password: demoPassword })
      const signIn = door.post(door.of(accountId, "/sign-in"), { password: demoPassword })
      assert.strictEqual((yield* signIn).status, 200)
      const sql = yield* SqlClient.SqlClient
      yield* Effect.orDie(sql`update accounts set demo = true where account_id = ${accountId}`)
      refusal(yield* signIn, 404, "not_found", door.base)
    })
  )

  it.effect("S-26, S-27, I8: no answer, log, metric, trace or row holds a code, a password, a grant or a key", () =>
    Effect.gen(function* () {
      const { door, rekey, collector, world } = yield* Stage
      const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
      const of = (what: string) => door.of(accountId, what)
      const keyed = (key: string) => ({ headers: { "idempotency-key": key } })

      const signIn = yield* door.started(of("/sign-in"), { password })
      yield* door.post(of("/sign-in"), { password: wrongPassword }, keyed("leak-1"))
      yield* door.post(of("/sign-in"), { password, unknown: wrongPassword })
      const first = yield* door.codeOf(signIn.id, phone)
      yield* door.verify(signIn.id, wrong(first), keyed("leak-2"))
      yield* door.verify(signIn.id, `${first}0`)
      const { grant = "" } = yield* door.answerRightly(signIn.id, phone)
      const stepUp = yield* door.grantOf(accountId, phone)
      const change = yield* door.started(of("/two-factor/change"), { method: "EMAIL", password, grant })
      const second = yield* door.codeOf(change.id, email)
      const done = yield* door.verify(change.id, second, keyed("leak-3"))
      assert.strictEqual(done.status, 200, done.text)
      yield* door.post(of("/two-factor/disable"), { password, grant: stepUp })
      const third = yield* door.started(of("/sign-in"), { password })
      // Links: opened as a browser would, the token is in the path.
      const portalLink = new URL(String(member(yield* door.post("/v1/portal-sessions", { accountId }), "url")))
      const opened = yield* Effect.promise(() => fetch(portalLink, { method: "POST", redirect: "manual", body: "" }))
      const session = /=([^;]+)/.exec(opened.headers.get("set-cookie") ?? "")?.[1] ?? ""
      yield* Effect.promise(() =>
        fetch(new URL("/account/security", door.base), { headers: { cookie: `rekey=${session}` } })
      )
      const mails = (yield* world.lettersTo(email)).map(({ text }) => text).join("\n")
      const noticeLink = new URL(/http\S+\/notice\/\S+/.exec(mails)?.[0] ?? "none:")
      yield* Effect.promise(() => fetch(noticeLink))
      yield* Effect.promise(() => fetch(`${noticeLink.href}/report`, { method: "POST", body: new URLSearchParams() }))
      const open = yield* door.codeOf(third.id, email)
      yield* door.call("GET", `/v1/challenges/${third.id}?code=${open}`)
      yield* door.call("GET", "/v1/events?limit=200")
      yield* door.call("GET", of(""))
      const metrics = yield* door.call("GET", "/metrics", { key: keys.metrics })
      assert.include(metrics.text, "rekey_messages_total")

      const rows = yield* dump
      assert.include(rows, accountId)
      assert.strictEqual(yield* rekey.stop, 0)
      const exported = collector.taken.join("\n")
      for (const path of ["/v1/traces", "/v1/logs", "/v1/metrics"]) assert.include(exported, path)
      assert.include(rekey.output(), '"level":"INFO"')

      const answers = door.heard.join("\n\n")
      const withoutGrants = door.heard
        .filter((answer) => !(answer.includes("/verify\n200\n") && answer.includes('"grant":"')))
        .join("\n\n")
      const places = { answers, log: rekey.output(), metrics: metrics.text, exported, rows }
      const secrets = {
        "a used code": first,
        "a wrong code": wrong(first),
        "the code of a change": second,
        "an open code": open,
        password,
        wrongPassword,
        "the key of the portal": keys.portal,
        "the key of support": keys.support,
        "the key ring": secretKey,
        "the key of the ring": Buffer.from(secretKey, "base64").toString("hex")
      }
      // Where they belong they are found, so the search can find them.
      assert.isTrue(holds((yield* world.lettersTo(phone)).map(({ text }) => text).join("\n"), first))
      assert.isTrue(answers.includes(grant) && answers.includes(stepUp))
      for (const [where, text] of Object.entries(places)) {
        for (const [what, secret] of Object.entries(secrets)) {
          assert.isFalse(holds(text, secret), `${what} is in ${where}`)
        }
      }
      for (const [where, text] of Object.entries({ ...places, answers: withoutGrants })) {
        const tokens = [
          grant,
          stepUp,
          session,
          ...[portalLink, noticeLink].map((link) => link.pathname.split("/")[2] ?? "")
        ]
        for (const token of where === "answers" ? [grant, stepUp] : tokens) {
          assert.notStrictEqual(token, "")
          assert.isFalse(text.includes(token) || text.includes(token.split(".")[1] ?? token), `a token is in ${where}`)
        }
      }
      for (const where of ["answers", "log", "metrics", "exported"] as const) {
        for (const contact of [email, phone]) assert.isFalse(places[where].includes(contact), `${contact} in ${where}`)
      }
    })
  )
})
