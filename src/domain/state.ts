import { Schema } from "effect"

/** What an account's protection can be; `reported` (frozen by its owner) lies over each. */
export const protections = ["off", "on", "suspended"] as const
export type Protection = (typeof protections)[number]

/** Why an event is refused in a state. */
export type StateRefusal =
  | "already_enabled"
  | "already_disabled"
  | "not_enabled"
  | "method_suspended"
  | "protection_reported"
  | "challenge_closed"

type Cell = "ok" | StateRefusal

/**
 * The state machine of the contract: what each event meets in each state, and whether a report by the owner freezes
 * it. Every endpoint, button, link and Slack word asks here, and `allowed` is made from it.
 */
export const machine = {
  "sign-in": { off: "ok", on: "ok", suspended: "method_suspended", frozen: false },
  "step-up": { off: "not_enabled", on: "ok", suspended: "method_suspended", frozen: false },
  setup: { off: "ok", on: "already_enabled", suspended: "method_suspended", frozen: true },
  change: { off: "not_enabled", on: "ok", suspended: "method_suspended", frozen: true },
  disable: { off: "already_disabled", on: "ok", suspended: "method_suspended", frozen: true },
  "verify sign-in": { off: "challenge_closed", on: "ok", suspended: "method_suspended", frozen: false },
  "verify step-up": { off: "challenge_closed", on: "ok", suspended: "method_suspended", frozen: false },
  "verify setup": { off: "ok", on: "challenge_closed", suspended: "challenge_closed", frozen: true },
  "verify change": { off: "challenge_closed", on: "ok", suspended: "challenge_closed", frozen: true },
  "verify go-back": { off: "challenge_closed", on: "ok", suspended: "challenge_closed", frozen: false },
  resend: { off: "ok", on: "ok", suspended: "method_suspended", frozen: false },
  cancel: { off: "ok", on: "ok", suspended: "ok", frozen: false },
  report: { off: "ok", on: "ok", suspended: "ok", frozen: false },
  "turn-back-on": { off: "ok", on: "already_enabled", suspended: "method_suspended", frozen: false },
  "go-back": { off: "not_enabled", on: "ok", suspended: "method_suspended", frozen: false },
  lift: { off: "not_enabled", on: "ok", suspended: "method_suspended", frozen: false },
  "request-reset": { off: "already_disabled", on: "ok", suspended: "ok", frozen: false },
  "execute-reset": { off: "already_disabled", on: "ok", suspended: "ok", frozen: false }
} as const satisfies Record<string, Record<Protection, Cell> & { readonly frozen: boolean }>

export type AccountEvent = keyof typeof machine

/** The refusals that an event can meet. */
export type RefusalIn<Event extends AccountEvent> =
  | Exclude<(typeof machine)[Event][Protection], "ok">
  | ((typeof machine)[Event]["frozen"] extends true ? "protection_reported" : never)

/** The refusal that a state has for an event; `undefined` where it is allowed. */
export const refusalIn = <Event extends AccountEvent>(
  event: Event,
  protection: Protection,
  reported: boolean
): RefusalIn<Event> | undefined => {
  const row: Record<Protection, Cell> & { readonly frozen: boolean } = machine[event]
  const refusal =
    row[protection] !== "ok" ? row[protection] : row.frozen && reported ? "protection_reported" : undefined
  return refusal as RefusalIn<Event> | undefined
}

/**
 * What can be done with an account now. `verify`, `resend` and `cancel` concern the pending set-up or change, `lift` the
 * freeze by its owner. What the link of a notice can do is in `canOf`, what support can do in the rows above.
 */
export const Action = Schema.Literals([
  "sign-in",
  "step-up",
  "setup",
  "change",
  "disable",
  "verify",
  "resend",
  "cancel",
  "lift"
])
export type Action = typeof Action.Type

/** The rows of the machine whose cell is no refusal in this state, with this pending purpose. */
export const allowed = (
  protection: Protection,
  reported: boolean,
  pending: "setup" | "change" | "go-back" | undefined
): ReadonlyArray<Action> =>
  Action.literals.filter((action) => {
    if (action === "verify") {
      return pending !== undefined && refusalIn(`verify ${pending}`, protection, reported) === undefined
    }
    if ((action === "resend" || action === "cancel") && pending === undefined) return false
    if (action === "lift" && !reported) return false
    return refusalIn(action, protection, reported) === undefined
  })
