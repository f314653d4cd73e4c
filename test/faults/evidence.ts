import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { KeyRing } from "../../src/services/KeyRing.ts"
import { secrets } from "./nodes.ts"

/** A row of the audit trail, in its order. */
export interface Audited {
  readonly account: string
  readonly sequence: number
  readonly type: string
  readonly epoch: number
  readonly method: string | null
  readonly purpose: string | null
  readonly at: Date
}

/** What the database has in the end, as far as invariants speak of it. */
export interface Evidence {
  readonly accounts: ReadonlyArray<{ readonly account: string; readonly epoch: number; readonly reported: boolean }>
  readonly enrolments: ReadonlyArray<{
    readonly account: string
    readonly method: string
    readonly destination: string
    readonly enrolledAt: Date
    readonly endedAt: Date | null
  }>
  readonly challenges: ReadonlyArray<{
    readonly id: string
    readonly account: string
    readonly purpose: string
    readonly status: string
    readonly epoch: number
    readonly tries: number
    readonly maxTries: number
  }>
  readonly audit: ReadonlyArray<Audited>
  readonly letters: ReadonlyArray<{
    readonly id: string
    readonly account: string
    readonly address: string
    readonly tag: string
    readonly linkEpoch: number | null
    readonly link: string | null
    readonly state: string
    readonly notAfter: Date
  }>
  /** Chains that do not verify, each in a sentence. */
  readonly brokenChains: ReadonlyArray<string>
}

const ring = KeyRing.layerOf([{ id: "k1", key: Redacted.make(new Uint8Array(Buffer.from(secrets.ring, "base64"))) }])

/** Reads all of it straight from the database. */
export const evidenceIn = (url: Redacted.Redacted): Effect.Effect<Evidence> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const audit = yield* AuditTrail
    const accounts = yield* sql<Evidence["accounts"][number]>`
      select account_id as account, epoch::float8 as epoch, reported_at is not null as reported from accounts`
    const enrolments = yield* sql<Evidence["enrolments"][number]>`
      select account_id as account, method, destination, enrolled_at as "enrolledAt", ended_at as "endedAt"
      from enrolments order by enrolled_at`
    const challenges = yield* sql<Evidence["challenges"][number]>`
      select id::text as id, account_id as account, purpose, status, epoch::float8 as epoch, tries, max_tries as "maxTries"
      from challenges`
    const events = yield* sql<Audited>`
      select account_id as account, sequence::float8 as sequence, type, epoch::float8 as epoch, method, purpose, at
      from audit_events order by account_id, audit_events.sequence, position`
    const letters = yield* sql<Evidence["letters"][number]>`
      select id::text as id, account_id as account, address, letter ->> '_tag' as tag,
        (letter -> 'link' ->> 'epoch')::float8 as "linkEpoch", letter -> 'link' ->> 'id' as link, state,
        not_after as "notAfter"
      from outbox`
    const chains = [...new Set(events.map(({ account }) => account))]
    const walked = yield* Effect.forEach(chains, (account) =>
      Effect.map(audit.walk(account), ({ fault }) =>
        fault === undefined ? [] : [`The audit chain of ${account} is broken at ${fault.sequence}: ${fault.reason}.`]
      )
    )
    return { accounts, enrolments, challenges, audit: events, letters, brokenChains: walked.flat() }
  }).pipe(
    Effect.provide(
      AuditTrail.layer.pipe(Layer.provideMerge(PgClient.layer({ url, maxConnections: 2 })), Layer.provide(ring))
    ),
    Effect.scoped,
    Effect.orDie
  )

/** Every row of every table as text. */
export const dumpOf = (url: Redacted.Redacted): Effect.Effect<string> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const tables = yield* sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = current_schema()`
    const texts = yield* Effect.forEach(tables, ({ name }) =>
      Effect.map(sql<{ row: string }>`select row_to_json(t)::text as row from ${sql(name)} t`, (rows) =>
        rows.map(({ row }) => `${name} ${row}`).join("\n")
      )
    )
    return texts.join("\n")
  }).pipe(Effect.provide(PgClient.layer({ url, maxConnections: 1 })), Effect.scoped, Effect.orDie)
