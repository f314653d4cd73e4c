import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { Challenge, TwoFactor } from "../../src/domain/TwoFactor.ts"
import { type Answer, FrontDoor, password, readAs } from "../kit/frontDoor.ts"
import { aProcess, eventually } from "../kit/process.ts"
import { theWorld } from "../kit/smtp.ts"

/** A process with a world around it, and its database. */
const stage = Effect.gen(function* () {
  const world = yield* theWorld()
  const rekey = yield* aProcess(world.env)
  const door = FrontDoor.before(rekey, world.lettersTo)
  const database = PgClient.layer({ url: Redacted.make(rekey.databaseUrl), maxConnections: 2 })
  const sql = (statement: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
    SqlClient.SqlClient.use(statement).pipe(Effect.provide(database), Effect.orDie)
  /** A crash, and a new process; the leases of the dead one are taken as lapsed. */
  const crash = rekey.kill.pipe(
    Effect.andThen(sql((db) => db`update outbox set lease = null, leased_until = null where lease is not null`)),
    Effect.andThen(rekey.start)
  )
  return { world, rekey, door, sql, crash, database }
})

describe("durability", () => {
  it.live(
    "P1: kill -9 after each acknowledged answer of the article loses nothing",
    () =>
      Effect.gen(function* () {
        const { world, door, crash } = yield* stage
        const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const of = (what: string) => door.of(accountId, what)

        const signIn = yield* door.started(of("/sign-in"), { password })
        const { grant } = yield* door.answerRightly(signIn.id, phone)
        yield* crash

        const disabled = readAs(yield* door.post(of("/two-factor/disable"), { password, grant }), 200, TwoFactor)
        yield* crash
        assert.deepStrictEqual(yield* door.twoFactor(accountId), disabled)

        const setup = yield* door.started(of("/two-factor/setup"), { password, method: "EMAIL" })
        yield* crash
        assert.strictEqual((yield* door.twoFactor(accountId)).pending?.challengeId, setup.id)
        const outcome = yield* door.answerRightly(setup.id, email)
        yield* crash
        assert.deepStrictEqual(yield* door.twoFactor(accountId), outcome.twoFactor)
        assert.strictEqual(outcome.twoFactor.securityStandard, "EMAIL")

        const told = (to: string, what: string) =>
          eventually(
            Effect.map(world.lettersTo(to), (letters) =>
              letters.find(({ subject = "", text }) => `${subject} ${text}`.includes(what))
            ),
            `${what} to ${to}`
          )
        for (const to of [email, phone]) yield* told(to, "Two-factor authentication was turned off")
        yield* told(email, "Your security standard has been updated to EMAIL")
        yield* told(phone, "SMS codes were replaced by email")
        // P5: at least once; a repeat is the same letter.
        const letters = [...(yield* world.lettersTo(email)), ...(yield* world.lettersTo(phone))]
        const different = new Set(letters.map((letter) => JSON.stringify(letter)))
        assert.strictEqual(new Set(letters.map(({ messageId }) => messageId)).size, different.size)
        assert.strictEqual(different.size, 6)
        const types = (yield* door.events(accountId)).map(({ type }) => type)
        for (const type of ["signed_in", "method.disabled", "method.enabled"]) {
          assert.lengthOf(
            types.filter((one) => one === type),
            1
          )
        }
      }),
    90_000
  )

  it.live(
    "a restart in the middle of a journey loses nothing: what is in flight is answered, and the exit code is 0",
    () =>
      Effect.gen(function* () {
        const { door, rekey, database } = yield* stage
        const { accountId, email, phone } = yield* door.anAccount({ twoFactor: "SMS" })
        const grant = yield* door.grantOf(accountId, phone)
        const body = { password, grant, method: "EMAIL" }
        const ask = door.post(door.of(accountId, "/two-factor/change"), body, {
          headers: { "idempotency-key": "before-the-restart" }
        })

        // The account's row is held until SIGTERM has been sent, so that the request is in flight by then.
        const { asked, stopped } = yield* Effect.gen(function* () {
          const db = yield* SqlClient.SqlClient
          return yield* Effect.gen(function* () {
            yield* db`select 1 from accounts where account_id = ${accountId} for update`
            const request = yield* Effect.forkDetach(ask, { startImmediately: true })
            const waiting = db<{ n: number }>`
              select count(*)::int as n from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock'`
            yield* eventually(
              Effect.map(waiting, ([row]) => (row?.n === 1 ? true : undefined)),
              "the request to wait"
            )
            const stop = yield* Effect.forkDetach(rekey.stop, { startImmediately: true })
            return { asked: request, stopped: stop }
          }).pipe(db.withTransaction)
        }).pipe(Effect.provide(database), Effect.orDie)
        const answer: Answer = yield* Fiber.join(asked)
        const change = readAs(answer, 201, Challenge)
        assert.strictEqual(yield* Fiber.join(stopped), 0)

        yield* rekey.start
        const again = yield* ask
        assert.deepStrictEqual([again.status, again.text], [answer.status, answer.text])
        assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
        assert.include(yield* door.twoFactor(accountId), { securityStandard: "SMS" })
        assert.strictEqual((yield* door.answerRightly(change.id, email)).status, "changed")
        assert.strictEqual(yield* rekey.stop, 0)
      }),
    90_000
  )
})
