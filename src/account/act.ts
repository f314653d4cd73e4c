import { Effect, Schema } from "effect"
import { randomBytes, randomUUID } from "node:crypto"
import type { AccountState } from "../domain/AccountState.ts"
import type { Changes, Decision } from "../domain/Changes.ts"
import type { AccountId, ChallengeId, GrantId, NoticeLinkId } from "../domain/ids.ts"
import { IdempotencyConflict, NotFound, Unavailable } from "../domain/refusals.ts"
import type { Entrance } from "../domain/sessions.ts"
import { KeyRing } from "../services/KeyRing.ts"
import { RateLimits } from "../services/RateLimits.ts"
import type { SlackLook } from "../services/SlackLinks.ts"
import { type Snapshot, TwoFactorStore } from "../services/TwoFactorStore.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import type { Deciding } from "./decisions/Deciding.ts"
import { HandedOver } from "./HandedOver.ts"
import type { By } from "./protocol.ts"

/** How often a step is decided anew because another writer was faster, before the caller is asked to repeat. */
const decisionsAtMost = 8

/** One step of an account: what is asked, which answers it has, and how it is decided. */
export interface Step<Answer, Encoded> {
  readonly accountId: AccountId
  readonly by: By
  readonly challengeId?: ChallengeId | undefined
  readonly grantId?: GrantId | undefined
  readonly entrance?: Entrance | undefined
  readonly noticeLinkId?: NoticeLinkId | undefined
  readonly slack?: SlackLook | undefined
  readonly answers: Schema.Codec<Answer, Encoded>
  readonly decide: (deciding: Deciding) => Decision<Answer>
}

/** The answer that the same Idempotency-Key got before, the refusal of another body, or nothing. */
export const earlierAnswer = <Answer, Encoded>(
  snapshot: Snapshot,
  by: Pick<By, "idempotency" | "reference">,
  answers: Schema.Codec<Answer, Encoded>
): Effect.Effect<Answer | IdempotencyConflict | undefined> => {
  const { earlier } = snapshot
  if (earlier === null) return Effect.undefined
  const digests = by.idempotency.find(({ scope }) => scope === earlier.scope)
  if (digests?.body !== earlier.body) {
    return Effect.succeed(new IdempotencyConflict({ reference: by.reference }))
  }
  return Effect.orDie(Schema.decodeUnknownEffect(Schema.toCodecJson(answers))(earlier.answer))
}

/**
 * The session that asked goes on under another token where the step ends all others, or gave it a proof of the current
 * method (S-48, S-49).
 */
const keeping = ({ epoch }: AccountState, { session }: By, changes: Changes): Changes => {
  const [proof] = changes.grantsMade
  if (session === undefined || (changes.state.epoch === epoch && proof === undefined)) return changes
  return { ...changes, sessions: { ...changes.sessions, kept: { ...session, grantId: proof?.id ?? null } } }
}

const decideAndWrite = Effect.fn("act")(function* <Answer, Encoded>(step: Step<Answer, Encoded>) {
  const store = yield* TwoFactorStore
  const handedOver = yield* HandedOver
  const policy = yield* AccountPolicy
  const rateLimits = yield* RateLimits
  const { id: keyId } = (yield* KeyRing).current("code")
  const { by } = step
  const encodeAnswer = Schema.encodeEffect(Schema.toCodecJson(step.answers))
  const [key] = by.idempotency
  const fresh = { uuid: randomUUID, nonce: () => randomBytes(16).toString("hex"), keyId }

  let { subjects } = by
  let handed = yield* handedOver.taken(step)
  for (let decisions = 0; decisions < decisionsAtMost; decisions++) {
    const snapshot = handed ?? (yield* store.read({ ...step, subjects, idempotency: by.idempotency }))
    const atSecondHand = handed !== undefined
    handed = undefined
    const earlier = yield* earlierAnswer(snapshot, by, step.answers)
    if (earlier !== undefined) return { answer: earlier, replayed: !(earlier instanceof IdempotencyConflict) }
    if (snapshot.account === undefined) return { answer: new NotFound({ reference: by.reference }), replayed: false }

    const { state } = snapshot.account
    // Another change has ended the session in between: what it asked for is not done.
    if (by.session !== undefined && by.session.epoch !== state.epoch) break
    const { link, notice, slack, hits } = snapshot
    const { answer, changes } = step.decide({ state, link, notice, slack, hits, by, policy, fresh })
    if (changes === undefined) {
      // Nothing guards what writes nothing, and the same key may have had its answer since the edge read.
      if (atSecondHand) continue
      return { answer, replayed: false }
    }
    const looksAtAll = snapshot.looksAtAll(changes.charges)
    subjects = [...subjects, ...changes.charges.flatMap(rateLimits.subjectsOf)]
    if (!looksAtAll) continue
    const remembered = key === undefined ? undefined : { key, answer: yield* Effect.orDie(encodeAnswer(answer)) }
    const written = yield* store.write(snapshot.head, keeping(state, by, changes), remembered)
    if (written === "written") return { answer, replayed: false }
  }
  return { answer: new Unavailable({ retryAfter: 1, reference: by.reference }), replayed: false }
})

/**
 * Takes what the edge has read of an account, or reads it, decides, and writes the decision over the version that it
 * rests on; decides anew where another writer was faster, or where a budget turned out to be spent. The database
 * decides: two actors of one account at once are slow, never wrong. Where the database does not answer, nothing
 * happened or it is unknown: a repeat with the same key tells (P6).
 */
export const act = <Answer, Encoded>(step: Step<Answer, Encoded>) =>
  decideAndWrite(step).pipe(
    Effect.catchTag("SqlError", (error) =>
      Effect.logWarning("The database did not take a step", { reason: error.reason._tag }).pipe(
        Effect.as({ answer: new Unavailable({ retryAfter: 1, reference: step.by.reference }), replayed: false })
      )
    ),
    Effect.annotateLogs({ accountId: step.accountId, reference: step.by.reference })
  )
