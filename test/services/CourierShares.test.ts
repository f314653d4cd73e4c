import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { mailServer, reply } from "./mailServer.ts"
import { courierTo, empty, eventually, notice, queue, settlesAs, somebody, stored } from "./outboxKit.ts"

layer(stored, { timeout: "60 seconds", excludeTestServices: true })("Shares of the courier's places", (it) => {
  it.effect("one domain may use all places but two while it answers, and those two are for the others", () =>
    Effect.gen(function* () {
      yield* empty
      const held: Array<() => void> = []
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) => {
          if (address.endsWith("@big.example")) held.push(done)
          else done()
        }
      })
      yield* courierTo(server.port)
      yield* queue(...Array.from({ length: 12 }, (_, place) => notice(somebody(`b${place}`, "big.example"))))
      yield* eventually(
        Effect.sync(() => held.length),
        (count) => count === 6
      )
      const others = Array.from({ length: 4 }, (_, place) => notice(somebody(`o${place}`)))
      yield* queue(...others)
      for (const { id } of others) yield* settlesAs(id, "handed_over")
      assert.lengthOf(held, 6)
      for (const answer of held) answer()
    }).pipe(Effect.scoped)
  )

  it.effect("a domain that failed or kept us waiting has at most two on their way, until it answers again", () =>
    Effect.gen(function* () {
      yield* empty
      let mood: "failing" | "waiting" | "answering" = "failing"
      const held: Array<() => void> = []
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) => {
          if (mood === "failing" && address.endsWith("@bad.example")) done(reply(451, "later"))
          else if (mood === "waiting" && address.endsWith("@bad.example")) held.push(done)
          else done()
        }
      })
      yield* courierTo(server.port)
      const first = notice(somebody("first", "bad.example"))
      yield* queue(first)
      yield* settlesAs(first.id, "deferred")
      mood = "waiting"
      const letters = Array.from({ length: 12 }, (_, place) => notice(somebody(`b${place}`, "bad.example")))
      const others = Array.from({ length: 12 }, (_, place) => notice(somebody(`o${place}`)))
      yield* queue(...letters, ...others)
      for (const { id } of others) yield* settlesAs(id, "handed_over")
      assert.lengthOf(held, 2)
      mood = "answering"
      for (const answer of held) answer()
      for (const { id } of letters) yield* settlesAs(id, "handed_over")
    }).pipe(Effect.scoped)
  )

  it.effect("two domains that turn slow with all places in their hands get no more than two each from then on", () =>
    Effect.gen(function* () {
      yield* empty
      const held: Array<{ readonly refuse: () => void; readonly answer: () => void }> = []
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) => {
          if (!address.includes("@slow")) done()
          else held.push({ refuse: () => done(reply(451, "later")), answer: done })
        }
      })
      yield* courierTo(server.port)
      const letters = ["slow1.example", "slow2.example"].flatMap((domain) =>
        Array.from({ length: 12 }, (_, place) => notice(somebody(`${domain}-${place}`, domain)))
      )
      yield* queue(...letters)
      yield* eventually(
        Effect.sync(() => held.length),
        (count) => count === 8
      )
      for (const { refuse } of held.splice(0)) refuse()
      const other = notice(somebody("other"))
      yield* queue(other)
      yield* settlesAs(other.id, "handed_over")
      yield* eventually(
        Effect.sync(() => held.length),
        (count) => count === 4
      )
      for (const { answer } of held) answer()
    }).pipe(Effect.scoped)
  )
})
