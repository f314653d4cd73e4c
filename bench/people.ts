import { Effect, Layer, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { Caller } from "../src/account/Caller.ts"
import { core } from "../src/core.ts"
import { AccountId, type ChallengeId } from "../src/domain/ids.ts"
import { KeyRing } from "../src/services/KeyRing.ts"
import { OtpIssuer } from "../src/services/OtpIssuer.ts"
import { PasswordVerifier } from "../src/services/PasswordVerifier.ts"
import { SmsSender } from "../src/services/SmsSender.ts"
import { TwoFactorStore } from "../src/services/TwoFactorStore.ts"
import { Settings } from "../src/settings.ts"
import { recorder } from "./replay.ts"

/** The one key of the run, in the form of `REKEY_SECRET_KEYS` too. */
export const secretKey = { id: "bench", bytes: Buffer.alloc(32, 7) }

/** The article's journeys as it has them: with the password, without a step-up before. */
export const articleSettings = { REKEY_STEP_UP: "password" } as const

const someTexts = Layer.succeed(
  SmsSender,
  SmsSender.of({ available: true, send: () => Effect.succeed({ detail: "taken" }) })
)

/** The account actors as `main.ts` composes them, with the hash at its production cost. Nobody sends letters yet. */
export const programs = core.pipe(
  Layer.provideMerge(
    Layer.mergeAll(
      Layer.unwrap(Settings.useSync(({ passwordCost }) => PasswordVerifier.layer(passwordCost))),
      someTexts
    )
  ),
  Layer.provideMerge(Settings.layerOf(articleSettings)),
  Layer.provideMerge(KeyRing.layerOf([{ id: secretKey.id, key: Redacted.make(new Uint8Array(secretKey.bytes)) }])),
  Layer.provideMerge(recorder)
)

/** Every password is right at once: what is left is everything but the hash. */
export const withoutHash = Effect.provideService(
  PasswordVerifier,
  PasswordVerifier.of({
    hash: () => Effect.succeed("never stored"),
    verify: () => Effect.succeed({ right: true, stale: false }),
    verifyNobody: () => Effect.void,
    waiting: Effect.succeed(0)
  })
)

/** Whatever is typed is the right code: it is derived and compared as always, without asking the database for it. */
export const knowingTheCode = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | OtpIssuer> =>
  Effect.updateService(work, OtpIssuer, (otp) =>
    OtpIssuer.of({
      ...otp,
      matches: (challenge) => Effect.flatMap(otp.codeFor(challenge), (code) => otp.matches(challenge, code))
    })
  )

/** A caller as the API makes one, without an Idempotency-Key and without a source. */
export const asPortal = Effect.provideService(
  Caller,
  Caller.of({
    actor: "customer",
    reference: "E-BENCH0",
    client: undefined,
    source: undefined,
    idempotency: [],
    replayed: Effect.void
  })
)

/** The password of everybody. */
export const password = Redacted.make("correct horse battery staple")

let batches = 0

/** So many new accounts, written in bulk: with SMS in force, or with no method. */
export const people = Effect.fn("people")(function* (count: number, protection: "off" | "SMS") {
  const sql = yield* SqlClient.SqlClient
  const hash = yield* PasswordVerifier.use((passwords) => passwords.hash(password))
  const prefix = `batch${batches++}-`
  yield* sql`insert into accounts (account_id, email, phone, name, password_hash)
    select ${prefix} || n, ${prefix} || n || '@customer' || n % 97 || '.example', '+6012' || 1000000 + n, 'Alex Tan', ${hash}
    from generate_series(1, ${count}::int) n`
  if (protection === "SMS") {
    yield* sql`insert into enrolments (id, account_id, method, destination, enrolled_at)
      select gen_random_uuid(), account_id, 'SMS', phone, statement_timestamp() from accounts
      where starts_with(account_id, ${prefix})`
  }
  yield* sql`analyze accounts, enrolments, challenges, outbox, audit_events, rate_limits, grants`.unprepared
  return Array.from({ length: count }, (_, place) => AccountId.make(`${prefix}${place + 1}`))
})

/** The code that a letter would carry, for those who talk to another process. */
export const codeOf = Effect.fn("codeOf")(function* (id: ChallengeId) {
  const store = yield* TwoFactorStore
  const otp = yield* OtpIssuer
  const challenge = yield* store.challengeToSend(id, 1)
  return Redacted.value(yield* otp.codeFor(Option.getOrThrow(challenge)))
})
