import { type AccountState, type ChallengeState, inForce, protectionOf, statusOf } from "../../domain/AccountState.ts"
import { addressesOnFile } from "../../domain/addresses.ts"
import { clearedByAnswer, codeDelay, enrolmentDelay, waits } from "../../domain/budgets.ts"
import { after, type Changes, type Decision, noChanges } from "../../domain/Changes.ts"
import { type ChallengeId, slotOf } from "../../domain/ids.ts"
import type { Letter } from "../../domain/letters.ts"
import {
  ChallengeClosed,
  CodeExpired,
  CodeIncorrect,
  MethodSuspended,
  NotFound,
  ProtectionReported,
  TooManyAttempts
} from "../../domain/refusals.ts"
import { type RefusalOf } from "../../domain/refusalsOf.ts"
import { refusalIn } from "../../domain/state.ts"
import { secondsAfter, secondsUntil } from "../../domain/time.ts"
import { methods } from "../../methods/all.ts"
import { codeDelayed } from "./checks.ts"
import { turnOn } from "./commit.ts"
import { circumstances, closed, closure, type Deciding, event, message, newGrant, voided } from "./Deciding.ts"
import { type Done, outcomeOf } from "./Done.ts"
import { type JudgeAgain, judgeAgain } from "./start.ts"

/** What the method found of an answer, for that issue of the code. */
export interface CodeVerdict {
  readonly challengeId: ChallengeId
  readonly issue: number
  readonly right: boolean
}

const triesBeforeNotice = 3
/** From so many wrong codes in a row on, the owner is told that a right one followed (S-46). */
const failuresBeforeNotice = 5

/** Counts a guess, or consumes the code and does what it was for: one commit, whatever the caller does (S-18, S-23). */
export const decideVerify = (
  deciding: Deciding,
  verdict: CodeVerdict
): Decision<Done | JudgeAgain | RefusalOf<"verify">> => {
  const { state } = deciding
  const challenge = state.challenges.find(({ id }) => id === verdict.challengeId)
  if (challenge === undefined) return { answer: new NotFound({ reference: deciding.by.reference }) }
  const refusal = refusedNow(deciding, challenge)
  if (refusal !== undefined) return { answer: refusal }
  if (challenge.issue !== verdict.issue) return { answer: judgeAgain }
  if (!verdict.right) return rejected(deciding, challenge)
  return slotOf(challenge.purpose) === "protection" ? enrolled(deciding, challenge) : proved(deciding, challenge)
}

/** Why nothing is judged now; costs no try. */
const refusedNow = (deciding: Deciding, challenge: ChallengeState) => {
  const { state, by } = deciding
  const { reference } = by
  const status = statusOf(challenge, state.now)
  if (status === "exhausted") {
    const until =
      challenge.purpose === "setup" || challenge.purpose === "change"
        ? state.enrolmentBlockedUntil
        : inForce(state)?.blockedUntil
    return new TooManyAttempts({
      attemptsRemaining: 0,
      retryAfter: until !== null && until !== undefined && until > state.now ? secondsUntil(state.now, until) : 1,
      reference
    })
  }
  const delay = codeDelayed(deciding, challenge.purpose)
  if (delay !== undefined) return delay
  if (status !== "open") return new ChallengeClosed({ challengeStatus: status, reference })
  if (challenge.epoch !== state.epoch) return new ChallengeClosed({ challengeStatus: "voided", reference })
  const answered = challenge.noticeLinkId === null ? (`verify ${challenge.purpose}` as const) : "verify go-back"
  const code = refusalIn(answered, protectionOf(state), state.reportedAt !== null)
  if (code === "challenge_closed") return new ChallengeClosed({ challengeStatus: "voided", reference })
  if (code === "method_suspended") return new MethodSuspended({ reference })
  if (code === "protection_reported") return new ProtectionReported({ reference })
  return challenge.expiresAt <= state.now ? new CodeExpired({ reference }) : undefined
}

/** S-21: the count belongs to the account and its method; set-up and change have one of their own. */
const withFailure = (state: AccountState, challenge: ChallengeState): Pick<Changes, "state" | "enrolments"> => {
  if (slotOf(challenge.purpose) === "protection") {
    const failures = state.enrolmentFailures + 1
    const delay = enrolmentDelay(failures)
    const enrolmentBlockedUntil = delay === 0 ? null : secondsAfter(state.now, delay)
    return {
      state: { ...state, enrolmentFailures: failures, enrolmentBlockedUntil },
      enrolments: { changed: [], begun: [] }
    }
  }
  const method = inForce(state)
  if (method === undefined) return { state, enrolments: { changed: [], begun: [] } }
  const failures = method.failures + 1
  const suspended = failures >= waits.suspendedAt
  const delay = suspended ? 0 : codeDelay(failures)
  return {
    state,
    enrolments: {
      changed: [
        {
          ...method,
          failures,
          suspendedAt: suspended ? state.now : null,
          blockedUntil: delay === 0 ? null : secondsAfter(state.now, delay)
        }
      ],
      begun: []
    }
  }
}

