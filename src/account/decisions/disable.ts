import { inForce } from "../../domain/AccountState.ts"
import { after, type Changes, type Decision } from "../../domain/Changes.ts"
import { AlreadyDisabled } from "../../domain/refusals.ts"
import { type RefusalOf } from "../../domain/refusalsOf.ts"
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
import { turnOff } from "./commit.ts"
import type { Deciding } from "./Deciding.ts"
import { type JudgeAgain, judgeAgain } from "./start.ts"

/** Turns two-factor authentication off: password, and the grant of a fresh proof (S-07). */
export const decideDisable = (
  deciding: Deciding,
  asked: { readonly password: PasswordVerdict; readonly grant: GrantVerdict }
): Decision<TwoFactor | JudgeAgain | RefusalOf<"disable">> => {
  const { state, by } = deciding
  const delay = passwordDelayed(deciding)
  if (delay !== undefined) return { answer: delay }
  if (asked.password.epoch !== state.epoch) return { answer: judgeAgain }
  if (!asked.password.right) return passwordRejected(deciding, undefined)
  const refusal = refusedByState(deciding, "disable")
  if (refusal !== undefined) return { answer: refusal }
  const method = inForce(state)
  if (method === undefined) return { answer: new AlreadyDisabled({ reference: by.reference }) }
  const grant = grantFor(deciding, asked.grant)
  if (typeof grant === "object") return { answer: grant }

  const off = turnOff(deciding, method)
  const changes: Changes = {
    ...off,
    state: { ...off.state, passwordFailures: 0, passwordBlockedUntil: null },
    aliveUntil: state.grants.find(({ id }) => id === grant)?.expiresAt ?? null
  }
  return { answer: twoFactorOf(after(changes)), changes }
}
