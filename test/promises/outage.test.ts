import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { FrontDoor, password, refusal } from "../kit/frontDoor.ts"
import { aProcess, eventually } from "../kit/process.ts"
import { codeLapses } from "../kit/stories.ts"
import { theWorld } from "../kit/smtp.ts"
import { reply } from "../services/mailServer.ts"

/** The domain that the mail server takes nothing for. */
const refusedDomain = "@refused.example"

const make = Effect.gen(function* () {
  const world = yield* theWorld({
    onRcptTo: ({ address }, _session, done) =>
      done(address.endsWith(refusedDomain) ? reply(550, "5.1.1 There is nobody of that name") : null)
  })
  const rekey = yield* aProcess({ ...world.env, SMS_URL: "" })
  return { world, rekey, door: FrontDoor.before(rekey, world.lettersTo) }
})

class Stage extends Context.Service<Stage, Effect.Success<typeof make>>()("test/Stage") {
  static readonly layer = Layer.unwrap(
    Stage.useSync(({ rekey }) => PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 2 }))
  ).pipe(Layer.provideMerge(Layer.effect(Stage, make)), Layer.orDie)
}

/** Lets the wait before the next attempt pass. */
const nextAttempt = SqlClient.SqlClient.use(
  (sql) => sql`
  update outbox set not_before = now() where state in ('queued', 'deferred') and attempts > 0`
).pipe(Effect.orDie)

layer(Stage.layer, { excludeTestServices: true })("a mail server that is away", (it) => {
  it.effect("P5: answers do not wait for it, nothing is lost, and each letter arrives once", () =>
    Effect.gen(function* () {
      const { door, world } = yield* Stage
      const { accountId, email } = yield* door.anAccount()
      yield* world.mail.stop
      const before = performance.now()
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      assert.isBelow(performance.now() - before, 5000)
      yield* eventually(
        Effect.map(door.challenge(id), ({ delivery }) => (delivery.state === "deferred" ? true : undefined)),
        "the letter to be deferred"
      )
      assert.strictEqual((yield* door.call("GET", "/health/ready", { key: null })).status, 200)

      yield* world.mail.start
      yield* nextAttempt
      const outcome = yield* door.answerRightly(id, email)
      assert.strictEqual(outcome.status, "enabled")
      yield* world.mail.stop
      const signIn = yield* door.started(door.of(accountId, "/sign-in"), { password })
      yield* world.mail.start
      yield* nextAttempt
      assert.strictEqual((yield* door.answerRightly(signIn.id, email)).status, "signed-in")

      const letters = yield* eventually(
        Effect.map(world.lettersTo(email), (all) => (all.length >= 3 ? all : undefined)),
        "the confirmation"
      )
      const sql = yield* SqlClient.SqlClient
      const rows = yield* Effect.orDie(sql<{ id: string }>`
        select id::text from outbox where account_id = ${accountId} and state = 'handed_over'`)
      assert.deepStrictEqual(
        letters.map(({ messageId }) => messageId.replace(/^<(.*)@.*>$/, "$1")).toSorted(),
        rows.map((row) => row.id).toSorted()
      )
      assert.lengthOf(letters, 3)
    })
  )

  it.effect("S-75: a code that has expired meanwhile is never delivered, and its challenge says so", () =>
    Effect.gen(function* () {
      const { door, world } = yield* Stage
      const { accountId, email } = yield* door.anAccount()
      yield* world.mail.stop
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      yield* eventually(
        Effect.map(door.challenge(id), ({ delivery }) => (delivery.state === "deferred" ? true : undefined)),
        "the letter to be deferred"
      )
      const sql = yield* SqlClient.SqlClient
      yield* Effect.orDie(codeLapses((yield* door.challenge(id)).id))
      yield* Effect.orDie(
        sql`update outbox set not_after = now() - interval '1 minute' where challenge_id = ${id}::uuid`
      )
      yield* world.mail.start
      yield* nextAttempt
      yield* eventually(
        Effect.map(door.challenge(id), ({ delivery }) => (delivery.state === "failed" ? true : undefined)),
        "the letter to be given up"
      )
      const again = yield* door.post(`/v1/challenges/${id}/resend`)
      assert.strictEqual(again.status, 202)
      assert.strictEqual((yield* door.answerRightly(id, email)).status, "enabled")
      const codes = (yield* world.lettersTo(email)).filter(({ subject }) => subject?.includes("verification code"))
      assert.lengthOf(codes, 1)
      const failed = (yield* door.events(accountId)).filter(({ type }) => type === "delivery.failed")
      assert.lengthOf(failed, 1)
    })
  )

  it.effect("P5: a recipient that is refused for good is reported by the challenge and by an event", () =>
    Effect.gen(function* () {
      const { door } = yield* Stage
      const email = `somebody${refusedDomain}`
      const { accountId } = yield* door.anAccount({ email })
      const { id } = yield* door.started(door.of(accountId, "/two-factor/setup"), { method: "EMAIL", password })
      const { delivery } = yield* eventually(
        Effect.map(door.challenge(id), (challenge) => (challenge.delivery.state === "failed" ? challenge : undefined)),
        "the delivery to fail"
      )
      assert.notInclude(delivery.detail ?? "", email)
      const event = yield* eventually(
        Effect.map(door.events(accountId), (all) => all.find(({ type }) => type === "delivery.failed")),
        "the event"
      )
      assert.include(event, { outcome: "refused", actor: "system" })
      assert.notInclude(JSON.stringify(event), email)
    })
  )

  it.effect("a method that cannot be sent is refused as unavailable, and nothing changed", () =>
    Effect.gen(function* () {
      const { door } = yield* Stage
      const { accountId } = yield* door.anAccount()
      const ask = door.post(door.of(accountId, "/two-factor/setup"), { method: "SMS", password })
      refusal(yield* door.refused(accountId, ask, 409, "method_unavailable"), 409, "method_unavailable", door.base)
    })
  )
})
