import type { Enrolment } from "../../../src/domain/AccountState.ts"
import type { Protection } from "../../../src/domain/state.ts"
import type { AccountRow, Commit, Memory } from "../memory/Memory.ts"

/** What was promised and did not hold. */
export interface Violation {
  /** As in security.md. */
  readonly invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I9" | "I10"
  readonly says: string
}

/** The method in force in a row. */
export const inForceIn = (row: AccountRow | undefined): Enrolment | undefined =>
  row?.enrolments.find(({ endedAt }) => endedAt === null)

/** The state of the machine that a row is in. */
export const protectionIn = (row: AccountRow | undefined): Protection => {
  const method = inForceIn(row)
  return method === undefined ? "off" : method.suspendedAt === null ? "on" : "suspended"
}

/** Whether another method is in force after a commit than before. */
export const turns = ({ before, after }: Commit): boolean =>
  before !== undefined && inForceIn(before)?.id !== inForceIn(after)?.id

/** Whether everything older ends with this commit: another method, another password, or a report by the owner. */
export const endsOlder = (commit: Commit): boolean =>
  turns(commit) ||
  (commit.before !== undefined && commit.before.password !== commit.after.password) ||
  (commit.before?.columns.reportedAt === null && commit.after.columns.reportedAt !== null)

/** The commits of one account, in the order of their versions. */
export const commitsOf = ({ commits, accounts }: Memory): ReadonlyArray<ReadonlyArray<Commit>> =>
  [...accounts.keys()].map((accountId) => commits.filter((commit) => commit.accountId === accountId))

/** Whether a commit counts a wrong code or a wrong password, and does nothing else. */
export const counts = ({ changes }: Commit): boolean =>
  changes.events[0]?.type === "code.rejected" || changes.events[0]?.type === "password.rejected"
