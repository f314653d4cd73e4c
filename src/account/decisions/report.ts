import { type Changes, type Decision, noChanges } from "../../domain/Changes.ts"
import { LinkOver } from "../../domain/refusals.ts"
import { refused, type RefusalOf } from "../../domain/refusalsOf.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { twoFactorOf } from "../views.ts"
import {
  grantFor,
  type GrantVerdict,
  passwordDelayed,
  passwordRejected,
  type PasswordVerdict,
  refusedByState
} from "./checks.ts"
import { closure, type Deciding, event, voided } from "./Deciding.ts"
import { followed } from "./notices.ts"
import { type JudgeAgain, judgeAgain, sameEpoch } from "./start.ts"

/** The account is frozen, now or before. */
export const reported = { _tag: "Reported" } as const
/** The account is not frozen, now or before. */
export const lifted = { _tag: "Lifted" } as const

/**
 * *This wasn't me*: freezes, and that is all, for the link proves nothing (S-44, S-63). A new epoch ends every
 * challenge, grant and session; protection stays as it is. The link goes on into that epoch, so that its owner can still
 * undo what happened: else whoever holds the mailbox could burn it by a report.
 */
export const decideReport = (deciding: Deciding): Decision<typeof reported | RefusalOf<"report">> => {
  const { state, by } = deciding
  const link = followed(deciding)
  if (refused(link)) return { answer: link }
  if (link.kind === "reset") return { answer: new LinkOver({ linkStatus: "void", reference: by.reference }) }
  if (link.reportedAt !== null) {
    // Nobody can freeze an account again whose owner has said that it was them.
    const answer = state.reportedAt === null ? new LinkOver({ linkStatus: "used", reference: by.reference }) : reported
    return { answer }
  }
  const next = { ...state, epoch: state.epoch + 1, reportedAt: state.reportedAt ?? state.now }
  const ended = voided(deciding, undefined)
  return {
    answer: reported,
    changes: {
      ...noChanges(next),
      challenges: { changed: ended, begun: [] },
      notices: { made: [], reported: [link.id], used: [] },
      events: [
        ...ended.map((one) => closure(deciding, one)),
        event({ ...deciding, state: next }, { type: "protection.reported", outcome: "succeeded", reason: link.kind })
      ],
      aliveUntil: link.expiresAt
    }
  }
}

const unfrozen = (deciding: Deciding): Changes => ({
  ...noChanges({ ...deciding.state, reportedAt: null }),
  events: [event(deciding, { type: "protection.undone", outcome: "succeeded", reason: "report" })]
})

/** *It was me*: the password and a fresh proof of the current method, whatever `REKEY_STEP_UP` says, end the freeze. */
export const decideLift = (
  deciding: Deciding,
  asked: { readonly password: PasswordVerdict; readonly grant: GrantVerdict }
): Decision<TwoFactor | JudgeAgain | RefusalOf<"lift">> => {
  const { state, policy } = deciding
  const delay = passwordDelayed(deciding)
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, undefined)
  const refusal = refusedByState(deciding, "lift")
  if (refusal !== undefined) return { answer: refusal }
  if (state.reportedAt === null) return { answer: twoFactorOf(state) }
  const grant = grantFor({ ...deciding, policy: { ...policy, stepUp: "required" } }, asked.grant)
  if (typeof grant === "object") return { answer: grant }
  const changes: Changes = {
    ...unfrozen({ ...deciding, state: { ...state, passwordFailures: 0, passwordBlockedUntil: null } }),
    grantsUsed: grant === undefined ? [] : [grant],
    aliveUntil: state.grants.find(({ id }) => id === grant)?.expiresAt ?? null
  }
  return { answer: twoFactorOf(changes.state), changes }
}

/** Support has verified the person anew: the freeze ends. */
export const decideLiftBySupport = (deciding: Deciding): Decision<typeof lifted> =>
  deciding.state.reportedAt === null ? { answer: lifted } : { answer: lifted, changes: unfrozen(deciding) }
