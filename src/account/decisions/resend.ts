import { statusOf } from "../../domain/AccountState.ts"
import { chargesOfSend, resendWait, sendsAChallenge } from "../../domain/budgets.ts"
import { type Decision, noChanges } from "../../domain/Changes.ts"
import type { ChallengeId } from "../../domain/ids.ts"
import { ChallengeClosed, NotFound, RateLimited, ResendTooSoon } from "../../domain/refusals.ts"
import { type RefusalOf } from "../../domain/refusalsOf.ts"
import { secondsAfter, secondsUntil } from "../../domain/time.ts"
import type { Challenge } from "../../domain/TwoFactor.ts"
import { methods } from "../../methods/all.ts"
import { challengeOf } from "../views.ts"
import { codeDelayed, overBudget, refusedByState } from "./checks.ts"
import { type Deciding, event } from "./Deciding.ts"
import { codeLetter } from "./start.ts"

/** Sends the code again: the same while it lives, a new one once it has lapsed; tries are not refilled (S-19, S-35). */
export const decideResend = (
  deciding: Deciding,
  asked: { readonly challengeId: ChallengeId }
): Decision<Challenge | RefusalOf<"resend">> => {
  const { state, by, policy } = deciding
  const { reference } = by
  const challenge = state.challenges.find(({ id }) => id === asked.challengeId)
  if (challenge === undefined) return { answer: new NotFound({ reference }) }
  const status = statusOf(challenge, state.now)
  if (status === "exhausted") return { answer: new ChallengeClosed({ challengeStatus: status, reference }) }
  const delay = codeDelayed(deciding, challenge.purpose)
  if (delay !== undefined) return { answer: delay }
  if (status !== "open") return { answer: new ChallengeClosed({ challengeStatus: status, reference }) }
  if (challenge.epoch !== state.epoch) return { answer: new ChallengeClosed({ challengeStatus: "voided", reference }) }
  const refusal = refusedByState({ state, by }, "resend")
  if (refusal !== undefined) return { answer: refusal }

  const lapsed = challenge.expiresAt <= state.now
  if (!lapsed && challenge.resendAfter > state.now) {
    return { answer: new ResendTooSoon({ retryAfter: secondsUntil(state.now, challenge.resendAfter), reference }) }
  }
  if (challenge.sends >= sendsAChallenge) {
    return { answer: new RateLimited({ retryAfter: secondsUntil(state.now, challenge.closesAt), reference }) }
  }
  const charges = chargesOfSend(state.accountId, methods[challenge.method].channel, challenge.destination, by.source)
  const over = overBudget(deciding, charges)
  if (over !== undefined) return { answer: over }

  const sends = challenge.sends + 1
  const fresh = secondsAfter(state.now, policy.codeTtlSeconds)
  const sent = {
    ...challenge,
    sends,
    resendAfter: secondsAfter(state.now, resendWait(sends, policy.resendWaitSeconds)),
    delivery: null,
    ...(lapsed
      ? {
          issue: challenge.issue + 1,
          issuedAt: state.now,
          expiresAt: fresh < challenge.closesAt ? fresh : challenge.closesAt
        }
      : {})
  }
  return {
    answer: challengeOf(state, sent),
    changes: {
      ...noChanges(state),
      challenges: { changed: [sent], begun: [] },
      events: [
        event(deciding, {
          type: "code.requested",
          outcome: "succeeded",
          method: challenge.method,
          purpose: challenge.purpose,
          reason: lapsed ? "new code" : "same code"
        })
      ],
      messages: [codeLetter(deciding, sent)],
      charges,
      aliveUntil: lapsed ? challenge.closesAt : challenge.expiresAt
    }
  }
}
