import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { SqlClient } from "effect/sql"
import * as Courier from "../../src/services/Courier.ts"
import { Outbox } from "../../src/services/Outbox.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"
import { Settings } from "../../src/settings.ts"
import { freePort } from "../kit/freePort.ts"
import { headers, mailServer, reply } from "./mailServer.ts"
import {
  aCode,
  anAccount,
  claim,
  courierTo,
  empty,
  eventsOf,
  eventually,
  notice,
  queue,
  sendersTo,
  settlesAs,
  somebody,
  stateOf,
  stored,
  timePasses
} from "./outboxKit.ts"

layer(stored, { timeout: "60 seconds", excludeTestServices: true })("Courier in trouble", (it) => {
  it.effect("P5: a mail server that is down for a while loses nothing, and each mail arrives as it was queued", () =>
    Effect.gen(function* () {
      yield* empty
      const port = yield* freePort
      yield* courierTo(port)
      const messages = ["a", "b", "c"].map((name) => notice(somebody(name)))
      yield* queue(...messages)
      for (const { id } of messages) {
        const row = yield* settlesAs(id, "deferred")
        assert.strictEqual(row?.detail, "The mail server cannot be reached")
      }
      const server = yield* mailServer({}, port)
      yield* timePasses
      for (const { id } of messages) yield* settlesAs(id, "handed_over")
      assert.sameMembers(
        server.received.flatMap((mail) => headers(mail, "Message-ID")),
        messages.map(({ id }) => `<${id}@harbor.example>`)
      )
    }).pipe(Effect.scoped)
  )

  it.effect("P5: a courier that died after handing over is followed by the same mail, byte for byte", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("alex")
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer()
      yield* courierTo(server.port)
      const message = yield* aCode("alex")
      yield* queue(message)
      yield* settlesAs(message.id, "handed_over")
      // as a crash between hand-over and verdict leaves it
      yield* sql`update outbox set state = 'queued', detail = null, lease = gen_random_uuid(),
        leased_until = statement_timestamp() - interval '1 second' where id = ${message.id}::uuid`
      yield* settlesAs(message.id, "handed_over")
      assert.lengthOf(server.received, 2)
      assert.strictEqual(server.received[0]?.raw, server.received[1]?.raw)
    }).pipe(Effect.scoped)
  )

  it.effect("a mail server that does not answer holds up no text", () =>
    Effect.gen(function* () {
      yield* empty
      const asked = yield* Deferred.make<void>()
      const silent: Array<(error: Error) => void> = []
      const server = yield* mailServer({
        onConnect: (_session, done) => {
          silent.push(done)
          Deferred.doneUnsafe(asked, Effect.void)
        }
      })
      yield* courierTo(server.port)
      const mails = Array.from({ length: 10 }, (_, place) => notice(somebody(`m${place}`)))
      yield* queue(...mails)
      yield* Deferred.await(asked)
      const text = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(text)
      yield* settlesAs(text.id, "handed_over")
      assert.strictEqual((yield* stateOf(mails[0]?.id ?? ""))?.leased, true)
      for (const answer of silent) answer(reply(421, "closing"))
    }).pipe(Effect.scoped)
  )

  it.effect("a notice that is refused for good is recorded and another address is told, once, without a loop", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("robin")
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) => done(address.startsWith("old@") ? reply(550, "5.1.1 none") : null)
      })
      yield* courierTo(server.port)
      const message = notice({ accountId: "robin", address: "old@customer.example" })
      yield* queue(message)
      const row = yield* settlesAs(message.id, "failed")
      assert.strictEqual(row?.detail, "The mail server says that this address does not exist")
      yield* eventually(
        Effect.sync(() => server.received.length),
        (count) => count === 1
      )
      assert.deepStrictEqual(server.received[0]?.recipients, ["robin@customer.example"])
      assert.deepStrictEqual(yield* eventsOf("robin"), [{ type: "delivery.failed", reason: "disabled" }])
      const sql = yield* SqlClient.SqlClient
      const undelivered = notice({
        accountId: "robin",
        address: "old@customer.example",
        letter: {
          _tag: "undelivered",
          accountId: "robin",
          at: message.letter.at,
          channel: "email",
          address: "o•••@c•••.example",
          about: "disabled"
        }
      })
      yield* queue(undelivered)
      yield* settlesAs(undelivered.id, "failed")
      const [rest] = yield* sql<{ readonly count: number }>`
        select count(*)::int as count from outbox where state in ('queued', 'deferred')`
      assert.strictEqual(rest?.count, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("a refusal that comes after the lease was lost is neither recorded nor told", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("riley")
      const sql = yield* SqlClient.SqlClient
      const asked = yield* Deferred.make<() => void>()
      const lost = yield* Deferred.make<void>()
      const logger = Logger.make<unknown, void>((options) => {
        if (Logger.formatJson.log(options).includes("lease_lost")) Deferred.doneUnsafe(lost, Effect.void)
      })
      const server = yield* mailServer({
        onRcptTo: (_address, _session, done) => {
          Deferred.doneUnsafe(
            asked,
            Effect.succeed(() => done(reply(550, "5.1.1 none")))
          )
        }
      })
      yield* courierTo(server.port).pipe(Effect.provide(Logger.layer([logger])))
      const message = notice({ accountId: "riley", address: "old@customer.example" })
      yield* queue(message)
      const refuse = yield* Deferred.await(asked)
      // as another node leaves it that took the letter when the lease had lapsed
      yield* sql`update outbox set state = 'handed_over', lease = null, leased_until = null where id = ${message.id}::uuid`
      refuse()
      yield* Deferred.await(lost)
      assert.deepStrictEqual(yield* eventsOf("riley"), [])
      const [rows] = yield* sql<{ readonly count: number }>`select count(*)::int as count from outbox`
      assert.strictEqual(rows?.count, 1)
    }).pipe(Effect.scoped)
  )

  it.effect("P5: a courier that dies between record and verdict of a refusal tells again instead of never", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("quinn")
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) => done(address.startsWith("old@") ? reply(550, "5.1.1 none") : null)
      })
      let dying = true
      const dies = Outbox.of({
        ...outbox,
        settle: (claimed, verdict) =>
          dying && verdict.state === "failed" ? Effect.die(new Error("gone")) : outbox.settle(claimed, verdict)
      })
      yield* courierTo(server.port).pipe(Effect.provideService(Outbox, dies))
      const message = notice({ accountId: "quinn", address: "old@customer.example" })
      yield* queue(message)
      yield* eventually(eventsOf("quinn"), (events) => events.length === 1)
      dying = false
      yield* sql`update outbox set leased_until = statement_timestamp() where id = ${message.id}::uuid`
      yield* settlesAs(message.id, "failed")
      assert.lengthOf(yield* eventsOf("quinn"), 2)
    }).pipe(Effect.scoped)
  )

  it.effect("without a text gateway texts wait, and the row says why", () =>
    Effect.gen(function* () {
      yield* empty
      const server = yield* mailServer()
      const senders = Layer.provideMerge(SmsSender.layerNone, sendersTo(server.port))
      yield* Layer.build(Courier.layer.pipe(Layer.provide([senders, Settings.layerOf({})])))
      const text = notice({ channel: "sms", address: "+60125550143" })
      yield* queue(text)
      const row = yield* settlesAs(text.id, "deferred")
      assert.strictEqual(row?.detail, "No text message gateway is set up")
    }).pipe(Effect.scoped)
  )

  it.effect("a code whose key has left the ring waits for the operator", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("alex")
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer()
      const letter = yield* aCode("alex")
      yield* sql`update challenges set key_id = 'gone'`
      yield* queue(letter)
      yield* courierTo(server.port)
      const row = yield* settlesAs(letter.id, "deferred")
      assert.strictEqual(row?.detail, "The key of this code is missing")
      assert.lengthOf(server.received, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("at a stop what is on its way arrives and is recorded, and nothing more is claimed", () =>
    Effect.gen(function* () {
      yield* empty
      const asked = yield* Deferred.make<void>()
      const held: Array<() => void> = []
      const server = yield* mailServer({
        onRcptTo: (_address, _session, done) => {
          held.push(done)
          Deferred.doneUnsafe(asked, Effect.void)
        }
      })
      const scope = yield* Scope.make()
      yield* courierTo(server.port).pipe(Scope.provide(scope))
      const flying = notice()
      yield* queue(flying)
      yield* Deferred.await(asked)
      const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      const next = notice(somebody("next"))
      yield* queue(next)
      for (const answer of held) answer()
      yield* Fiber.join(stopping)
      assert.strictEqual((yield* stateOf(flying.id))?.state, "handed_over")
      assert.deepStrictEqual(yield* stateOf(next.id), { state: "queued", detail: null, attempts: 0, leased: false })
      assert.lengthOf(yield* claim(), 1)
    }).pipe(Effect.scoped)
  )
})
