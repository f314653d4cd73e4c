const levels = ["info", "low", "moderate", "high", "critical"]

/** An unknown level counts as the highest: what cannot be judged is not let through. */
const matters = (severity) => levels.indexOf(severity) === -1 || levels.indexOf(severity) >= levels.indexOf("moderate")

const idOf = ({ url, source }) => /GHSA(-[0-9a-z]{4}){3}/.exec(url ?? "")?.[0] ?? String(source ?? "unknown")

/** The advisories that matter in what `npm audit --json` says, each once. */
const advisoriesIn = (report) => {
  const found = Object.values(report.vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause === "object")
  )
  const known = new Map(found.map((cause) => [`${idOf(cause)} ${cause.name}`, cause]))
  return [...known.values()]
    .filter(({ severity }) => matters(severity))
    .map((cause) => ({ id: idOf(cause), package: cause.name, severity: cause.severity, title: cause.title }))
}

const nameOf = ({ id, package: name }) => `${id} (${name})`

const faultOf = (exception) => {
  const { id, package: name, reason, until } = exception ?? {}
  const isWritten = [id, name, reason, until].every((text) => typeof text === "string" && text.trim() !== "")
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(until ?? "") && !Number.isNaN(Date.parse(until))
  return isWritten && isDate
    ? undefined
    : `An entry of audit-exceptions.json needs id, package, reason and until (2027-01-31): ${JSON.stringify(exception)}`
}

/** Whether `npm audit --json` has judged the packages at all; a registry that has no audits says something else. */
export const isReport = (answer) =>
  typeof answer === "object" &&
  answer !== null &&
  typeof answer.vulnerabilities === "object" &&
  answer.vulnerabilities !== null

/**
 * What has to be done about the advisories of a report: `faults` for those of level moderate or higher that no exception
 * is written for, or whose exception is over on `today` (2027-01-31); `notes` for exceptions that nothing needs any more.
 */
export const compare = (report, exceptions, today) => {
  const malformed = exceptions.map(faultOf).filter((fault) => fault !== undefined)
  if (malformed.length > 0) return { faults: malformed, notes: [] }
  const advisories = advisoriesIn(report)
  const isFor = (advisory) => (exception) => exception.id === advisory.id && exception.package === advisory.package
  const faults = advisories.flatMap((advisory) => {
    const exception = exceptions.find(isFor(advisory))
    const what = `${nameOf(advisory)} is ${advisory.severity}: ${advisory.title}`
    if (exception === undefined) return [`${what}. Update the package, or write down why it does not apply.`]
    return exception.until < today ? [`${what}. Its exception was good until ${exception.until}: look at it anew.`] : []
  })
  const notes = exceptions
    .filter((exception) => !advisories.some((advisory) => isFor(advisory)(exception)))
    .map((exception) => `The exception for ${nameOf(exception)} is needed no more: remove it.`)
  return { faults, notes }
}