const rejected = (deciding: Deciding, challenge: ChallengeState): Decision<CodeIncorrect> => {
  const { state, by } = deciding
  const tries = challenge.tries + 1
  const tried = { ...challenge, tries }
  const judged = tries >= challenge.maxTries ? closed(state, tried, "exhausted") : tried
  const failure = withFailure(state, challenge)
  const suspended = failure.enrolments.changed.find(({ suspendedAt }) => suspendedAt !== null)
  // A suspended method ends what would have replaced it; sign-in and step-up then answer `method_suspended`.
  const others =
    suspended === undefined ? [] : voided(deciding, judged, ({ purpose }) => slotOf(purpose) === "protection")
  const tellAll = (letter: Letter) => addressesOnFile(state).map((address) => message(deciding, address, letter))
  const about = { method: challenge.method, purpose: challenge.purpose, outcome: "refused" } as const
  return {
    answer: new CodeIncorrect({ attemptsRemaining: challenge.maxTries - tries, reference: by.reference }),
    changes: {
      ...noChanges(state),
      ...failure,
      challenges: { changed: [judged, ...others], begun: [] },
      events: [
        event(deciding, { type: "code.rejected", ...about }),
        ...[judged, ...others].filter(({ status }) => status !== "open").map((one) => closure(deciding, one)),
        ...(suspended === undefined
          ? []
          : [event(deciding, { type: "method.suspended", ...about, method: suspended.method, actor: "system" })])
      ],
      messages: [
        ...(tries === triesBeforeNotice && challenge.purpose !== "step-up"
          ? tellAll({ _tag: "tries", ...circumstances(deciding), purpose: challenge.purpose })
          : []),
        ...(suspended === undefined
          ? []
          : tellAll({ _tag: "suspended", ...circumstances(deciding), method: suspended.method }))
      ],
      aliveUntil: challenge.expiresAt
    }
  }
}

const accepted = (deciding: Deciding, { method, purpose }: ChallengeState) =>
  event(deciding, { type: "code.accepted", outcome: "succeeded", method, purpose })

const cleared = ({ state }: Deciding, { method, destination }: ChallengeState) =>
  clearedByAnswer(state.accountId, methods[method].channel, destination)

/** A right code of a sign-in or a step-up: a grant, and the failures start from 0 again (S-24). */
const proved = (deciding: Deciding, challenge: ChallengeState): Decision<Done> => {
  const { state, fresh } = deciding
  const method = inForce(state)
  const succeeded = closed(state, challenge, "succeeded")
  const grant = newGrant(deciding)
  const changes: Changes = {
    ...noChanges(state),
    enrolments: {
      changed: method === undefined ? [] : [{ ...method, failures: 0, blockedUntil: null, lastUsedAt: state.now }],
      begun: []
    },
    challenges: { changed: [succeeded], begun: [] },
    grantsMade: [grant],
    events: [
      accepted(deciding, challenge),
      closure(deciding, succeeded),
      ...(challenge.purpose === "sign-in"
        ? [event(deciding, { type: "signed_in", outcome: "succeeded", method: challenge.method, purpose: "sign-in" })]
        : [])
    ],
    messages:
      method === undefined || method.failures < failuresBeforeNotice
        ? []
        : addressesOnFile(state).map((address) =>
            message(deciding, address, {
              _tag: "proved_after_failures",
              ...circumstances(deciding),
              purpose: challenge.purpose,
              failures: method.failures
            })
          ),
    cleared: cleared(deciding, challenge),
    aliveUntil: challenge.expiresAt
  }
  return { answer: outcomeOf(challenge.purpose, after(changes), { of: grant, keyId: fresh.keyId }), changes }
}

/** A right code of a set-up or a change: the commit (S-10, S-11, S-47). */
const enrolled = (deciding: Deciding, challenge: ChallengeState): Decision<Done> => {
  const on = turnOn(deciding, challenge)
  const changes: Changes = {
    ...on,
    events: [accepted(deciding, challenge), ...on.events],
    cleared: cleared(deciding, challenge),
    aliveUntil: challenge.expiresAt
  }
  return { answer: outcomeOf(challenge.purpose, after(changes)), changes }
}
