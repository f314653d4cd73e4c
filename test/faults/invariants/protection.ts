import { refusalIn, type AccountEvent, type Protection } from "../../../src/domain/state.ts"
import type { Audited } from "../evidence.ts"
import { memberOf, toldOf } from "../history.ts"
import { broken, type Check, commitsOf, isCommit, isOk, journeysOf } from "../remains.ts"

/** I2: from one method to the next there is no instant without one. */
export const neverWithout: Check = ({ people, evidence }) =>
  people.flatMap(({ account }) => {
    const changes = evidence.audit.filter((row) => row.account === account && row.type === "method.changed")
    const enrolments = evidence.enrolments.filter((row) => row.account === account)
    return changes.flatMap((change) => {
      const next = enrolments.find(({ enrolledAt }) => enrolledAt.getTime() === change.at.getTime())
      const former = enrolments.find(({ endedAt }) => endedAt?.getTime() === change.at.getTime())
      return next === undefined || former === undefined
        ? [broken("I2", `${account} was without a method at the change of ${change.at.toISOString()}.`)]
        : []
    })
  })

/** I6: what was acknowledged is there. */
export const kept: Check = (remains) =>
  remains.people.flatMap(({ account }) => {
    const { accounts, audit, challenges } = remains.evidence
    const acknowledged = journeysOf(remains).filter((call) => call.account === account && isOk(call))
    if (acknowledged.length === 0) return []
    const row = accounts.find((one) => one.account === account)
    if (row === undefined) return [broken("I6", `${account} was imported and is not there.`, acknowledged.slice(0, 1))]
    const lost = acknowledged.filter((call) => {
      const answer = toldOf(call)
      if (answer?.status === 201 && ["setup", "change", "sign-in", "step-up"].includes(call.what))
        return !challenges.some(({ id }) => id === memberOf(answer, "id"))
      if (!commitsOf(remains, account).includes(call)) return false
      const epoch = memberOf(answer, ...(call.what === "disable" ? ["epoch"] : ["twoFactor", "epoch"]))
      return !audit.some((one) => one.account === account && isCommit(one) && one.epoch === epoch)
    })
    const last = audit.filter((one) => one.account === account && isCommit(one)).at(-1)
    const epoch = last?.epoch ?? 1
    return [
      ...lost.map((call) => broken("I6", `${account}: ${call.what} was acknowledged and is not there.`, [call])),
      ...((remains.restored ? row.epoch >= epoch : row.epoch === epoch)
        ? []
        : [broken("I6", `${account} is at epoch ${row.epoch}, its last change made it ${epoch}.`)])
    ]
  })

const protectionAfter = (before: Protection, type: string): Protection =>
  type === "method.enabled" || type === "method.changed"
    ? "on"
    : type === "method.disabled"
      ? "off"
      : type === "method.suspended"
        ? "suspended"
        : before

const eventOf = ({ type, purpose }: Audited): AccountEvent | undefined => {
  if (type === "code.requested" && purpose !== null) return purpose as AccountEvent
  if (type === "code.accepted" && purpose !== null) return `verify ${purpose}` as AccountEvent
  if (type === "method.disabled") return "disable"
  return undefined
}

/** I9: each account went from state to state as the machine has it. */
export const inOrder: Check = ({ people, evidence }) =>
  people.flatMap(({ account }) => {
    let protection: Protection = "off"
    return evidence.audit
      .filter((row) => row.account === account)
      .flatMap((row) => {
        const event = eventOf(row)
        const refusal = event === undefined ? undefined : refusalIn(event, protection, false)
        const before = protection
        protection = protectionAfter(protection, row.type)
        const turns =
          row.type === "method.enabled" ? before === "off" : row.type !== "method.changed" || before === "on"
        return refusal === undefined && turns
          ? []
          : [broken("I9", `${account}: ${row.type} ${row.purpose ?? ""} happened while protection was ${before}.`)]
      })
  })

/** The rows of the audit trail are those that were written, in their order. */
export const chains: Check = ({ evidence }) => evidence.brokenChains.map((sentence) => broken("audit", sentence))
