import type { Channel } from "./ids.ts"

/** The knobs of `security.md`; times are in seconds. */
export const waits = {
  /** After every fifth consecutive wrong code nothing is judged or sent for this long. */
  codeDelays: [30, 60, 300, 900, 3600],
  codeFailuresAStep: 5,
  /** At so many consecutive wrong codes a method is suspended (S-22: at most 100). */
  suspendedAt: 50,
  /** At so many wrong codes of set-up and change none is judged for a day. */
  enrolmentStopsAt: 50,
  enrolmentStop: 86_400,
  passwordFailuresBefore: 5,
  passwordDelay: 30,
  passwordDelayMost: 900,
  resendSteps: [1, 2, 4],
  resendMost: 300
} as const

/** How long nothing is judged after this many consecutive wrong codes; 0 for none. */
export const codeDelay = (failures: number): number => {
  if (failures === 0 || failures % waits.codeFailuresAStep !== 0) return 0
  const step = failures / waits.codeFailuresAStep - 1
  return waits.codeDelays[Math.min(step, waits.codeDelays.length - 1)] ?? 0
}

/** The same for codes of set-up and change, which stop for a day at 50. */
export const enrolmentDelay = (failures: number): number =>
  failures > 0 && failures % waits.enrolmentStopsAt === 0 ? waits.enrolmentStop : codeDelay(failures)

/** How long no password is judged after this many wrong ones in a row: from the 5th 30 s, doubling to 15 min. */
export const passwordDelay = (failures: number): number =>
  failures < waits.passwordFailuresBefore
    ? 0
    : Math.min(waits.passwordDelay * 2 ** (failures - waits.passwordFailuresBefore), waits.passwordDelayMost)

/** How long after its nth send a code may be sent again: the wait, ×2, ×4, then 5 minutes. */
export const resendWait = (sends: number, firstSeconds: number): number => {
  const factor = waits.resendSteps[sends - 1]
  return factor === undefined
    ? waits.resendMost
    : Math.min(firstSeconds * factor, Math.max(waits.resendMost, firstSeconds))
}

/** At most so many sends of one challenge. */
export const sendsAChallenge = 5

/** A sliding window: at most `most` hits of one subject in `seconds`. */
export interface Limit {
  readonly budget: string
  readonly most: number
  readonly seconds: number
}

const day = 86_400
const hour = 3_600

/** The budgets that are counted across challenges, in the database (S-33). */
export const limits = {
  unansweredToAccount: { budget: "unanswered-account", most: 10, seconds: day },
  unansweredToDestination: { budget: "unanswered-destination", most: 20, seconds: day },
  sendsToAccount: { budget: "sends-account", most: 60, seconds: day },
  sendsFromSource: { budget: "sends-source", most: 30, seconds: hour },
  wrongPasswordsFromSource: { budget: "passwords-source", most: 30, seconds: hour }
} as const satisfies Record<string, Limit>

/** One hit to be counted: `about` is what the budget is kept for; it is stored as a keyed digest only. */
export interface Charge {
  readonly limit: Limit
  readonly about: string
}

/** What one send counts against: the account and its channel, the destination, and the source where it is known. */
export const chargesOfSend = (
  accountId: string,
  channel: Channel,
  destination: string,
  source: string | undefined
): ReadonlyArray<Charge> => [
  { limit: limits.unansweredToAccount, about: `${channel} ${accountId}` },
  { limit: limits.unansweredToDestination, about: `${channel} ${destination}` },
  { limit: limits.sendsToAccount, about: accountId },
  ...(source === undefined ? [] : [{ limit: limits.sendsFromSource, about: source }])
]

/** What a right code clears: the unanswered sends of its account and destination. */
export const clearedByAnswer = (accountId: string, channel: Channel, destination: string): ReadonlyArray<Charge> =>
  chargesOfSend(accountId, channel, destination, undefined).filter(
    ({ limit }) => limit === limits.unansweredToAccount || limit === limits.unansweredToDestination
  )

/** What one wrong password counts against beside the account itself. */
export const chargesOfWrongPassword = (source: string | undefined): ReadonlyArray<Charge> =>
  source === undefined ? [] : [{ limit: limits.wrongPasswordsFromSource, about: source }]
