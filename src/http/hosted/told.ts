import type { Refusal } from "../../domain/refusalsOf.ts"
import { secondsAfter, utc } from "../../domain/time.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import type { PageRefusal, Refused } from "../../words/pages/PageWords.ts"
import type { Frame, Problem } from "../pages/layout.ts"
import { inForceIn, notBeforeOf } from "../pages/parts.ts"

/** Who is told: in which words, and of an account that is protected how. */
interface Hearer {
  readonly frame: Frame
  readonly twoFactor?: TwoFactor | undefined
}

interface Place {
  readonly says: PageRefusal
  /** The field that it is about. */
  readonly field?: string
}

const faults: Record<string, Place> = {
  "/password": { says: "password_missing", field: "password" },
  "/code": { says: "code_malformed", field: "code" },
  "/destination": { says: "phone_malformed", field: "destination" }
}

const places: Partial<Record<Refusal["code"], Place>> = {
  password_incorrect: { says: "password_incorrect", field: "password" },
  code_incorrect: { says: "code_incorrect", field: "code" },
  code_expired: { says: "code_expired" },
  challenge_closed: { says: "challenge_closed" },
  too_many_attempts: { says: "too_many_attempts" },
  rate_limited: { says: "rate_limited" },
  resend_too_soon: { says: "resend_too_soon" },
  step_up_required: { says: "step_up_required" },
  grant_invalid: { says: "step_up_required" },
  same_method: { says: "same_method", field: "method" },
  method_unavailable: { says: "method_unavailable", field: "method" },
  method_suspended: { says: "method_suspended" },
  protection_reported: { says: "protection_reported" },
  link_over: { says: "state_changed" },
  unavailable: { says: "unavailable" }
}

const placeOf = (refusal: Refusal): Place => {
  if (refusal.code === "validation_failed") {
    const [first] = refusal.errors ?? []
    return faults[first?.pointer ?? ""] ?? { says: "state_changed" }
  }
  return places[refusal.code] ?? { says: "state_changed" }
}

/** A problem in the person's words. */
export const problemFor = (
  { frame, twoFactor }: Hearer,
  { says, field }: Place,
  about: Partial<Refused> = {}
): Problem => ({
  field,
  message: frame.words.refusals[says]({
    inForce: twoFactor === undefined ? null : (inForceIn(twoFactor)?.method ?? null),
    codeLength: 6,
    ...about
  })
})

/** A refusal as the page tells it: in a sentence that says what did not happen, at the field that it is about. */
export const told = (hearer: Hearer, refusal: Refusal, about: Partial<Refused> = {}): Problem => {
  const retryAfter = "retryAfter" in refusal ? refusal.retryAfter : undefined
  const attemptsRemaining = "attemptsRemaining" in refusal ? refusal.attemptsRemaining : undefined
  return problemFor(hearer, placeOf(refusal), {
    attemptsRemaining,
    until:
      retryAfter === undefined ? undefined : notBeforeOf(hearer.frame, utc(secondsAfter(hearer.frame.now, retryAfter))),
    ...about
  })
}
