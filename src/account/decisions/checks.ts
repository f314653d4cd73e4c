import { inForce, protectionOf } from "../../domain/AccountState.ts"
import { type Charge, chargesOfWrongPassword, passwordDelay } from "../../domain/budgets.ts"
import { type Decision, noChanges } from "../../domain/Changes.ts"
import type { GrantId, Purpose } from "../../domain/ids.ts"
import {
  AlreadyDisabled,
  AlreadyEnabled,
  GrantInvalid,
  MethodSuspended,
  NotEnabled,
  PasswordIncorrect,
  ProtectionReported,
  RateLimited,
  StepUpRequired
} from "../../domain/refusals.ts"
import { type AccountEvent, type RefusalIn, refusalIn } from "../../domain/state.ts"
import { secondsAfter, secondsUntil } from "../../domain/time.ts"
import { type Deciding, event } from "./Deciding.ts"

/** What the edge found of the password; void where the account has another epoch by now. */
export interface PasswordVerdict {
  readonly epoch: number
  readonly right: boolean
}

/** What the edge found of a grant token: its id where the token is genuine. */
export type GrantVerdict = { readonly id: GrantId } | "forged" | "absent"

const refusals = {
  already_enabled: AlreadyEnabled,
  already_disabled: AlreadyDisabled,
  not_enabled: NotEnabled,
  method_suspended: MethodSuspended,
  protection_reported: ProtectionReported
} as const
type Asked = Exclude<AccountEvent, `verify ${string}`>

/** The refusal of the state machine for what is asked, or nothing. */
export const refusedByState = <Event extends Asked>(
  { state, by }: Pick<Deciding, "state" | "by">,
  asked: Event
): InstanceType<(typeof refusals)[RefusalIn<Event>]> | undefined => {
  const code = refusalIn<Event>(asked, protectionOf(state), state.reportedAt !== null)
  if (code === undefined) return undefined
  const Refusal: (typeof refusals)[keyof typeof refusals] = refusals[code]
  return new Refusal({ reference: by.reference }) as InstanceType<(typeof refusals)[RefusalIn<Event>]>
}

/** What the edge has to see to refuse early, before anything costly. */
export type Seen = Pick<Deciding, "state" | "hits" | "by">
type Moment = Pick<Deciding, "hits" | "by"> & { readonly state: { readonly now: Date } }

const limited = ({ state, by }: Pick<Moment, "state" | "by">, until: Date) =>
  new RateLimited({ retryAfter: secondsUntil(state.now, until), reference: by.reference })

/** The refusal of a delay that runs, or nothing. */
export const delayed = (deciding: Seen, until: Date | null | undefined): RateLimited | undefined =>
  until !== null && until !== undefined && until > deciding.state.now ? limited(deciding, until) : undefined

/** The refusal of the first of these budgets that has no room for one more, or nothing. */
export const overBudget = (deciding: Moment, charges: ReadonlyArray<Charge>): RateLimited | undefined => {
  for (const charge of charges) {
    const { most, seconds } = charge.limit
    const counting = deciding.hits(charge).filter((hit) => secondsAfter(hit, seconds) > deciding.state.now)
    const oldest = counting.at(-most)
    if (oldest !== undefined) return limited(deciding, secondsAfter(oldest, seconds))
  }
  return undefined
}

/** Delays of wrong passwords: for the account, and for the source (S-37). Never a lock (S-36). */
export const passwordDelayed = (deciding: Seen): RateLimited | undefined =>
  delayed(deciding, deciding.state.passwordBlockedUntil) ??
  overBudget(deciding, chargesOfWrongPassword(deciding.by.source))

/** Delays of wrong codes: of the method in force, or of set-up and change. */
export const codeDelayed = (deciding: Seen, purpose: Purpose): RateLimited | undefined =>
  delayed(
    deciding,
    purpose === "setup" || purpose === "change"
      ? deciding.state.enrolmentBlockedUntil
      : inForce(deciding.state)?.blockedUntil
  )

/** A wrong password: counted for account and source, audited; the next ones may have to wait. */
export const passwordRejected = (deciding: Deciding, purpose: Purpose | undefined): Decision<PasswordIncorrect> => {
  const { state, by } = deciding
  const failures = state.passwordFailures + 1
  const delay = passwordDelay(failures)
  return {
    answer: new PasswordIncorrect({ reference: by.reference }),
    changes: {
      ...noChanges({
        ...state,
        passwordFailures: failures,
        passwordBlockedUntil: delay === 0 ? null : secondsAfter(state.now, delay)
      }),
      events: [
        event(deciding, {
          type: "password.rejected",
          outcome: "refused",
          ...(purpose === undefined ? {} : { purpose })
        })
      ],
      charges: chargesOfWrongPassword(by.source)
    }
  }
}

/** S-07, S-08: the grant that lowering or changing protection wants, or why there is none. */
export const grantFor = (
  { state, by, policy }: Deciding,
  verdict: GrantVerdict
): StepUpRequired | GrantInvalid | GrantId | undefined => {
  const { reference } = by
  if (verdict === "absent") return policy.stepUp === "required" ? new StepUpRequired({ reference }) : undefined
  if (verdict === "forged") return new GrantInvalid({ reference })
  const grant = state.grants.find(({ id }) => id === verdict.id)
  const good =
    grant !== undefined && grant.usedAt === null && grant.epoch === state.epoch && grant.expiresAt > state.now
  return good ? grant.id : new GrantInvalid({ reference })
}
