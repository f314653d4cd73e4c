import { Data, DateTime, Effect, Layer, Logger, Redacted, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { ChallengeId } from "../../src/domain/ids.ts"
import type { Letter, Message } from "../../src/domain/letters.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import * as Courier from "../../src/services/Courier.ts"
import { Idempotency } from "../../src/services/Idempotency.ts"
import { Inbox } from "../../src/services/Inbox.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { Mailer } from "../../src/services/Mailer.ts"
import { NoticeLinks } from "../../src/services/NoticeLinks.ts"
import { OtpIssuer } from "../../src/services/OtpIssuer.ts"
import { type Asked, type Claim, Outbox, type Verdict } from "../../src/services/Outbox.ts"
import { RateLimits } from "../../src/services/RateLimits.ts"
import { Resets } from "../../src/services/Resets.ts"
import { Sessions } from "../../src/services/Sessions.ts"
import { SlackLinks } from "../../src/services/SlackLinks.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { TestDatabase } from "../kit/database.ts"
import { Settings } from "../../src/settings.ts"

const keys = KeyRing.layerOf([{ id: "k1", key: Redacted.make(new Uint8Array(32).fill(7)) }])

/** All that a courier stands on but the senders, over a database of its own; it logs nothing. */
export const stored = TwoFactorStore.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(
      AuditTrail.layer,
      Outbox.layer,
      Idempotency.layer,
      RateLimits.layer,
      Sessions.layer,
      SlackLinks.layer
    )
  ),
  Layer.provideMerge(NoticeLinks.layer),
  Layer.provideMerge(Resets.layer),
  Layer.provideMerge(Layer.mergeAll(OtpIssuer.layer, BearerTokens.layer)),
  Layer.provideMerge(keys),
  Layer.provideMerge(TestDatabase),
  Layer.provideMerge(Logger.layer([]))
)

/** Mail to this port of loopback, texts to the inbox. */
export const sendersTo = (port: number) =>
  Layer.mergeAll(
    Mailer.layer({
      url: Redacted.make(`smtp://127.0.0.1:${port}`),
      from: { name: "Harbor", address: "security@harbor.example" }
    }),
    SmsSender.layerInbox
  ).pipe(Layer.provideMerge(Inbox.layer))

/** Starts a courier in this scope that sends mail to that port. */
export const courierTo = (port: number) =>
  Layer.build(Courier.layer.pipe(Layer.provideMerge(sendersTo(port)), Layer.provide(Settings.layerOf({}))))

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000)

/** A reminder of no account in particular: a letter that is always true. */
export const notice = (more: Partial<Message> = {}): Message => {
  const accountId = more.accountId ?? "alex"
  return {
    id: randomUUID(),
    accountId,
    channel: "email",
    address: "alex@customer.example",
    letter: { _tag: "disabled", accountId, at: DateTime.makeUnsafe("2026-11-24T20:04:12Z"), method: "SMS" },
    name: null,
    locale: null,
    timeZone: null,
    challengeId: null,
    notBefore: minutes(-1),
    notAfter: minutes(60),
    ...more
  }
}

/** Queues as a commit does: in the statement of its cause. */
export const queue = Effect.fnUntraced(function* (...messages: ReadonlyArray<Message>) {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox
  yield* sql`with applied as (select 1), queued as (${outbox.part(messages)}) select 1`
  yield* outbox.wake
})

/** Claims all that is due, but for what is said otherwise. */
export const claim = (asked: Partial<Asked> = {}) =>
  Outbox.use((outbox) =>
    outbox.claim({ room: { email: 50, sms: 50 }, share: { email: 50, sms: 50 }, busy: {}, slow: [], ...asked })
  )

/** What was claimed, in its order. */
export const ids = (claims: ReadonlyArray<Claim>) => claims.map(({ message }) => message.id)

/** Gives a verdict on what was claimed. */
export const settle = (claimed: Claim | undefined, verdict: Verdict) =>
  claimed === undefined
    ? Effect.die(new Error("nothing was claimed"))
    : Outbox.use((outbox) => outbox.settle(claimed, verdict))

/** A letter with a code of this challenge. */
export const codeLetter = (challengeId = ChallengeId.make(randomUUID()), accountId = "alex"): Letter => ({
  _tag: "code",
  accountId,
  at: DateTime.makeUnsafe("2026-11-24T20:04:12Z"),
  challengeId,
  issue: 1,
  purpose: "setup",
  method: "EMAIL",
  expiresAt: DateTime.makeUnsafe("2026-11-24T20:14:12Z")
})

/** A customer with e-mail and phone, and no method. */
export const anAccount = Effect.fnUntraced(function* (accountId: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`insert into accounts (account_id, email, phone, password_hash)
    values (${accountId}, ${`${accountId}@customer.example`}, '+60125550143', 'none')`
})

/** An open set-up of that customer, with the letter that carries its code. */
export const aCode = Effect.fnUntraced(function* (accountId: string, more: Partial<Message> = {}) {
  const sql = yield* SqlClient.SqlClient
  const id = ChallengeId.make(randomUUID())
  const address = `${accountId}@customer.example`
  yield* sql`insert into challenges (id, account_id, purpose, method, destination, epoch, key_id, nonce, issue,
      code_length, tries, max_tries, sends, status, issued_at, expires_at, closes_at, resend_after)
    values (${id}::uuid, ${accountId}, 'setup', 'EMAIL', ${address}, 1, 'k1', decode(repeat('0a', 16), 'hex'), 1, 6, 0, 5, 1,
      'open', statement_timestamp(), statement_timestamp() + interval '10 minutes',
      statement_timestamp() + interval '30 minutes', statement_timestamp())`
  return notice({
    accountId,
    address,
    letter: codeLetter(id, accountId),
    challengeId: id,
    notAfter: minutes(10),
    ...more
  })
})

/** A row of the outbox. */
export const stateOf = Effect.fnUntraced(function* (id: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{
    readonly state: string
    readonly detail: string | null
    readonly attempts: number
    readonly leased: boolean
  }>`select state, detail, attempts, lease is not null as leased from outbox where id = ${id}::uuid`
  return row
})

/** Makes everything that waits due, as if its time had come. */
export const timePasses = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update outbox set not_before = statement_timestamp() - interval '1 second'
    where state in ('queued', 'deferred') and lease is null`
  yield* Outbox.use(({ wake }) => wake)
})

class NotYet extends Data.TaggedError("NotYet")<{ readonly seen: unknown }> {}

/** Looks again and again, until it holds; fails after ten seconds. */
export const eventually = <A, E, R>(
  look: Effect.Effect<A, E, R>,
  holds: (seen: A) => boolean
): Effect.Effect<A, unknown, R> =>
  look.pipe(
    Effect.filterOrFail(holds, (seen) => new NotYet({ seen })),
    Effect.retry({ schedule: Schedule.spaced("20 millis"), times: 500 })
  )

/** Waits until a message has this state. */
export const settlesAs = (id: string, state: string) => eventually(stateOf(id), (row) => row?.state === state)

/** No letters and no accounts, as before the first test. */
export const empty = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`delete from outbox`
  yield* sql`delete from accounts`
})

/** Another person; at a domain of their own, or at this one. */
export const somebody = (name: string, domain = `${name}.example`) => ({
  accountId: name,
  address: `${name}@${domain}`
})

/** The audit trail of an account, in short. */
export const eventsOf = (accountId: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql<{ readonly type: string; readonly reason: string }>`
      select type, reason from audit_events where account_id = ${accountId} order by sequence`
  )
