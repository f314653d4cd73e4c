import { type Address, distinct, sameAddress, toldFor } from "../../../src/domain/addresses.ts"
import type { History } from "../accounts/run.ts"
import type { Commit } from "../memory/Memory.ts"
import { inForceIn, turns, type Violation } from "./facts.ts"

const at = (commit: Commit) => `${commit.accountId}, version ${commit.after.columns.version}`

/** I2: nothing but a disable leaves an account without a method, and never is more than one in force. */
export function* neverUnprotected({ memory }: History): Generator<Violation> {
  for (const commit of memory.commits) {
    const { before, after, changes } = commit
    const lost = inForceIn(before) !== undefined && inForceIn(after) === undefined
    if (lost && !changes.events.some(({ type }) => type === "method.disabled")) {
      yield { invariant: "I2", says: `the method in force ended without a disable: ${at(commit)}` }
    }
    if (after.enrolments.filter(({ endedAt }) => endedAt === null).length > 1) {
      yield { invariant: "I2", says: `two methods are in force: ${at(commit)}` }
    }
  }
}

const changeEvents: ReadonlySet<string> = new Set(["method.enabled", "method.changed", "method.disabled"])
const notices: ReadonlySet<string> = new Set(["changed", "replaced", "disabled"])

const expectedEvent = ({ before, after }: Commit) =>
  inForceIn(after) === undefined
    ? "method.disabled"
    : inForceIn(before) === undefined
      ? "method.enabled"
      : "method.changed"

/** S-42, from its table: the account's e-mail; destinations in force or ended in the last 72 h; its phone where it is or was one; former contacts. */
const onFile = ({ after: { columns, enrolments, formerContacts }, changes }: Commit): ReadonlyArray<Address> => {
  const now = changes.state.now.getTime()
  const told = enrolments.filter(({ endedAt }) => endedAt === null || endedAt.getTime() > now - toldFor)
  const destinations = told.map(({ method, destination }): Address => {
    return { channel: method === "SMS" ? "sms" : "email", address: destination }
  })
  const { phone } = columns
  return distinct([
    { channel: "email", address: columns.email },
    ...destinations,
    ...(phone !== null && told.some(({ method }) => method === "SMS")
      ? [{ channel: "sms" as const, address: phone }]
      : []),
    ...formerContacts.filter(({ until }) => until.getTime() > now)
  ])
}

/** I3: committed changes, audit rows and sets of notices are the same in number and belong together; no notice without a commit. */
export function* changesAreTold({ memory }: History): Generator<Violation> {
  const queued = new Set(memory.commits.flatMap((commit) => commit.queued))
  const stray = memory.outbox.find((letter) => !queued.has(letter))
  if (stray !== undefined) {
    yield {
      invariant: "I3",
      says: `a letter that no commit queued: ${stray.message.letter._tag} of ${stray.message.accountId}`
    }
  }
  for (const commit of memory.commits) {
    const audited = commit.changes.events.filter(({ type }) => changeEvents.has(type)).map(({ type }) => type)
    const told = commit.queued.filter(({ message }) => notices.has(message.letter._tag)).map(({ message }) => message)
    const expected = turns(commit) ? [expectedEvent(commit)] : []
    const isImport = commit.before === undefined
    if (!isImport && audited.join() !== expected.join()) {
      yield { invariant: "I3", says: `audited ${audited.join()}, done ${expected.join()}: ${at(commit)}` }
    }
    const addresses = turns(commit) ? onFile(commit) : []
    const missing = addresses.filter((address) => !told.some((one) => sameAddress(one, address)))
    if (missing.length > 0 || told.length !== addresses.length) {
      const where = missing.map(({ address }) => address).join()
      yield {
        invariant: "I3",
        says: `${told.length} of ${addresses.length} addresses were told, not ${where}: ${at(commit)}`
      }
    }
  }
}
