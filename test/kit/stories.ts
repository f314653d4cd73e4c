import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { disable } from "../../src/account/disable.ts"
import { signIn } from "../../src/account/signIn.ts"
import { setUp } from "../../src/account/setUp.ts"
import { stepUp } from "../../src/account/stepUp.ts"
import { verify } from "../../src/account/verify.ts"
import type { AccountId, ChallengeId, MethodId } from "../../src/domain/ids.ts"
import type { Challenge } from "../../src/domain/TwoFactor.ts"
import { changeMethod } from "../../src/account/changeMethod.ts"
import { BearerTokens } from "../../src/services/BearerTokens.ts"
import { anAccount, asPortal, codeOf, password } from "./core.ts"

/** An account whose method was verified by the portal. */
export const protectedBy = (twoFactor: MethodId) => anAccount({ twoFactor })

/** A sign-in that got its challenge. */
export const signInChallenge = Effect.fn("signInChallenge")(function* (accountId: AccountId) {
  const answer = yield* signIn({ accountId, password })
  if (!("id" in answer)) return yield* Effect.die("signed in without a code")
  return answer
}, asPortal())

/** Proves the current method; answers the grant. */
export const freshGrant = Effect.fn("freshGrant")(function* (accountId: AccountId) {
  const { id } = yield* stepUp({ accountId })
  const { grant } = yield* verify({ challengeId: id, code: yield* codeOf(id) })
  return Redacted.make(grant ?? "")
}, asPortal())

/** Enters the right code. */
export const answerRightly = Effect.fn("answerRightly")(function* ({ id }: Pick<Challenge, "id">) {
  return yield* verify({ challengeId: id, code: yield* codeOf(id) })
}, asPortal())

/** Sets a method up, from start to finish. */
export const enrol = Effect.fn("enrol")(function* (accountId: AccountId, method: MethodId) {
  return yield* answerRightly(yield* setUp({ accountId, method, password }))
}, asPortal())

/** Turns the method off, with a fresh proof of it. */
export const disabled = Effect.fn("disabled")(function* (accountId: AccountId) {
  return yield* disable({ accountId, password, grant: yield* freshGrant(accountId) })
}, asPortal())

/** Changes to another method, from start to finish. */
export const changed = Effect.fn("changed")(function* (accountId: AccountId, method: MethodId, destination?: string) {
  const grant = yield* freshGrant(accountId)
  return yield* answerRightly(yield* changeMethod({ accountId, method, destination, password, grant }))
}, asPortal())

/** The token of the link in the newest notice that has one, as the courier derives it in the moment of sending. */
export const linkOf = Effect.fn("linkOf")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const tokens = yield* BearerTokens
  const [row] = yield* sql<{ link: { id: string; epoch: number; keyId: string } }>`
    select letter -> 'link' as link from outbox
    where account_id = ${accountId} and letter -> 'link' is not null order by position desc limit 1`
  if (row === undefined) return yield* Effect.die("no notice has a link")
  const { id, epoch, keyId } = row.link
  return yield* tokens.issue({ kind: "notice-link", id, accountId, epoch }, keyId)
})

/** Lets the time of a challenge's code pass, in its row: time is the database's. */
export const codeLapses = Effect.fn("codeLapses")(function* (id: ChallengeId) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update challenges set issued_at = now() - interval '11 minutes', expires_at = now() - interval '1 minute',
    resend_after = now() - interval '1 minute' where id = ${id}::uuid`
})

/** Lets the time of a whole challenge pass. */
export const challengeLapses = Effect.fn("challengeLapses")(function* (id: ChallengeId) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update challenges set issued_at = now() - interval '31 minutes', expires_at = now() - interval '21 minutes',
    closes_at = now() - interval '1 minute' where id = ${id}::uuid`
})

/** Lets the wait before a resend pass. */
export const waitPasses = Effect.fn("waitPasses")(function* (id: ChallengeId) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update challenges set resend_after = now() where id = ${id}::uuid`
})

/** Lets every delay of wrong codes and passwords pass. */
export const delaysPass = Effect.fn("delaysPass")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update enrolments set blocked_until = null where account_id = ${accountId}`
  yield* sql`update accounts set password_blocked_until = null, enrolment_blocked_until = null
    where account_id = ${accountId}`
})

/** The letters that wait in the outbox for an account, oldest first. */
export const lettersOf = Effect.fn("lettersOf")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  return yield* sql<{ tag: string; channel: string; address: string }>`
    select letter ->> '_tag' as tag, channel, address from outbox where account_id = ${accountId} order by position`
})

/** The types of an account's audit rows, oldest first. */
export const eventsOf = Effect.fn("eventsOf")(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ type: string; outcome: string; reason: string | null }>`
    select type, outcome, reason from audit_events where account_id = ${accountId} order by sequence`
  return rows
})

/** The code of the refusal that a program ends with, or `done`. */
export const codeOfRefusal = <A, E extends { readonly code: string }, R>(asked: Effect.Effect<A, E, R>) =>
  Effect.match(asked, { onFailure: ({ code }): string => code, onSuccess: () => "done" })
