import { Effect, Redacted, Result, Schema } from "effect"
import { type AccountState, inForce } from "../domain/AccountState.ts"
import { type Charge, chargesOfSend, chargesOfWrongPassword, limits } from "../domain/budgets.ts"
import { type AccountId, GrantId, type MethodId, type Purpose } from "../domain/ids.ts"
import { IdempotencyConflict, NotFound, Unavailable } from "../domain/refusals.ts"
import { refused, type Refusal } from "../domain/refusalsOf.ts"
import type { Outcome } from "../domain/TwoFactor.ts"
import { methods } from "../methods/all.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { PasswordVerifier } from "../services/PasswordVerifier.ts"
import { RateLimits } from "../services/RateLimits.ts"
import { type Look, TwoFactorStore } from "../services/TwoFactorStore.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { earlierAnswer } from "./act.ts"
import { Caller } from "./Caller.ts"
import { codeDelayed, type GrantVerdict, passwordDelayed, type PasswordVerdict } from "./decisions/checks.ts"
import type { Done } from "./decisions/Done.ts"
import { type By, JudgeAgain } from "./protocol.ts"

/** How long an actor may take: its owner may be dead until its lock expires. */
const patience = "5 seconds"
/** How often something is judged again because the account moved on in between. */
const judgementsAtMost = 3

/** Who asks, for the actor, with the budgets that the step will look at. */
export const by = Effect.fnUntraced(function* (charges: ReadonlyArray<Charge>) {
  const { actor, reference, client, source, idempotency } = yield* Caller
  const rateLimits = yield* RateLimits
  const ofSource = source === undefined ? [] : [{ limit: limits.sendsFromSource, about: source }]
  const all = [...charges, ...ofSource, ...chargesOfWrongPassword(source)]
  return { actor, reference, client, source, idempotency, subjects: all.map(rateLimits.subject) } satisfies By
})

const unavailable = Effect.fnUntraced(function* (retryAfter: number) {
  const { reference } = yield* Caller
  return yield* new Unavailable({ retryAfter, reference })
})

/** The database did not answer: the caller is asked to repeat; the operator finds the reason in the log. */
export const read = Effect.fnUntraced(function* (look: Look) {
  const store = yield* TwoFactorStore
  return yield* store
    .read(look)
    .pipe(
      Effect.catchTag("SqlError", (error) =>
        Effect.andThen(Effect.logWarning("The database did not answer", { reason: error.reason._tag }), unavailable(1))
      )
    )
})

