import { type ChallengeState, inForce } from "../../domain/AccountState.ts"
import { addressOf } from "../../domain/addresses.ts"
import { chargesOfSend, resendWait } from "../../domain/budgets.ts"
import { after, type Changes, type Decision, noChanges } from "../../domain/Changes.ts"
import { ChallengeId, type GrantId, type MethodId, type NoticeLinkId, type Purpose, slotOf } from "../../domain/ids.ts"
import { MethodUnavailable, NotEnabled, SameMethod, ValidationFailed } from "../../domain/refusals.ts"
import { type RefusalOf } from "../../domain/refusalsOf.ts"
import { secondsAfter, utc } from "../../domain/time.ts"
import type { Challenge } from "../../domain/TwoFactor.ts"
import { methods } from "../../methods/all.ts"
import { challengeOf } from "../views.ts"
import {
  codeDelayed,
  grantFor,
  type GrantVerdict,
  overBudget,
  passwordDelayed,
  passwordRejected,
  type PasswordVerdict,
  refusedByState
} from "./checks.ts"
import { circumstances, closed, closure, type Deciding, event, message, newGrant } from "./Deciding.ts"
import { type Done, outcomeOf } from "./Done.ts"

/** The password was judged in another epoch: the edge has to judge again. */
export const judgeAgain = { _tag: "JudgeAgain" } as const
export type JudgeAgain = typeof judgeAgain

/** The code letter of a challenge, for its destination. */
export const codeLetter = (deciding: Deciding, challenge: ChallengeState) =>
  message(
    deciding,
    addressOf(challenge),
    {
      _tag: "code",
      ...circumstances(deciding),
      challengeId: challenge.id,
      issue: challenge.issue,
      purpose: challenge.purpose,
      method: challenge.method,
      expiresAt: utc(challenge.expiresAt)
    },
    { notAfter: challenge.expiresAt }
  )

/** Opens a challenge in its slot, supersedes the one that is there, and sends the code. */
export const begin = (
  deciding: Deciding,
  asked: { readonly purpose: Purpose; readonly method: MethodId; readonly destination: string },
  more: {
    readonly acknowledged?: string | undefined
    readonly grant?: GrantId | undefined
    readonly noticeLinkId?: NoticeLinkId | undefined
  } = {}
): Decision<Challenge> => {
  const { state, policy, fresh, by } = deciding
  const closesAt = secondsAfter(state.now, policy.challengeSeconds)
  const challenge: ChallengeState = {
    id: ChallengeId.make(fresh.uuid()),
    ...asked,
    epoch: state.epoch,
    keyId: fresh.keyId,
    nonce: fresh.nonce(),
    issue: 1,
    codeLength: policy.codeLength,
    tries: 0,
    maxTries: policy.codeAttempts,
    sends: 1,
    status: "open",
    acknowledged: more.acknowledged ?? null,
    noticeLinkId: more.noticeLinkId ?? null,
    issuedAt: state.now,
    expiresAt: secondsAfter(state.now, policy.codeTtlSeconds),
    closesAt,
    resendAfter: secondsAfter(state.now, resendWait(1, policy.resendWaitSeconds)),
    closedAt: null,
    delivery: null
  }
  const superseded = state.challenges
    .filter(({ status, purpose }) => status === "open" && slotOf(purpose) === slotOf(asked.purpose))
    .map((open) => closed(state, open, "superseded"))
  const lowers =
    asked.purpose === "setup" || asked.purpose === "change"
      ? { reason: `acknowledged: ${more.acknowledged ?? "not shown"}` }
      : {}
  const permitted = more.noticeLinkId === undefined ? state.grants.find(({ id }) => id === more.grant) : deciding.notice
  const changes: Changes = {
    ...noChanges(asked.purpose === "step-up" ? state : { ...state, passwordFailures: 0, passwordBlockedUntil: null }),
    challenges: { changed: superseded, begun: [challenge] },
    grantsUsed: more.grant === undefined ? [] : [more.grant],
    events: [
      ...superseded.map((open) => closure(deciding, open)),
      event(deciding, {
        type: "code.requested",
        outcome: "succeeded",
        method: asked.method,
        purpose: asked.purpose,
        ...lowers
      })
    ],
    messages: [codeLetter(deciding, challenge)],
    charges: chargesOfSend(state.accountId, methods[asked.method].channel, asked.destination, by.source),
    // what permits it must still be good when it is written
    aliveUntil: permitted?.expiresAt ?? null
  }
  return { answer: challengeOf(state, challenge), changes }
}

/** The refusal of the first budget of sending that has no room for one more, or nothing. */
export const sendingOver = (deciding: Deciding, method: MethodId, destination: string) =>
  overBudget(
    deciding,
    chargesOfSend(deciding.state.accountId, methods[method].channel, destination, deciding.by.source)
  )

