import { Cause, Effect, Predicate, Redacted, Schema } from "effect"
import type { SqlError } from "effect/sql"
import type { AccountState } from "../domain/AccountState.ts"
import { chargesOfWrongPassword, limits } from "../domain/budgets.ts"
import { type AccountId, GrantId, type NoticeLinkId, type Purpose } from "../domain/ids.ts"
import { IdempotencyConflict, NotFound, Unavailable } from "../domain/refusals.ts"
import { refused, type Refusal } from "../domain/refusalsOf.ts"
import type { Outcome } from "../domain/TwoFactor.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { PasswordVerifier } from "../services/PasswordVerifier.ts"
import { RateLimits } from "../services/RateLimits.ts"
import { type Look, type Snapshot, TwoFactorStore } from "../services/TwoFactorStore.ts"
import { unawaited } from "../services/unawaited.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { earlierAnswer } from "./act.ts"
import { Caller } from "./Caller.ts"
import {
  codeDelayed,
  type GrantVerdict,
  overBudget,
  passwordDelayed,
  type PasswordVerdict
} from "./decisions/checks.ts"
import type { Done } from "./decisions/Done.ts"
import { HandedOver } from "./HandedOver.ts"
import { type By, JudgeAgain } from "./protocol.ts"

/** How long an actor may take: its owner may be dead until its lock expires. */
const patience = "5 seconds"
/** How often something is judged again because the account moved on in between. */
const judgementsAtMost = 3

/** Who asks, for the actor, with the budgets of the source; those of a destination are held by the write. */
export const by = Effect.gen(function* () {
  const { actor, reference, client, source, idempotency, session } = yield* Caller
  const rateLimits = yield* RateLimits
  const ofSource = source === undefined ? [] : [{ limit: limits.sendsFromSource, about: source }]
  const subjects = [...ofSource, ...chargesOfWrongPassword(source)].flatMap(rateLimits.subjectsOf)
  return { actor, reference, client, source, session, idempotency, subjects } satisfies By
})

const unavailable = Effect.fnUntraced(function* (retryAfter: number) {
  const { reference } = yield* Caller
  return yield* new Unavailable({ retryAfter, reference })
})

/**
 * Work on the database, bounded in time: where it fails or stays silent the caller is asked to repeat, and the operator
 * finds the reason in the log. An interrupted query may itself wait, so nobody waits for that.
 */
export const inTime = <A, E, R>(
  work: Effect.Effect<A, E | SqlError.SqlError, R>
): Effect.Effect<A, Exclude<E, SqlError.SqlError> | Unavailable, R | Caller> =>
  unawaited(work).pipe(
    Effect.timeout(patience),
    Effect.catchIf(
      (error) => Predicate.isTagged(error, "SqlError") || Cause.isTimeoutError(error),
      (error) => Effect.andThen(Effect.logWarning("The database did not answer", { fault: error._tag }), unavailable(1))
    )
  ) as Effect.Effect<A, Exclude<E, SqlError.SqlError> | Unavailable, R | Caller>

/** What is known of an account or challenge now. */
export const read = Effect.fnUntraced(function* (look: Look) {
  const store = yield* TwoFactorStore
  return yield* inTime(store.read(look))
})

/** The same with all that a step of this caller looks at, so that the actor need not read it again. */
export const foresee = Effect.fnUntraced(function* (
  look: Pick<Look, "accountId" | "challengeId" | "grantId" | "entrance" | "noticeLinkId" | "slack">
) {
  const { subjects, idempotency } = yield* by
  return yield* read({ ...look, subjects, idempotency })
})

/** The answer that the same Idempotency-Key got before, noted as such; undefined where there is none. */
export const replayOf = Effect.fnUntraced(function* <Answer, Encoded>(
  snapshot: Snapshot,
  answers: Schema.Codec<Answer, Encoded>
) {
  const caller = yield* Caller
  const earlier = yield* earlierAnswer(snapshot, caller, answers)
  if (earlier !== undefined && !(earlier instanceof IdempotencyConflict)) yield* caller.replayed
  return earlier
})

/**
 * Sends one command to an actor, and hands over what was read for it. Where it does not answer in time, what happened
 * is unknown (P6).
 */
export const send = <Answer, E, R>(
  snapshot: Snapshot,
  accountId: AccountId,
  call: Effect.Effect<{ readonly answer: Answer; readonly replayed: boolean }, E, R>
): Effect.Effect<Answer, Unavailable, R | Caller | HandedOver> =>
  Effect.gen(function* () {
    const caller = yield* Caller
    const handedOver = yield* HandedOver
    const reply = yield* handedOver.waiting(snapshot, { accountId, by: caller }, unawaited(call)).pipe(
      Effect.timeout(patience),
      Effect.catch((error) =>
        Effect.andThen(Effect.logWarning("An account did not answer", { error: String(error) }), unavailable(5))
      )
    )
    if (reply.replayed) yield* caller.replayed
    return reply.answer
  })

/** An answer that is a refusal fails with it. */
export const orRefuse = <Answer>(answer: Answer): Effect.Effect<Exclude<Answer, Refusal>, Extract<Answer, Refusal>> =>
  refused(answer) ? Effect.fail(answer as Extract<Answer, Refusal>) : Effect.succeed(answer as Exclude<Answer, Refusal>)

/** An answer that is final: no judgement is asked for again. */
type Settled<Answer> = Exclude<Answer, typeof JudgeAgain.Type>