/** Sends one command to an actor. Where it does not answer in time, what happened is unknown (P6). */
export const send = <Answer, E, R>(
  call: Effect.Effect<{ readonly answer: Answer; readonly replayed: boolean }, E, R>
): Effect.Effect<Answer, Unavailable, R | Caller> =>
  Effect.gen(function* () {
    const caller = yield* Caller
    const reply = yield* call.pipe(
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

/** What a send to there counts against, beside its source. */
export const chargesTo = (
  accountId: AccountId,
  { method, destination }: { readonly method: MethodId; readonly destination: string }
): ReadonlyArray<Charge> => chargesOfSend(accountId, methods[method].channel, destination, undefined)

/** The same for the method in force. */
export const sendToCurrent = (state: AccountState): ReadonlyArray<Charge> => {
  const method = inForce(state)
  return method === undefined ? [] : chargesTo(state.accountId, method)
}

/** The same for a method that is to be turned on. */
export const sendToNew =
  (asked: { readonly method: MethodId; readonly destination?: string | undefined }) =>
  (state: AccountState): ReadonlyArray<Charge> =>
    Result.match(methods[asked.method].destination(state, asked.destination), {
      onFailure: () => [],
      onSuccess: (destination) => chargesTo(state.accountId, { method: asked.method, destination })
    })

/** An answer that is final: no judgement is asked for again. */
type Settled<Answer> = Exclude<Answer, typeof JudgeAgain.Type>

/** What needs the password: whose, for what, and which budgets its step will look at. */
interface Asked<Answer, Encoded> {
  readonly accountId: AccountId
  readonly password: Redacted.Redacted
  /** Undefined for disable, which no delay of codes concerns. */
  readonly purpose: Purpose | undefined
  readonly answers: Schema.Codec<Answer, Encoded>
  readonly charges: (state: AccountState) => ReadonlyArray<Charge>
}

/**
 * Judges a password and sends the verdict to the actor. A replay, an unknown account and a delay answer before the hash
 * is computed; an unknown account costs one all the same (S-40). The verdict is void once the account has moved on.
 */
export const withPassword = Effect.fnUntraced(function* <Answer, Encoded, R>(
  asked: Asked<Answer, Encoded>,
  command: (by: By, password: PasswordVerdict, state: AccountState) => Effect.Effect<Answer, Unavailable, R>
) {
  const passwords = yield* PasswordVerifier
  const policy = yield* AccountPolicy
  const store = yield* TwoFactorStore
  const caller = yield* Caller
  const { accountId, password, purpose } = asked
  const queueFull = () => unavailable(1)

  for (let judgements = 0; judgements < judgementsAtMost; judgements++) {
    const early = yield* by([])
    const snapshot = yield* read({ accountId, subjects: early.subjects, idempotency: early.idempotency })
    const earlier = yield* earlierAnswer(snapshot, early, asked.answers)
    if (earlier !== undefined) {
      if (!isConflict(earlier)) yield* caller.replayed
      return earlier as Settled<Answer>
    }
    const { account } = snapshot
    if (account === undefined || (account.state.demo && !policy.demo)) {
      yield* passwords.verifyNobody(password).pipe(Effect.catchTag("PasswordQueueFull", queueFull))
      return yield* new NotFound({ reference: caller.reference })
    }
    const seen = { state: account.state, hits: snapshot.hits, by: caller }
    const delay = passwordDelayed(seen) ?? (purpose === undefined ? undefined : codeDelayed(seen, purpose))
    if (delay !== undefined) return yield* delay

    const { right, stale } = yield* passwords
      .verify(Redacted.value(account.passwordHash), password)
      .pipe(Effect.catchTag("PasswordQueueFull", queueFull))
    const answer = yield* command(
      yield* by(asked.charges(account.state)),
      { epoch: account.state.epoch, right },
      account.state
    )
    if (isJudgeAgain(answer)) continue
    if (right && stale && !refused(answer)) {
      const renewed = yield* passwords.hash(password).pipe(Effect.catchTag("PasswordQueueFull", queueFull))
      yield* store.renewPasswordHash(accountId, account.passwordHash, Redacted.make(renewed)).pipe(
        // The old hash still verifies; the next success renews it.
        Effect.catchTag("SqlError", (error) =>
          Effect.logWarning("A password hash was not renewed", { accountId, reason: error.reason._tag })
        )
      )
    }
    return answer as Settled<Answer>
  }
  return yield* unavailable(1)
})

const isConflict = (answer: unknown): boolean => answer instanceof IdempotencyConflict

/** Whether the actor wants the verdict anew. */
export const isJudgeAgain = (answer: unknown): answer is typeof JudgeAgain.Type => Schema.is(JudgeAgain)(answer)

/** The grant in a token: its id where the token is genuine for the account as it is. */
export const grantVerdict = Effect.fnUntraced(function* (token: Redacted.Redacted | undefined, state: AccountState) {
  if (token === undefined) return "absent" satisfies GrantVerdict
  const tokens = yield* BearerTokens
  const id = yield* Effect.orDie(tokens.idIn(token, { kind: "grant", accountId: state.accountId, epoch: state.epoch }))
  return id !== undefined && Schema.is(GrantId)(id) ? { id } : ("forged" satisfies GrantVerdict)
})

/** An outcome for a surface: with the grant as the token that its holder presents. */
export const outcomeFor = Effect.fnUntraced(function* (done: Done) {
  if (done.grant === null) return done.outcome
  const tokens = yield* BearerTokens
  const { id, epoch, keyId } = done.grant
  const token = yield* Effect.orDie(
    tokens.issue({ kind: "grant", id, accountId: done.outcome.twoFactor.accountId, epoch }, keyId)
  )
  return { ...done.outcome, grant: Redacted.value(token) } satisfies Outcome
})
