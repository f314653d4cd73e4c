import { after, type Changes, type Decision } from "../../domain/Changes.ts"
import { formerOf } from "../../domain/notices.ts"
import { LinkOver } from "../../domain/refusals.ts"
import { refused, type RefusalOf } from "../../domain/refusalsOf.ts"
import type { Challenge, TwoFactor } from "../../domain/TwoFactor.ts"
import { twoFactorOf } from "../views.ts"
import { codeDelayed, passwordDelayed, passwordRejected, type PasswordVerdict, refusedByState } from "./checks.ts"
import { turnBackOn } from "./commit.ts"
import type { Deciding } from "./Deciding.ts"
import { followed } from "./notices.ts"
import { begin, type JudgeAgain, judgeAgain, sameEpoch, sendingOver, unavailable } from "./start.ts"

const nothingToPutBack = ({ by }: Deciding) => new LinkOver({ linkStatus: "void", reference: by.reference })

/** *Turn it back on*, after a disable: the link and the password put the method back that was turned off. */
export const decideTurnBackOn = (
  deciding: Deciding,
  asked: { readonly password: PasswordVerdict }
): Decision<TwoFactor | JudgeAgain | RefusalOf<"turnBackOn">> => {
  const link = followed(deciding)
  if (refused(link)) return { answer: link }
  const delay = passwordDelayed(deciding)
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, undefined)
  const refusal = refusedByState(deciding, "turn-back-on")
  if (refusal !== undefined) return { answer: refusal }
  const former = formerOf(link, deciding.state)
  if (link.kind !== "disabled" || former === undefined) return { answer: nothingToPutBack(deciding) }
  // A method whose codes cannot be sent would lock its owner out.
  const mute = unavailable(deciding, former)
  if (mute !== undefined) return { answer: mute }

  const on = turnBackOn(deciding, former, link)
  const changes: Changes = {
    ...on,
    state: { ...on.state, passwordFailures: 0, passwordBlockedUntil: null },
    aliveUntil: link.expiresAt
  }
  return { answer: twoFactorOf(after(changes)), changes }
}

/**
 * *Go back*, after a change or a set-up: the link and the password permit, instead of a grant, a change to the former
 * method; its code decides. It is the way out of a freeze, too. The link stays good until that change is committed, for
 * a message may get lost.
 */
export const decideGoBack = (
  deciding: Deciding,
  asked: { readonly password: PasswordVerdict }
): Decision<Challenge | JudgeAgain | RefusalOf<"goBack">> => {
  const link = followed(deciding)
  if (refused(link)) return { answer: link }
  const delay = passwordDelayed(deciding) ?? codeDelayed(deciding, "change")
  if (delay !== undefined) return { answer: delay }
  if (!sameEpoch(deciding, asked.password)) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, "change")
  const former = formerOf(link, deciding.state)
  if (link.kind === "disabled" || link.kind === "reset") return { answer: nothingToPutBack(deciding) }
  const refusal = refusedByState(deciding, "go-back")
  if (refusal !== undefined) return { answer: refusal }
  if (former === undefined) return { answer: nothingToPutBack(deciding) }
  const { method, destination } = former
  const over = unavailable(deciding, former) ?? sendingOver(deciding, method, destination)
  if (over !== undefined) return { answer: over }
  return begin(deciding, { purpose: "change", method, destination }, { noticeLinkId: link.id })
}
