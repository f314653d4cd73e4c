import { toldOf } from "../history.ts"
import { broken, type Check, commitsOf, isCommit, journeysOf, type Violation } from "../remains.ts"

/** I3: what was acknowledged, what the trail has and what people were told are the same changes. */
export const told: Check = (remains) =>
  remains.people.flatMap(({ account, email }) => {
    const acknowledged = commitsOf(remains, account)
    const rows = remains.evidence.audit.filter((row) => row.account === account && isCommit(row))
    const notices = remains.evidence.letters.filter((letter) => letter.account === account && letter.link !== null)
    const violations: Array<Violation> = []
    const unsettled = journeysOf(remains).some((call) => call.account === account && toldOf(call) === undefined)
    if (acknowledged.length !== rows.length && !unsettled)
      violations.push(
        broken(
          "I3",
          `${account}: ${acknowledged.length} changes acknowledged, ${rows.length} in the audit trail.`,
          acknowledged
        )
      )
    for (const row of rows) {
      const ofCommit = notices.filter(({ linkEpoch }) => linkEpoch === row.epoch)
      const toOwner = ofCommit.filter(({ address }) => address === email)
      if (toOwner.length !== 1)
        violations.push(
          broken(
            "I3",
            `${account}: ${toOwner.length} notices to the owner of ${row.type} at epoch ${row.epoch}.`,
            acknowledged
          )
        )
      // the destination that begins or ends with the change is told of it, too
      const touched = remains.evidence.enrolments.filter(
        ({ account: whose, enrolledAt, endedAt }) =>
          whose === account && [enrolledAt.getTime(), endedAt?.getTime()].includes(row.at.getTime())
      )
      for (const { destination } of touched)
        if (!ofCommit.some(({ address }) => address === destination))
          violations.push(
            broken("I3", `${account}: ${destination} was not told of ${row.type} at epoch ${row.epoch}.`, acknowledged)
          )
      for (const { id, tag, address, state } of ofCommit) {
        const came = remains.arrived.some((letter) => letter.id === id)
        if (state === "handed_over" ? !came : state !== "failed")
          violations.push(
            broken(
              "I3",
              `${account}: the notice ${tag} to ${address} of epoch ${row.epoch} is ${state} and ${came ? "came" : "never came"}.`,
              acknowledged
            )
          )
      }
    }
    const reported = remains.evidence.audit.some((row) => row.account === account && row.type === "delivery.failed")
    if (!reported && notices.some(({ state }) => state === "failed"))
      violations.push(
        broken("I3", `${account}: a notice failed for good, and the trail does not have it.`, acknowledged)
      )
    const stuck = remains.evidence.letters.filter(
      (letter) => letter.account === account && /^(queued|deferred)$/.test(letter.state) && letter.tag !== "unfinished"
    )
    for (const { tag, address, state, link } of stuck)
      if (link === null)
        violations.push(broken("I3", `${account}: a letter ${tag} to ${address} is ${state} for ever.`))
    const without = notices.filter(({ linkEpoch }) => !rows.some(({ epoch }) => epoch === linkEpoch))
    if (without.length > 0)
      violations.push(
        broken("I3", `${account}: notices of epoch ${without[0]?.linkEpoch} without a commit.`, acknowledged)
      )
    if (new Set(notices.map(({ link }) => link)).size !== rows.length && violations.length === 0)
      violations.push(broken("I3", `${account}: the notices are not one set a commit.`, acknowledged))
    return violations
  })

/** A letter that arrives may have been on its way for that long when its time was over. */
const onItsWayMillis = 1_000

/** I10: nothing is handed over once its time is over. */
export const inTime: Check = ({ evidence, arrived }) =>
  arrived.flatMap(({ id, at, to }) => {
    const letter = evidence.letters.find((one) => one.id === id)
    return letter !== undefined && at.getTime() > letter.notAfter.getTime() + onItsWayMillis
      ? [broken("I10", `A ${letter.tag} to ${to} came ${at.getTime() - letter.notAfter.getTime()} ms after its time.`)]
      : []
  })
