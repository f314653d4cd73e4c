import { type AccountState, inForce, openChallenges } from "../../domain/AccountState.ts"
import { type Address, addressesOnFile, distinct, toldFor } from "../../domain/addresses.ts"
import { type Changes, noChanges } from "../../domain/Changes.ts"
import { EnrolmentId, type MethodId, slotOf } from "../../domain/ids.ts"
import { circumstances, closed, closure, type Deciding, event, message } from "./Deciding.ts"

type RegistrationDeciding = Pick<Deciding, "state" | "by" | "fresh">

/** What the portal states of a contact. */
export interface StatedContact {
  readonly email: string
  readonly phone: string | null
}

/** A new account; a method that the portal had already verified is on from the start. */
export const decideRegistration = (deciding: RegistrationDeciding, method: MethodId | undefined): Changes => {
  const { state, fresh } = deciding
  const destination = method === "SMS" ? state.phone : state.email
  return {
    ...noChanges(state),
    enrolments: {
      changed: [],
      begun:
        method === undefined || destination === null
          ? []
          : [
              {
                id: EnrolmentId.make(fresh.uuid()),
                method,
                destination,
                enrolledAt: state.now,
                lastUsedAt: null,
                failures: 0,
                blockedUntil: null,
                suspendedAt: null,
                endedAt: null
              }
            ]
    },
    events: [
      event(deciding, {
        type: "account.imported",
        outcome: "succeeded",
        ...(method === undefined ? {} : { method })
      })
    ]
  }
}

/**
 * A registration over an account that exists. A changed contact leaves the method in force where it was verified, voids
 * what was under way to the old contact, and is told to old and new; a changed password ends every challenge and grant.
 */
export const decideUpdate = (deciding: Deciding, stated: StatedContact, passwordChanged: boolean): Changes => {
  const { state } = deciding
  const emailChanged = stated.email !== state.email
  const phoneChanged = stated.phone !== state.phone
  const changed = [
    ...(emailChanged ? ["email" as const] : []),
    ...(phoneChanged ? ["phone" as const] : []),
    ...(passwordChanged ? ["password" as const] : [])
  ]
  const next: AccountState = {
    ...state,
    phone: stated.phone,
    ...(passwordChanged ? { epoch: state.epoch + 1, passwordFailures: 0, passwordBlockedUntil: null } : {})
  }
  const left: ReadonlyArray<Address> = [
    ...(emailChanged ? [{ channel: "email" as const, address: state.email }] : []),
    ...(phoneChanged && state.phone !== null && inForce(state)?.destination !== state.phone
      ? [{ channel: "sms" as const, address: state.phone }]
      : [])
  ]
  const oldContacts = [state.email, state.phone].filter(
    (contact, place) => contact !== null && (place === 0 ? emailChanged : phoneChanged)
  )
  const ended = openChallenges(state)
    .filter(
      ({ purpose, destination }) =>
        passwordChanged || (slotOf(purpose) === "protection" && oldContacts.includes(destination))
    )
    .map((challenge) => closed(state, challenge, "voided"))
  const told = { ...deciding, state: next }
  const everyone = distinct([
    ...addressesOnFile(state),
    ...left,
    // A new number gets no text that nobody asked for: it is told with the first code that goes there.
    { channel: "email", address: stated.email }
  ])
  return {
    ...noChanges(next),
    challenges: { changed: ended, begun: [] },
    formerContacts: left.map((address) => ({ ...address, until: new Date(state.now.getTime() + toldFor) })),
    events:
      changed.length === 0
        ? []
        : [
            ...ended.map((challenge) => closure(told, challenge)),
            event(told, { type: "account.contact_changed", outcome: "succeeded", reason: changed.join(" ") })
          ],
    messages:
      changed.length === 0
        ? []
        : everyone.map((address) => message(told, address, { _tag: "contact", ...circumstances(told), changed }))
  }
}
