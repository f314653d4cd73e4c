import { Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { type IdempotencyDigests } from "../../src/domain/idempotency.ts"
import { Caller } from "../../src/account/Caller.ts"
import { importAccount, type Import } from "../../src/account/importAccount.ts"
import { core } from "../../src/core.ts"
import type { Client } from "../../src/domain/letters.ts"
import { AccountId, type ChallengeId } from "../../src/domain/ids.ts"
import type { ActingSession } from "../../src/domain/sessions.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { OtpIssuer } from "../../src/services/OtpIssuer.ts"
import { PasswordVerifier } from "../../src/services/PasswordVerifier.ts"
import { SmsSender } from "../../src/services/SmsSender.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { Settings } from "../../src/settings.ts"
import { TestDatabase } from "./database.ts"

/** As cheap as argon2id can be: these tests are about accounts, not about hashing. */
const cheap = { memoryKib: 8, passes: 1, lanes: 1 }

const someTexts = Layer.succeed(
  SmsSender,
  SmsSender.of({ available: true, send: () => Effect.succeed({ detail: "taken" }) })
)

const entry = (id: string) => ({ id, key: Redacted.make(new Uint8Array(32).fill(id.charCodeAt(1))) })

/** A ring of these entries, the current one first; the same id is the same key. */
export const ringOf = (first: string, ...others: ReadonlyArray<string>) =>
  KeyRing.layerOf([entry(first), ...others.map(entry)])

const overDatabase = (env: Record<string, string>, ring = ringOf("k1")) =>
  core.pipe(
    Layer.provideMerge(Layer.mergeAll(PasswordVerifier.layer(cheap), Settings.layerOf(env), someTexts)),
    Layer.provideMerge(ring)
  )

/** The account actors over a database of their own; nothing sends, nothing listens. */
export const rekey = (env: Record<string, string> = {}) => overDatabase(env).pipe(Layer.provideMerge(TestDatabase))

/** Another node over the same database, that knows nothing of the first: two actors for every account. */
export const anotherNode = (ring = ringOf("k1")) => Layer.build(Layer.fresh(overDatabase({}, ring)))

let references = 0

/** A caller as the API makes one. */
export const asPortal = (
  caller: {
    readonly source?: string
    readonly client?: Client
    readonly session?: ActingSession
    readonly idempotency?: ReadonlyArray<IdempotencyDigests>
  } = {}
) =>
  Effect.provideService(
    Caller,
    Caller.of({
      actor: "customer",
      reference: `E-${String(references++).padStart(6, "0")}`,
      client: caller.client,
      source: caller.source,
      idempotency: caller.idempotency ?? [],
      session: caller.session,
      replayed: Effect.void
    })
  )

export const password = Redacted.make("correct horse battery staple")
export const wrongPassword = Redacted.make("incorrect horse")

let accounts = 0

/** A new account, by default with e-mail, phone and no method. */
export const anAccount = (with_: Partial<Import> = {}) => {
  const accountId = AccountId.make(`customer-${accounts++}`)
  return importAccount({
    accountId,
    email: `${accountId}@customer.example`,
    phone: `+6012555${String(accounts).padStart(4, "0")}`,
    password,
    ...with_
  }).pipe(Effect.as(accountId), asPortal())
}

/** The code that the letter of an open challenge would carry. */
export const codeOf = Effect.fn("codeOf")(function* (challengeId: ChallengeId) {
  const store = yield* TwoFactorStore
  const sql = yield* SqlClient.SqlClient
  const otp = yield* OtpIssuer
  const [row] = yield* sql<{ issue: number }>`select issue from challenges where id = ${challengeId}::uuid`
  const challenge = yield* store.challengeToSend(challengeId, row?.issue ?? 0)
  return yield* otp.codeFor(Option.getOrThrow(challenge))
})

/** Another code of the same length. */
export const wrong = (code: Redacted.Redacted): Redacted.Redacted =>
  Redacted.make(Redacted.value(code).replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)))

/** Every row that an account has anywhere, as text: equal texts mean that nothing changed. */
export const everythingOf = Effect.fn("everythingOf")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const tables = [
    "accounts",
    "enrolments",
    "challenges",
    "grants",
    "audit_events",
    "outbox",
    "former_contacts",
    "idempotency_keys",
    "portal_links",
    "sessions",
    "notice_links",
    "resets"
  ]
  const rows = yield* Effect.forEach(
    tables,
    (table) =>
      sql<{ rows: string }>`
      select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]')::text as rows
      from ${sql(table)} t where t.account_id = ${accountId}`
  )
  return rows.map(([row]) => row?.rows).join("\n")
})
