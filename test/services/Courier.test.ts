import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Exit, Logger, Redacted, Tracer } from "effect"
import { SqlClient } from "effect/sql"
import { AccountId } from "../../src/domain/ids.ts"
import { Inbox } from "../../src/services/Inbox.ts"
import { OtpIssuer } from "../../src/services/OtpIssuer.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { headers, mailServer, reply } from "./mailServer.ts"
import {
  aCode,
  anAccount,
  courierTo,
  empty,
  eventsOf,
  notice,
  queue,
  settlesAs,
  somebody,
  stored
} from "./outboxKit.ts"

/** The code of a queued letter, as the holder of the key can derive it. */
const codeOf = Effect.fnUntraced(function* (challengeId: string | null) {
  const store = yield* TwoFactorStore
  const otp = yield* OtpIssuer
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly accountId: string }>`
    select account_id as "accountId" from challenges where id = ${challengeId}::uuid`
  const { account } = yield* store.read({ accountId: AccountId.make(row?.accountId ?? "") })
  const challenge = account?.state.challenges.find(({ id }) => id === challengeId)
  if (challenge === undefined || row === undefined) throw new Error("no such challenge")
  return Redacted.value(yield* otp.codeFor({ ...challenge, accountId: row.accountId }))
})

layer(stored, { timeout: "60 seconds", excludeTestServices: true })("Courier", (it) => {
  it.effect("a mail and a text reach their people, and the rows say so", () =>
    Effect.gen(function* () {
      yield* empty
      const server = yield* mailServer()
      const context = yield* courierTo(server.port)
      const [mail, text] = [notice(), notice({ channel: "sms", address: "+60125550143" })]
      yield* queue(mail, text)
      const row = yield* settlesAs(mail.id, "handed_over")
      assert.deepStrictEqual([row?.detail, row?.attempts], ["Handed to the mail server", 1])
      yield* settlesAs(text.id, "handed_over")
      const [got] = server.received
      assert.deepStrictEqual(got?.recipients, [mail.address])
      assert.deepStrictEqual(headers({ from: "", recipients: [], raw: got?.raw ?? "" }, "Subject"), [
        "Two-factor authentication was turned off"
      ])
      const texts = yield* Inbox.use((inbox) => inbox.list()).pipe(Effect.provide(context))
      assert.match(texts[0]?.text ?? "", /^Harbor: Two-factor authentication was turned off\./)
    }).pipe(Effect.scoped)
  )

  it.effect("S-27: the code is derived in the moment of sending and is nowhere in the database", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("alex")
      const server = yield* mailServer()
      yield* courierTo(server.port)
      const letter = yield* aCode("alex")
      yield* queue(letter)
      yield* settlesAs(letter.id, "handed_over")
      const code = yield* codeOf(letter.challengeId)
      assert.match(code, /^\d{6}$/)
      assert.include(server.received[0]?.raw, code)
      const sql = yield* SqlClient.SqlClient
      const [dump] = yield* sql<{ readonly rows: string }>`
        select (select string_agg(o::text, ' ') from outbox o) || (select string_agg(c::text, ' ') from challenges c) as rows`
      assert.notInclude(dump?.rows, code)
    }).pipe(Effect.scoped)
  )

  it.effect("S-26: no log and no span of a delivery shows code, address, number or text", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("alex")
      const seen: Array<string> = []
      const logger = Logger.make((options) => {
        seen.push(Logger.formatJson.log(options))
      })
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      const spans: Array<Tracer.Span> = []
      const server = yield* mailServer({
        onRcptTo: ({ address }, _session, done) =>
          done(address.startsWith("no@") ? reply(550, `5.1.1 <${address}> unknown`) : null)
      })
      yield* courierTo(server.port).pipe(Effect.provide(Logger.layer([logger])), Effect.withTracer(tracer))
      const letter = yield* aCode("alex")
      const refused = notice({ address: "no@customer.example" })
      yield* queue(letter, refused)
      yield* settlesAs(letter.id, "handed_over")
      yield* settlesAs(refused.id, "failed")
      const code = yield* codeOf(letter.challengeId)
      const failures = spans.map(({ status }) =>
        status._tag === "Ended" && Exit.isFailure(status.exit) ? String(status.exit) : ""
      )
      seen.push(JSON.stringify([spans.map(({ name, attributes }) => [name, [...attributes]]), failures]))
      assert.include(seen.join(), letter.id)
      assert.include(seen.join(), "Courier.deliver")
      for (const secret of [code, "@customer", "Enter this code"]) assert.notInclude(seen.join(), secret)
    }).pipe(Effect.scoped)
  )

  it.effect("S-75, I10: what is past its not-after is never handed over, and the reason is recorded", () =>
    Effect.gen(function* () {
      yield* empty
      yield* anAccount("tardy")
      const server = yield* mailServer()
      const late = yield* aCode("tardy", { notAfter: new Date(Date.now() - 1000) })
      const lateNotice = notice({ ...somebody("late"), notAfter: new Date(Date.now() - 1000) })
      const inTime = notice(somebody("sam"))
      yield* queue(late, lateNotice, inTime)
      yield* courierTo(server.port)
      for (const { id } of [late, lateNotice]) {
        const row = yield* settlesAs(id, "failed")
        assert.strictEqual(row?.detail, "It could not be delivered in time")
      }
      yield* settlesAs(inTime.id, "handed_over")
      assert.deepStrictEqual(
        server.received.flatMap(({ recipients }) => recipients),
        [inTime.address]
      )
      assert.deepStrictEqual(yield* eventsOf("tardy"), [{ type: "delivery.failed", reason: "code" }])
    }).pipe(Effect.scoped)
  )

  it.effect("S-75: a hand-over that the not-after overtakes is broken off", () =>
    Effect.gen(function* () {
      yield* empty
      const asked = yield* Deferred.make<void>()
      const server = yield* mailServer({
        // never answered: the mail is still waiting when its time is over
        onRcptTo: () => Deferred.doneUnsafe(asked, Effect.void)
      })
      yield* courierTo(server.port)
      const message = notice({ notAfter: new Date(Date.now() + 1500) })
      yield* queue(message)
      yield* Deferred.await(asked)
      yield* settlesAs(message.id, "failed")
      assert.lengthOf(server.received, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("S-75: the code of a closed, lapsed or renewed challenge is not sent any more", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer()
      const letters = yield* Effect.forEach(["closed", "lapsed", "renewed"], (name) =>
        Effect.andThen(anAccount(name), aCode(name))
      )
      yield* sql`update challenges set status = 'cancelled', closed_at = now() where account_id = 'closed'`
      yield* sql`update challenges set issued_at = issued_at - interval '10 minutes',
        expires_at = expires_at - interval '10 minutes' where account_id = 'lapsed'`
      yield* sql`update challenges set issue = 2 where account_id = 'renewed'`
      yield* queue(...letters)
      yield* courierTo(server.port)
      for (const { id } of letters) yield* settlesAs(id, "obsolete")
      assert.lengthOf(server.received, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("a reminder is sent only while its account has had no method since then, to the address of today", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer()
      const names = ["still", "again", "moved"]
      for (const name of names) yield* anAccount(name)
      const at = DateTime.makeUnsafe("2026-11-24T20:04:12.345Z")
      yield* sql`update accounts set changed_at = ${DateTime.formatIso(at)}::timestamptz`
      yield* sql`update accounts set email = 'renamed@customer.example' where account_id = 'still'`
      yield* sql`insert into enrolments (id, account_id, method, destination, enrolled_at)
        values (gen_random_uuid(), 'again', 'EMAIL', 'again@customer.example', now())`
      yield* sql`update accounts set changed_at = changed_at + interval '1 millisecond' where account_id = 'moved'`
      const [still, again, moved] = names.map((accountId) =>
        notice({ ...somebody(accountId), letter: { _tag: "unfinished", accountId, at } })
      )
      if (still === undefined || again === undefined || moved === undefined) throw new Error("three are named")
      yield* queue(still, again, moved)
      yield* courierTo(server.port)
      yield* settlesAs(still.id, "handed_over")
      yield* settlesAs(again.id, "obsolete")
      yield* settlesAs(moved.id, "obsolete")
      assert.deepStrictEqual(
        server.received.flatMap(({ recipients }) => recipients),
        ["renamed@customer.example"]
      )
    }).pipe(Effect.scoped)
  )

  it.effect("a reminder that is refused is recorded for the address that it went to", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const server = yield* mailServer({
        onRcptTo: (_address, _session, done) => done(reply(550, "5.1.1 none"))
      })
      yield* anAccount("sam")
      const at = DateTime.makeUnsafe("2026-11-24T20:04:12.345Z")
      yield* sql`update accounts set changed_at = ${DateTime.formatIso(at)}::timestamptz, email = 'new@harbor.example'`
      yield* sql`insert into former_contacts (account_id, channel, address, until)
        values ('sam', 'sms', '+60125550143', now() + interval '1 hour')`
      const reminder = notice({ ...somebody("sam"), letter: { _tag: "unfinished", accountId: "sam", at } })
      yield* queue(reminder)
      yield* courierTo(server.port)
      yield* settlesAs(reminder.id, "failed")
      const told = yield* sql<{ readonly channel: string; readonly about: string }>`
        select channel, letter ->> 'address' as about from outbox where letter ->> '_tag' = 'undelivered'`
      assert.deepStrictEqual(told, [{ channel: "sms", about: "n•••@h•••.example" }])
    }).pipe(Effect.scoped)
  )

  it.effect("letters to one address arrive in the order of their causes", () =>
    Effect.gen(function* () {
      yield* empty
      const server = yield* mailServer()
      yield* courierTo(server.port)
      const messages = Array.from({ length: 8 }, () => notice())
      yield* queue(...messages)
      for (const { id } of messages) yield* settlesAs(id, "handed_over")
      assert.deepStrictEqual(
        server.received.map((mail) => headers(mail, "Message-ID")[0]),
        messages.map(({ id }) => `<${id}@harbor.example>`)
      )
    }).pipe(Effect.scoped)
  )
})
