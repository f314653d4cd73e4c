import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { ChallengeId } from "../../src/domain/ids.ts"
import type { Message } from "../../src/domain/letters.ts"
import { utc } from "../../src/domain/time.ts"
import { type Asked, type Claim, Outbox, type Verdict } from "../../src/services/Outbox.ts"
import { TestDatabase } from "../kit/database.ts"
import { type Chance, chanceOf } from "./chance.ts"
import { Memory } from "./memory/Memory.ts"
import { memoryOutbox } from "./memory/memoryOutbox.ts"
import { seedOf } from "./simulate.ts"
import { quiet } from "./surroundings.ts"
import { Turns } from "./Turns.ts"

const addresses = ["a@one.example", "b@one.example", "c@two.example", "+60125550101", "+60125550102"] as const
const hour = 3_600_000

/** A letter whose time came that many milliseconds after an hour ago, or comes in an hour. */
const aMessage = (chance: Chance, place: number, now: number): Message => {
  const address = chance.pick(addresses)
  const at = utc(new Date(now))
  const challengeId = ChallengeId.make(randomUUID())
  const accountId = chance.pick(["alex", "sam"])
  const due = chance.percent(90) ? now - hour + place : now + hour
  return {
    id: randomUUID(),
    accountId,
    channel: address.startsWith("+") ? "sms" : "email",
    address,
    letter: chance.percent(60)
      ? { _tag: "disabled", accountId, at, method: "SMS" }
      : { _tag: "code", accountId, at, challengeId, issue: 1, purpose: "setup", method: "EMAIL", expiresAt: at },
    name: null,
    locale: null,
    timeZone: null,
    challengeId: null,
    notBefore: new Date(due),
    notAfter: new Date(now + 72 * hour)
  }
}

const asks = (chance: Chance): Asked => ({
  room: { email: 1 + chance.below(6), sms: chance.below(4) },
  share: { email: 1 + chance.below(5), sms: 1 + chance.below(2) },
  busy: chance.percent(30) ? { "one.example": chance.below(4) } : {},
  slow: chance.percent(40) ? [chance.pick(["one.example", "+60125550101"])] : []
})

const aVerdict = (chance: Chance): Verdict =>
  chance.pick<Verdict>([
    { state: "handed_over", detail: "Taken" },
    { state: "failed", detail: "No such mailbox" },
    { state: "deferred", detail: "Come back later", waitSeconds: 0 },
    { state: "deferred", detail: "Come back later", waitSeconds: 900 },
    { state: "obsolete" },
    { state: "released" }
  ])

/** Whatever waits for its turn in memory has it at once. */
const atOnce = <A>(turns: Turns, effect: Effect.Effect<A, unknown>): A => {
  let exit: Exit.Exit<A, unknown> | undefined
  Effect.runForkWith(quiet(turns, chanceOf(1)))(effect).addObserver((ended) => {
    exit = ended
  })
  turns.settle()
  if (exit === undefined || Exit.isFailure(exit)) throw new Error("the memory did not answer")
  return exit.value
}

const ids = (claims: ReadonlyArray<Claim>) => claims.map(({ message }) => message.id)

layer(Outbox.layer.pipe(Layer.provideMerge(TestDatabase), Layer.provideMerge(Logger.layer([]))), {
  timeout: "60 seconds"
})("the outbox of a simulation is like the database", (it) => {
  for (let place = 0; place < 10; place++) {
    it.effect(`run ${place + 1} claims the same letters in the same order, and leaves them in the same state`, () =>
      Effect.gen(function* () {
        const chance = chanceOf(seedOf(31, place))
        const sql = yield* SqlClient.SqlClient
        const outbox = yield* Outbox
        yield* sql`truncate outbox`
        const turns = new Turns()
        turns.now = Date.now()
        const memory = new Memory()
        const like = memoryOutbox(memory, turns)
        const held: Array<{ readonly real: Claim; readonly like: Claim }> = []
        for (let step = 0; step < 14; step++) {
          const messages = Array.from({ length: chance.below(6) }, (_, nth) =>
            aMessage(chance, step * 10 + nth, turns.now)
          )
          yield* outbox.queue(messages)
          memory.queue(messages, turns.now)
          const asked = asks(chance)
          const real = yield* outbox.claim(asked)
          const alike = atOnce(turns, like.claim(asked))
          assert.deepStrictEqual(ids(real), ids(alike), `step ${step}`)
          for (const [nth, claim] of real.entries()) {
            const other = alike[nth]
            if (other !== undefined) held.push({ real: claim, like: other })
          }
          while (held.length > 0 && chance.percent(70)) {
            const [one] = held.splice(chance.below(held.length), 1)
            if (one === undefined) break
            const verdict = aVerdict(chance)
            const kept = yield* outbox.settle(one.real, verdict)
            assert.strictEqual(kept, atOnce(turns, like.settle(one.like, verdict)))
          }
        }
        const rows = yield* sql<{ id: string; state: string; attempts: number; leased: boolean }>`
          select id, state, attempts, lease is not null as leased from outbox order by position`
        assert.deepStrictEqual(
          rows,
          memory.outbox.map(({ message, state, attempts, lease }) => {
            return { id: message.id, state, attempts, leased: lease !== null }
          })
        )
      })
    )
  }
})
