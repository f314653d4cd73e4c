import { type AccountState, type ChallengeState, type Enrolment, inForce } from "../../domain/AccountState.ts"
import { addressesOnFile, addressOf, distinct, sameAddress } from "../../domain/addresses.ts"
import { type Changes, noChanges } from "../../domain/Changes.ts"
import { EnrolmentId } from "../../domain/ids.ts"
import type { Message } from "../../domain/letters.ts"
import type { NoticeState } from "../../domain/notices.ts"
import { secondsAfter } from "../../domain/time.ts"
import { methods } from "../../methods/all.ts"
import { circumstances, closed, closure, type Deciding, event, message, voided } from "./Deciding.ts"
import { endReset } from "./endReset.ts"
import { linkIn, newNotice } from "./notices.ts"

const hour = 3600

/**
 * The account after a change of protection: a new epoch, which ends every older challenge and grant (I5). A reset that
 * waited is over: it was for the method that was in force.
 */
const moved = (state: AccountState): AccountState => ({
  ...state,
  epoch: state.epoch + 1,
  changedAt: state.now,
  reset: null
})

/** The same with a method that its owner has proved: nothing asks for one any more, and its count starts anew. */
const withMethod = (state: AccountState): AccountState => ({
  ...moved(state),
  mustEnrol: false,
  enrolmentFailures: 0,
  enrolmentBlockedUntil: null
})

/**
 * What was in force before: the link of the notices can put it back. Not where it was the same, nor where a reset ended
 * it, for its owner said that it was lost.
 */
const formerBefore = ({ enrolments, mustEnrol }: AccountState, begun: Enrolment): Enrolment | undefined => {
  const former = enrolments.find(({ endedAt }) => endedAt === null) ?? lastEnded(enrolments)
  return mustEnrol || former === undefined || sameAddress(addressOf(former), addressOf(begun)) ? undefined : former
}

const lastEnded = (enrolments: ReadonlyArray<Enrolment>) =>
  enrolments
    .filter(({ endedAt }) => endedAt !== null)
    .toSorted((a, b) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0))
    .at(-1)

/**
 * Turns the method of a verified challenge on; one that was in force ends in the same commit (S-10). Where the link of a
 * notice permitted it, that link is used up and the freeze is over: what was reported is undone. The notices of that can
 * only report, so that nobody goes to and fro.
 */
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
  const { noticeLinkId } = challenge
  const { phone } = methods[challenge.method].contactAfter(state, challenge.destination)
  const next: AccountState = {
    ...withMethod(state),
    phone,
    ...(noticeLinkId === null ? {} : { reportedAt: null })
  }
  const succeeded = closed(state, challenge, "succeeded")
  const others = voided(deciding, challenge)
  const told = { ...deciding, state: next }
  const notice = newNotice(told, {
    kind: former === undefined ? "set-up" : "changed",
    from: former?.method ?? null,
    to: begun.method,
    former: noticeLinkId === null ? formerBefore(state, begun)?.id : undefined
  })
  const reset = endReset(told, state.reset, "cancelled")
  return {
    ...noChanges(next),
    enrolments: { changed: former === undefined ? [] : [{ ...former, endedAt: state.now }], begun: [begun] },
    challenges: { changed: [succeeded, ...others], begun: [] },
    notices: { made: [notice], reported: [], used: noticeLinkId === null ? [] : [noticeLinkId] },
    resets: reset.resets,
    events: [
      ...[succeeded, ...others].map((one) => closure(deciding, one)),
      ...(noticeLinkId === null ? [] : [undone(told, "go-back")]),
      event(told, {
        type: former === undefined ? "method.enabled" : "method.changed",
        outcome: "succeeded",
        method: challenge.method,
        purpose: challenge.purpose
      }),
      ...reset.events
    ],
    messages: [...noticesOfTurningOn(told, former, begun, notice), ...reset.messages]
  }
}

/** The audit entry of an undo by the link of a notice. */
const undone = (told: Deciding, reason: "turn-back-on" | "go-back") =>
  event(told, { type: "protection.undone", outcome: "succeeded", reason })

/**
 * Puts a method that was turned off back into force as it was, with its count of failures (S-21): the password and the
 * link of the notice permit it. The freeze is over, for what was reported is undone.
 */
export const turnBackOn = (deciding: Deciding, former: Enrolment, link: NoticeState): Changes => {
  const { state } = deciding
  const next = { ...moved(state), mustEnrol: false, reportedAt: null }
  const told = { ...deciding, state: next }
  const others = voided(deciding, undefined)
  const notice = newNotice(told, { kind: "set-up", from: null, to: former.method })
  return {
    ...noChanges(next),
    enrolments: { changed: [{ ...former, endedAt: null }], begun: [] },
    challenges: { changed: others, begun: [] },
    notices: { made: [notice], reported: [], used: [link.id] },
    events: [
      ...others.map((one) => closure(deciding, one)),
      undone(told, "turn-back-on"),
      event(told, { type: "method.enabled", outcome: "succeeded", method: former.method })
    ],
    messages: noticesOfTurningOn(told, undefined, former, notice)
  }
}

/**
 * S-42: the confirmation goes to the new address and the account's, and as a notice to every other address on file;
 * a destination that is no longer in force learns that it was replaced.
 */
const noticesOfTurningOn = (
  deciding: Deciding,
  former: Enrolment | undefined,
  begun: Enrolment,
  notice: NoticeState
): ReadonlyArray<Message> => {
  const { state } = deciding
  const link = linkIn(notice)
  const replaced = former ?? lastEnded(state.enrolments)
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
        to: begun.method,
        link
      })
    ),
    ...(oldOnly === undefined || replaced === undefined
      ? []
      : [
          message(deciding, oldOnly, {
            _tag: "replaced",
            ...circumstances(deciding),
            from: replaced.method,
            to: begun.method,
            link
          })
        ])
  ]
}

/** The account without its method, before it is said why; the owner is reminded while nothing protects it. */
export const withoutMethod = (deciding: Deciding, method: Enrolment): Changes => {
  const { state } = deciding
  const next = moved(state)
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
    enrolments: { changed: [{ ...method, endedAt: state.now }], begun: [] },
    challenges: { changed: others, begun: [] },
    events: others.map((one) => closure(deciding, one)),
    messages: [reminder(hour), reminder(24 * hour)]
  }
}

/** Turns the method in force off; the owner is told everywhere. */
export const turnOff = (deciding: Deciding, method: Enrolment): Changes => {
  const off = withoutMethod(deciding, method)
  const told = { ...deciding, state: off.state }
  const notice = newNotice(told, { kind: "disabled", from: method.method, to: null, former: method.id })
  const reset = endReset(told, deciding.state.reset, "cancelled")
  return {
    ...off,
    notices: { made: [notice], reported: [], used: [] },
    resets: reset.resets,
    events: [
      ...off.events,
      event(told, { type: "method.disabled", outcome: "succeeded", method: method.method }),
      ...reset.events
    ],
    messages: [
      ...addressesOnFile(deciding.state).map((address) =>
        message(told, address, {
          _tag: "disabled",
          ...circumstances(told),
          method: method.method,
          link: linkIn(notice)
        })
      ),
      ...off.messages,
      ...reset.messages
    ]
  }
}
