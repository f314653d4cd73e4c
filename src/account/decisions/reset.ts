import { inForce } from "../../domain/AccountState.ts"
import { addressesOnFile } from "../../domain/addresses.ts"
import { type Changes, type Decision, noChanges } from "../../domain/Changes.ts"
import { ResetId } from "../../domain/ids.ts"
import { AlreadyDisabled, LinkOver } from "../../domain/refusals.ts"
import { refused, type RefusalOf } from "../../domain/refusalsOf.ts"
import type { Reset } from "../../domain/resets.ts"
import { secondsAfter, utc } from "../../domain/time.ts"
import type { WaitingReset } from "../../domain/TwoFactor.ts"
import { refusedByState } from "./checks.ts"
import { withoutMethod } from "./commit.ts"
import { circumstances, type Deciding, event, message } from "./Deciding.ts"
import { endReset } from "./endReset.ts"
import { followed, linkIn, newNotice } from "./notices.ts"

/** No reset waits, now or before. */
export const resetStopped = { _tag: "ResetStopped" } as const
/** The reset was carried out, or there was nothing to do: it was stopped, or its wait is not over. */
export const resetSettled = { _tag: "ResetSettled" } as const

const waitingOf = ({ id, executesAt }: Reset): WaitingReset => ({ id, status: "waiting", executesAt: utc(executesAt) })

/**
 * Support asks for a reset: it waits, and every address is told with a link to stop it (S-59). While one waits, asking
 * again answers with that one and tells nobody anew: its wait neither starts again nor gets shorter.
 */
export const decideRequestReset = (
  deciding: Deciding,
  asked: { readonly reason: string; readonly requestedBy: string }
): Decision<WaitingReset | RefusalOf<"requestReset">> => {
  const { state, fresh, policy } = deciding
  const refusal = refusedByState(deciding, "request-reset")
  if (refusal !== undefined) return { answer: refusal }
  if (state.reset !== null) return { answer: waitingOf(state.reset) }
  const reset: Reset = {
    ...asked,
    id: ResetId.make(fresh.uuid()),
    status: "waiting",
    requestedAt: state.now,
    executesAt: secondsAfter(state.now, policy.resetWaitSeconds)
  }
  const told = { ...deciding, state: { ...state, reset } }
  const method = inForce(state)
  const notice = newNotice(told, { kind: "reset", from: method?.method ?? null, to: null, reset })
  const changes: Changes = {
    ...noChanges(told.state),
    notices: { made: [notice], reported: [], used: [] },
    resets: { begun: [reset], ended: [] },
    events: [
      event(told, {
        type: "reset.requested",
        outcome: "succeeded",
        reason: `asked for by ${asked.requestedBy}: ${asked.reason}`
      })
    ],
    messages: addressesOnFile(state).map((address) =>
      message(told, address, {
        _tag: "reset",
        ...circumstances(told),
        stage: "requested",
        requestedBy: asked.requestedBy,
        executesAt: utc(reset.executesAt),
        link: linkIn(notice)
      })
    )
  }
  return { answer: waitingOf(reset), changes }
}

const stopped = (deciding: Deciding): Changes => {
  const next = { ...deciding.state, reset: null }
  return { ...noChanges(next), ...endReset({ ...deciding, state: next }, deciding.state.reset, "cancelled") }
}

/** Support takes its request back, or its owner stops it signed in; where none waits, nothing is to be done. */
export const decideCancelReset = (deciding: Deciding): Decision<typeof resetStopped> =>
  deciding.state.reset === null ? { answer: resetStopped } : { answer: resetStopped, changes: stopped(deciding) }

/** *Stop it*: the link of any notice of a reset cancels it, without proof (S-59). */
export const decideStopReset = (deciding: Deciding): Decision<typeof resetStopped | RefusalOf<"stopReset">> => {
  const { state, by } = deciding
  const link = followed(deciding)
  if (refused(link)) return { answer: link }
  if (link.reset === null || link.reset.id !== state.reset?.id) {
    return { answer: new LinkOver({ linkStatus: "void", reference: by.reference }) }
  }
  return {
    answer: resetStopped,
    changes: { ...stopped(deciding), notices: { made: [], reported: [], used: [link.id] } }
  }
}

/**
 * Carries a reset out whose wait is over: the method ends, whoever signs in has to enrol one, every address is told. A
 * freeze by the owner stays: support lifts it, once it has verified the person.
 */
export const decideExecuteReset = (
  deciding: Deciding,
  asked: { readonly resetId: ResetId }
): Decision<typeof resetSettled | AlreadyDisabled> => {
  const { state } = deciding
  const { reset } = state
  if (reset?.id !== asked.resetId || reset.executesAt > state.now) return { answer: resetSettled }
  const method = inForce(state)
  const refusal = refusedByState(deciding, "execute-reset")
  if (refusal !== undefined) return { answer: refusal, changes: stopped(deciding) }
  if (method === undefined) return { answer: resetSettled }

  const off = withoutMethod(deciding, method)
  const next = { ...off.state, mustEnrol: true }
  const end = endReset({ ...deciding, state: next }, reset, "executed", addressesOnFile(state))
  return {
    answer: resetSettled,
    changes: {
      ...off,
      state: next,
      resets: end.resets,
      events: [...off.events, ...end.events.map((one) => ({ ...one, method: method.method }))],
      messages: [...end.messages, ...off.messages]
    }
  }
}