/** What needs the password: whose, for what, and the grant or the link of a notice that comes with it. */
interface Asked<Answer, Encoded> {
  readonly accountId: AccountId
  readonly password: Redacted.Redacted
  /** Undefined for disable, which no delay of codes concerns. */
  readonly purpose: Purpose | undefined
  readonly grant?: Redacted.Redacted | undefined
  readonly noticeLinkId?: NoticeLinkId | undefined
  readonly answers: Schema.Codec<Answer, Encoded>
}

/** What was found at the edge, for the actor's command. */
interface Judged {
  readonly by: By
  readonly password: PasswordVerdict
  readonly grant: GrantVerdict
}

/**
 * Judges a password and sends the verdict to the actor. A replay, an unknown account and a delay answer before the hash
 * is computed; an unknown account costs one all the same (S-40). The verdict is void once the account has moved on.
 */
export const withPassword = Effect.fnUntraced(function* <Answer, Encoded, R>(
  asked: Asked<Answer, Encoded>,
  command: (judged: Judged) => Effect.Effect<{ readonly answer: Answer; readonly replayed: boolean }, unknown, R>
) {
  const passwords = yield* PasswordVerifier
  const policy = yield* AccountPolicy
  const rateLimits = yield* RateLimits
  const caller = yield* Caller
  const { accountId, password, purpose, noticeLinkId } = asked
  const queueFull = () => unavailable(1)

  for (let judgements = 0; judgements < judgementsAtMost; judgements++) {
    const snapshot = yield* foresee({ accountId, noticeLinkId, grantId: yield* claimed(asked.grant) })
    const earlier = yield* replayOf(snapshot, asked.answers)
    if (earlier !== undefined) return earlier as Settled<Answer>
    const { account } = snapshot
    if (account === undefined || (account.state.demo && !policy.demo)) {
      // A guess at names costs the source as much as one at passwords (S-33, S-37); a spent source gets no hash.
      const guess = chargesOfWrongPassword(caller.source)
      if (overBudget({ state: snapshot, hits: snapshot.hits, by: caller }, guess) === undefined) {
        yield* passwords.verifyNobody(password).pipe(Effect.catchTag("PasswordQueueFull", queueFull))
        yield* inTime(rateLimits.count(guess))
      }
      return yield* new NotFound({ reference: caller.reference })
    }
    const seen = { state: account.state, hits: snapshot.hits, by: caller }
    const delay = passwordDelayed(seen) ?? (purpose === undefined ? undefined : codeDelayed(seen, purpose))
    if (delay !== undefined) return yield* delay

    const { right, stale } = yield* passwords
      .verify(Redacted.value(account.passwordHash), password)
      .pipe(Effect.catchTag("PasswordQueueFull", queueFull))
    const grant = yield* grantVerdict(asked.grant, account.state)
    const judged = { by: yield* by, password: { epoch: account.state.epoch, right }, grant }
    const answer = yield* send(snapshot, accountId, command(judged))
    if (isJudgeAgain(answer)) continue
    if (right && stale && !refused(answer)) yield* renewed(accountId, account.passwordHash, password)
    return answer as Settled<Answer>
  }
  return yield* unavailable(1)
})

/** S-78: hashes the password anew. The effect is committed by now, so nothing here fails: the next success renews it. */
const renewed = Effect.fnUntraced(function* (
  accountId: AccountId,
  from: Redacted.Redacted,
  password: Redacted.Redacted
) {
  const passwords = yield* PasswordVerifier
  const store = yield* TwoFactorStore
  const renewal = Effect.flatMap(passwords.hash(password), (hash) =>
    store.renewPasswordHash(accountId, from, Redacted.make(hash))
  )
  yield* unawaited(renewal).pipe(
    Effect.timeout(patience),
    Effect.catch((error) => Effect.logInfo("A password hash was not renewed", { accountId, reason: error._tag }))
  )
})

/** Whether the actor wants the verdict anew. */
export const isJudgeAgain = (answer: unknown): answer is typeof JudgeAgain.Type => Schema.is(JudgeAgain)(answer)

/** The grant that a token claims to be: to be read, not to be believed. */
export const claimed = Effect.fnUntraced(function* (token: Redacted.Redacted | undefined) {
  if (token === undefined) return undefined
  const id = (yield* BearerTokens).claimedId(token)
  return Schema.is(GrantId)(id) ? id : undefined
})

/** The grant in a token: its id where the token is genuine for the account as it is. */
export const grantVerdict = Effect.fnUntraced(function* (
  token: Redacted.Redacted | undefined,
  state: AccountState
): Effect.fn.Return<GrantVerdict, never, BearerTokens> {
  if (token === undefined) return "absent"
  const tokens = yield* BearerTokens
  const id = yield* Effect.orDie(tokens.idIn(token, { kind: "grant", accountId: state.accountId, epoch: state.epoch }))
  return id !== undefined && Schema.is(GrantId)(id) ? { id } : "forged"
})

/** An outcome for a surface: with the grant as the token that its holder presents. */
export const outcomeFor = Effect.fnUntraced(function* (done: Done) {
  if (done.grant === null) return done.outcome
  const tokens = yield* BearerTokens
  const { id, epoch, keyId } = done.grant
  const token = yield* tokens.issue({ kind: "grant", id, accountId: done.outcome.twoFactor.accountId, epoch }, keyId)
  return { ...done.outcome, grant: Redacted.value(token) } satisfies Outcome
})
