import type { AccountState, ChallengeState } from "../domain/AccountState.ts"
import { inForce, pendingOf, protectionOf, statusOf } from "../domain/AccountState.ts"
import { maskDestination, maskEmail, maskPhone } from "../domain/masking.ts"
import { allowed } from "../domain/state.ts"
import { utc, utcOrNull } from "../domain/time.ts"
import type { Account, Challenge, TwoFactor } from "../domain/TwoFactor.ts"
import { methods } from "../methods/all.ts"

const lockOf = (state: AccountState): TwoFactor["lock"] => {
  const suspendedAt = inForce(state)?.suspendedAt ?? null
  if (suspendedAt !== null) return { reason: "too_many_failures", since: utc(suspendedAt), until: null }
  return state.reportedAt === null ? null : { reason: "reported", since: utc(state.reportedAt), until: null }
}

/** How the account is protected, for every surface. */
export const twoFactorOf = (state: AccountState): TwoFactor => {
  const method = inForce(state)
  const pending = pendingOf(state)
  const purpose = pending?.purpose === "setup" || pending?.purpose === "change" ? pending.purpose : undefined
  const awaited = pending !== undefined && pending.noticeLinkId !== null ? "go-back" : purpose
  return {
    accountId: state.accountId,
    status: method === undefined ? "disabled" : "enabled",
    securityStandard: method?.method ?? "NONE",
    methods:
      method === undefined
        ? []
        : [
            {
              id: method.id,
              method: method.method,
              destination: maskDestination(method.method, method.destination),
              enrolledAt: utc(method.enrolledAt),
              lastUsedAt: utcOrNull(method.lastUsedAt),
              assurance: methods[method.method].assurance
            }
          ],
    lock: lockOf(state),
    mustEnrol: state.mustEnrol,
    allowed: allowed(protectionOf(state), state.reportedAt !== null, awaited),
    pending:
      pending === undefined
        ? null
        : {
            challengeId: pending.id,
            purpose: pending.purpose,
            method: pending.method,
            expiresAt: utc(pending.expiresAt)
          },
    reset:
      state.reset === null
        ? null
        : { id: state.reset.id, executesAt: utc(state.reset.executesAt), requestedBy: state.reset.requestedBy },
    changedAt: utc(state.changedAt),
    epoch: state.epoch
  }
}

/** The account with its contacts masked (S-41). */
export const accountOf = (state: AccountState): Account => ({
  accountId: state.accountId,
  email: maskEmail(state.email),
  phone: state.phone === null ? null : maskPhone(state.phone),
  name: state.name,
  locale: state.locale,
  timeZone: state.timeZone,
  twoFactor: twoFactorOf(state)
})

/** A challenge without its code. A lapsed code may be replaced at once, whatever the wait. */
export const challengeOf = (state: AccountState, challenge: ChallengeState): Challenge => ({
  id: challenge.id,
  accountId: state.accountId,
  purpose: challenge.purpose,
  method: challenge.method,
  destination: maskDestination(challenge.method, challenge.destination),
  codeLength: challenge.codeLength,
  status: statusOf(challenge, state.now),
  issuedAt: utc(challenge.issuedAt),
  expiresAt: utc(challenge.expiresAt),
  closesAt: utc(challenge.closesAt),
  resendAfter: utc(challenge.resendAfter < challenge.expiresAt ? challenge.resendAfter : challenge.expiresAt),
  attemptsRemaining: Math.max(0, challenge.maxTries - challenge.tries),
  delivery: challenge.delivery ?? { state: "queued", at: utc(challenge.issuedAt), detail: null }
})
