import type { AccountState } from "./AccountState.ts"
import { inForce } from "./AccountState.ts"
import type { Channel } from "./ids.ts"

/** Where a notice goes. */
export interface Address {
  readonly channel: Channel
  readonly address: string
}

/** How long an address that is no longer in use is still told (milliseconds). */
export const toldFor = 72 * 3_600_000

const channelOf = { EMAIL: "email", SMS: "sms" } as const

/** The address that a method's codes go to. */
export const addressOf = (enrolment: { readonly method: "EMAIL" | "SMS"; readonly destination: string }): Address => ({
  channel: channelOf[enrolment.method],
  address: enrolment.destination
})

/** The same address: byte for byte, no folding (S-73). */
export const sameAddress = (a: Address, b: Address): boolean => a.channel === b.channel && a.address === b.address

/** Each address once, in the order given. */
export const distinct = (addresses: ReadonlyArray<Address>): ReadonlyArray<Address> =>
  addresses.filter((one, place) => addresses.findIndex((other) => sameAddress(one, other)) === place)

/**
 * The addresses on file (S-42): the account's e-mail; its phone while it is, or in the last 72 h was, a method; every
 * destination of a method in force or ended in the last 72 h; former contacts for 72 h. Each once.
 */
export const addressesOnFile = (state: AccountState): ReadonlyArray<Address> => {
  const told = state.enrolments.filter(
    ({ endedAt }) => endedAt === null || endedAt.getTime() > state.now.getTime() - toldFor
  )
  const phoneWasMethod = told.some(({ method }) => method === "SMS")
  const current = inForce(state)
  return distinct([
    { channel: "email", address: state.email },
    ...(current === undefined ? [] : [addressOf(current)]),
    ...(state.phone !== null && phoneWasMethod ? [{ channel: "sms" as const, address: state.phone }] : []),
    ...told.map(addressOf),
    ...state.formerContacts.filter(({ until }) => until > state.now)
  ]).map(({ channel, address }) => ({ channel, address }))
}
