import type { History } from "../accounts/run.ts"
import type { Operation } from "../accounts/World.ts"
import type { Commit } from "../memory/Memory.ts"
import { commitsOf, endsOlder, inForceIn, turns, type Violation } from "./facts.ts"

const spends: ReadonlySet<string> = new Set(["change", "disable", "lift"])

/** The commit that an operation was told of: its own, or that of the same key. */
const commitFor = (commits: ReadonlyArray<Commit>, { index, scope, replayed }: Operation) =>
  replayed ? commits.findLast((one) => one.scope === scope) : commits.find((one) => one.operation === index)

/** Whether something that ends what is older lies between the two. */
const isOlder = (commits: ReadonlyArray<Commit>, made: Commit, used: Commit) =>
  commits.slice(commits.indexOf(made) + 1, commits.indexOf(used)).some(endsOlder)

/** I5: no code works that was made before another commit, or whose time is over, or of another purpose. */
function* oldCodes(commits: ReadonlyArray<Commit>): Generator<Violation> {
  for (const commit of commits) {
    const [first] = commit.changes.events
    if (first?.type !== "code.accepted") continue
    const where = `${commit.accountId}, version ${commit.after.columns.version}`
    const succeeded = commit.after.challenges.find(({ id, status }) => {
      return status === "succeeded" && commit.before?.challenges.find((one) => one.id === id)?.status === "open"
    })
    const was = commit.before?.challenges.find(({ id }) => id === succeeded?.id)
    const made = commits.find(({ changes }) => changes.challenges.begun.some(({ id }) => id === succeeded?.id))
    if (succeeded === undefined || was === undefined || made === undefined) {
      yield { invariant: "I1", says: `a code was accepted for no open challenge: ${where}` }
      continue
    }
    if (commit.at >= was.expiresAt.getTime())
      yield { invariant: "I5", says: `a code whose time was over worked: ${where}` }
    if (isOlder(commits, made, commit)) yield { invariant: "I5", says: `a code from before a commit worked: ${where}` }
    if (turns(commit) && inForceIn(commit.after)?.destination !== succeeded.destination) {
      yield { invariant: "I5", says: `what was proved is not what is in force: ${where}` }
    }
  }
}

/** I5: no grant works twice, after a commit that is younger, or after ten minutes. */
function* oldGrants(commits: ReadonlyArray<Commit>, operations: ReadonlyArray<Operation>): Generator<Violation> {
  const uses = new Map<string, Commit>()
  for (const operation of operations) {
    const { wish, outcome, grantId, says } = operation
    if (!spends.has(wish) || outcome !== "ok") continue
    const used = commitFor(commits, operation)
    // A lift where nothing was frozen spends nothing.
    if (used === undefined && wish === "lift") continue
    const made = commits.find(({ changes }) => changes.grantsMade.some(({ id }) => id === grantId))
    const grant = made?.changes.grantsMade.find(({ id }) => id === grantId)
    if (used === undefined || made === undefined || grant === undefined) {
      yield { invariant: "I5", says: `done without a proof: ${says}` }
      continue
    }
    if (used.at >= grant.expiresAt.getTime()) yield { invariant: "I5", says: `a lapsed grant worked: ${says}` }
    if (isOlder(commits, made, used)) yield { invariant: "I5", says: `a grant from before a commit worked: ${says}` }
    if ((uses.get(grant.id) ?? used) !== used) yield { invariant: "I5", says: `a grant worked twice: ${says}` }
    uses.set(grant.id, used)
  }
}

/** I5: the link of a notice undoes once, reports once, and not after 72 hours. */
function* oldLinks(commits: ReadonlyArray<Commit>): Generator<Violation> {
  const used = new Set<string>()
  const endOf = (link: string | null) =>
    commits
      .flatMap(({ changes }) => changes.notices.made)
      .find(({ id }) => id === link)
      ?.expiresAt.getTime()
  for (const { at, changes, accountId, after } of commits) {
    const where = `${accountId}, version ${after.columns.version}`
    for (const { noticeLinkId } of changes.challenges.begun) {
      if (at >= (endOf(noticeLinkId) ?? Number.POSITIVE_INFINITY)) {
        yield { invariant: "I5", says: `a lapsed link began a change: ${where}` }
      }
    }
    for (const [what, ids] of [
      ["report", changes.notices.reported],
      ["undo", changes.notices.used]
    ] as const) {
      for (const id of ids) {
        if (used.has(`${what} ${id}`)) yield { invariant: "I5", says: `a link served twice to ${what}: ${where}` }
        // An undo by a code has the lifetime of its challenge from then on.
        const isAtOnce = changes.challenges.changed.every(({ status }) => status !== "succeeded")
        if (isAtOnce && at >= (endOf(id) ?? Number.POSITIVE_INFINITY)) {
          yield { invariant: "I5", says: `a lapsed link served to ${what}: ${where}` }
        }
        used.add(`${what} ${id}`)
      }
    }
  }
}

/** I5: a lapsed code is replaced by another one, a living one stays as it is (S-19). */
function* replacedCodes(commits: ReadonlyArray<Commit>): Generator<Violation> {
  for (const { before, after, changes, accountId } of commits) {
    for (const is of after.challenges) {
      const was = before?.challenges.find(({ id }) => id === is.id)
      if (was === undefined || was.sends === is.sends) continue
      const lapsed = was.expiresAt <= changes.state.now
      const renewed = is.issue > was.issue
      const prolonged = is.expiresAt > was.expiresAt
      if (renewed !== lapsed || prolonged !== lapsed) {
        yield { invariant: "I5", says: `a resend of a ${lapsed ? "lapsed" : "living"} code: ${accountId}` }
      }
    }
  }
}

/** I5: no challenge stays open over a commit that ends what is older; one that has lapsed may not say so yet. */
function* oldChallenges(commits: ReadonlyArray<Commit>): Generator<Violation> {
  for (const { after, changes, accountId } of commits) {
    const { epoch, version } = after.columns
    const open = after.challenges.find((one) => {
      return one.status === "open" && one.closesAt > changes.state.now && one.epoch !== epoch
    })
    if (open !== undefined) {
      const says = `a challenge of ${open.purpose} from before a commit is open: ${accountId}, version ${version}`
      yield { invariant: "I5", says }
    }
  }
}

/** I5: after a commit nothing older works. */
export function* nothingOldWorks({ memory, operations }: History): Generator<Violation> {
  for (const commits of commitsOf(memory)) {
    const accountId = commits[0]?.accountId
    yield* oldCodes(commits)
    yield* oldGrants(
      commits,
      operations.filter((one) => one.accountId === accountId)
    )
    yield* oldLinks(commits)
    yield* oldChallenges(commits)
    yield* replacedCodes(commits)
  }
}
