import { statusOf } from "../../domain/AccountState.ts"
import { type Decision, noChanges } from "../../domain/Changes.ts"
import type { ChallengeId } from "../../domain/ids.ts"
import { ChallengeClosed, NotFound } from "../../domain/refusals.ts"
import { type RefusalOf } from "../../domain/refusalsOf.ts"
import { closed, closure, type Deciding } from "./Deciding.ts"

/** The challenge is cancelled, now or before. */
export const cancelled = { _tag: "Cancelled" } as const
export type Cancelled = typeof cancelled

/** Cancels a challenge that is open; a cancelled one stays so. */
export const decideCancel = (
  deciding: Deciding,
  asked: { readonly challengeId: ChallengeId }
): Decision<Cancelled | RefusalOf<"cancel">> => {
  const { state, by } = deciding
  const challenge = state.challenges.find(({ id }) => id === asked.challengeId)
  if (challenge === undefined) return { answer: new NotFound({ reference: by.reference }) }
  const status = statusOf(challenge, state.now)
  if (status === "cancelled") return { answer: cancelled }
  if (status !== "open") return { answer: new ChallengeClosed({ challengeStatus: status, reference: by.reference }) }
  const ended = closed(state, challenge, "cancelled")
  return {
    answer: cancelled,
    changes: {
      ...noChanges(state),
      challenges: { changed: [ended], begun: [] },
      events: [closure(deciding, ended)]
    }
  }
}
