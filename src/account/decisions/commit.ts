import { type AccountState, type ChallengeState, type Enrolment, inForce } from "../../domain/AccountState.ts"
import { addressesOnFile, addressOf, distinct, sameAddress } from "../../domain/addresses.ts"
import { type Changes, noChanges } from "../../domain/Changes.ts"
import { EnrolmentId } from "../../domain/ids.ts"
import type { Message } from "../../domain/letters.ts"
import { secondsAfter } from "../../domain/time.ts"
import { methods } from "../../methods/all.ts"
import { circumstances, closed, closure, type Deciding, event, message, voided } from "./Deciding.ts"

const hour = 3600

/** The account after a change of protection: a new epoch, which ends every older challenge and grant (I5). */
const moved = (state: AccountState): AccountState => ({ ...state, epoch: state.epoch + 1, changedAt: state.now })

/** Turns the method of a verified challenge on; one that was in force ends in the same commit (S-10). */
export const turnOn = (deciding: Deciding, challenge: ChallengeState): Changes => {
  const { state, fresh } = deciding
  const former = inForce(state)
  const begun: Enrolment = {
    id: EnrolmentId.make(fresh.uuid()),
    method: challenge.method,
    destination: challenge.destination,
    enrolledAt: state.now,
    lastUsedAt: state.now,
    failures: 0,
    blockedUntil: null,
    suspendedAt: null,
    endedAt: null
  }
  const { phone } = methods[challenge.method].contactAfter(state, challenge.destination)
  const next: AccountState = {
    ...moved(state),
    phone,
    mustEnrol: false,
    enrolmentFailures: 0,
    enrolmentBlockedUntil: null
  }
  const succeeded = closed(state, challenge, "succeeded")
  const others = voided(deciding, challenge)
  const told = { ...deciding, state: next }
  return {
    ...noChanges(next),
    enrolments: { changed: former === undefined ? [] : [{ ...former, endedAt: state.now }], begun: [begun] },
    challenges: { changed: [succeeded, ...others], begun: [] },
    events: [
      ...[succeeded, ...others].map((one) => closure(deciding, one)),
      event(told, {
        type: former === undefined ? "method.enabled" : "method.changed",
        outcome: "succeeded",
        method: challenge.method,
        purpose: challenge.purpose
      })
    ],
    messages: noticesOfTurningOn(told, former, begun)
  }
}

/**
 * S-42: the confirmation goes to the new address and the account's, and as a notice to every other address on file;
 * a destination that is no longer in force learns that it was replaced.
 */
const noticesOfTurningOn = (
  deciding: Deciding,
  former: Enrolment | undefined,
  begun: Enrolment
): ReadonlyArray<Message> => {
  const { state } = deciding
  const replaced = former ?? state.enrolments.findLast(({ endedAt }) => endedAt !== null)
  const old = replaced === undefined ? undefined : addressOf(replaced)
  const fresh = addressOf(begun)
  const account = { channel: "email" as const, address: state.email }
  const oldOnly = old !== undefined && !sameAddress(old, fresh) && !sameAddress(old, account) ? old : undefined
  const confirmed = distinct([fresh, account, ...addressesOnFile(state)]).filter(
    (address) => oldOnly === undefined || !sameAddress(address, oldOnly)
  )
  return [
    ...confirmed.map((address) =>
      message(deciding, address, {
        _tag: "changed",
        ...circumstances(deciding),
        from: former?.method ?? null,
        to: begun.method
      })
    ),
    ...(oldOnly === undefined || replaced === undefined
      ? []
      : [
          message(deciding, oldOnly, {
            _tag: "replaced",
            ...circumstances(deciding),
            from: replaced.method,
            to: begun.method
          })
        ])
  ]
}

/** Turns the method in force off; the owner is told everywhere, and reminded while nothing protects the account. */
export const turnOff = (deciding: Deciding, method: Enrolment): Changes => {
  const { state } = deciding
  const next = moved(state)
  const ended = { ...method, endedAt: state.now }
  const told = { ...deciding, state: next }
  const others = voided(deciding, undefined)
  const reminder = (afterSeconds: number) =>
    message(
      told,
      { channel: "email", address: state.email },
      { _tag: "unfinished", ...circumstances(told) },
      { notBefore: secondsAfter(state.now, afterSeconds), notAfter: secondsAfter(state.now, afterSeconds + 24 * hour) }
    )
  return {
    ...noChanges(next),
    enrolments: { changed: [ended], begun: [] },
    challenges: { changed: others, begun: [] },
    events: [
      ...others.map((one) => closure(deciding, one)),
      event(told, { type: "method.disabled", outcome: "succeeded", method: method.method })
    ],
    messages: [
      ...addressesOnFile(state).map((address) =>
        message(told, address, { _tag: "disabled", ...circumstances(told), method: method.method })
      ),
      reminder(hour),
      reminder(24 * hour)
    ]
  }
}