/** Whether a password was judged for the account as it is. */
export const sameEpoch = (deciding: Deciding, verdict: PasswordVerdict) => deciding.state.epoch === verdict.epoch

/** Signs in: done where no method is on, else a code to the method in force. */
export const decideSignIn = (
  deciding: Deciding,
  asked: { readonly password: PasswordVerdict }
): Decision<Challenge | Done | JudgeAgain | RefusalOf<"signIn">> => {
  const { state, fresh } = deciding
  const delay = passwordDelayed(deciding) ?? codeDelayed(deciding, "sign-in")
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, "sign-in")
  const refusal = refusedByState(deciding, "sign-in")
  if (refusal !== undefined) return { answer: refusal }
  const method = inForce(state)
  if (method === undefined) {
    const grant = newGrant(deciding)
    const changes: Changes = {
      ...noChanges({ ...state, passwordFailures: 0, passwordBlockedUntil: null }),
      grantsMade: [grant],
      events: [event(deciding, { type: "signed_in", outcome: "succeeded", purpose: "sign-in" })]
    }
    return { answer: outcomeOf("sign-in", after(changes), { of: grant, keyId: fresh.keyId }), changes }
  }
  return (
    answered(sendingOver(deciding, method.method, method.destination)) ??
    begin(deciding, { purpose: "sign-in", method: method.method, destination: method.destination })
  )
}

const answered = <Answer>(answer: Answer | undefined): Decision<Answer> | undefined =>
  answer === undefined ? undefined : { answer }

/** Sends a code to the current method, for a fresh proof of it. */
export const decideStepUp = (deciding: Deciding): Decision<Challenge | RefusalOf<"stepUp">> => {
  const delay = codeDelayed(deciding, "step-up")
  if (delay !== undefined) return { answer: delay }
  const refusal = refusedByState(deciding, "step-up")
  if (refusal !== undefined) return { answer: refusal }
  const method = inForce(deciding.state)
  if (method === undefined) return { answer: new NotEnabled({ reference: deciding.by.reference }) }
  return (
    answered(sendingOver(deciding, method.method, method.destination)) ??
    begin(deciding, { purpose: "step-up", method: method.method, destination: method.destination })
  )
}

/** What a set-up or a change asks for. */
export interface NewMethod {
  readonly method: MethodId
  readonly destination: string | undefined
  readonly acknowledged: string | undefined
  readonly password: PasswordVerdict
}

const destinationOf = ({ state, by }: Deciding, asked: NewMethod) => {
  const destination = methods[asked.method].destination(state, asked.destination)
  if (destination._tag === "Success") return destination.success
  return new ValidationFailed({
    errors: [{ pointer: "/destination", detail: destination.failure }],
    reference: by.reference
  })
}

/** Sends a code to the method that is to be turned on; nothing protects before it is accepted (S-11). */
export const decideSetUp = (
  deciding: Deciding,
  asked: NewMethod
): Decision<Challenge | JudgeAgain | RefusalOf<"setUp">> => {
  const delay = passwordDelayed(deciding) ?? codeDelayed(deciding, "setup")
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, "setup")
  const destination = destinationOf(deciding, asked)
  if (typeof destination !== "string") return { answer: destination }
  const refusal = refusedByState(deciding, "setup") ?? unavailable(deciding, asked)
  if (refusal !== undefined) return { answer: refusal }
  return (
    answered(sendingOver(deciding, asked.method, destination)) ??
    begin(deciding, { purpose: "setup", method: asked.method, destination }, { acknowledged: asked.acknowledged })
  )
}

/** The refusal of a method whose messages cannot be sent, or nothing. */
export const unavailable = ({ policy, by }: Deciding, asked: { readonly method: MethodId }) =>
  policy.offered.includes(asked.method) ? undefined : new MethodUnavailable({ reference: by.reference })

/** Sends a code to the new method while the old one stays in force (S-10). */
export const decideChange = (
  deciding: Deciding,
  asked: NewMethod & { readonly grant: GrantVerdict }
): Decision<Challenge | JudgeAgain | RefusalOf<"changeMethod">> => {
  const { state, by } = deciding
  const delay = passwordDelayed(deciding) ?? codeDelayed(deciding, "change")
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, "change")
  const destination = destinationOf(deciding, asked)
  if (typeof destination !== "string") return { answer: destination }
  const refusal = refusedByState(deciding, "change") ?? unavailable(deciding, asked)
  if (refusal !== undefined) return { answer: refusal }
  const current = inForce(state)
  if (current?.method === asked.method && current.destination === destination) {
    return { answer: new SameMethod({ reference: by.reference }) }
  }
  const grant = grantFor(deciding, asked.grant)
  if (typeof grant === "object") return { answer: grant }
  return (
    answered(sendingOver(deciding, asked.method, destination)) ??
    begin(
      deciding,
      { purpose: "change", method: asked.method, destination },
      { acknowledged: asked.acknowledged, grant }
    )
  )
}
