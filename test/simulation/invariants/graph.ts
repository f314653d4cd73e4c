import { type AccountEvent, type Protection, refusalIn } from "../../../src/domain/state.ts"
import type { History } from "../accounts/run.ts"
import type { Operation } from "../accounts/World.ts"
import type { Commit } from "../memory/Memory.ts"
import { commitsOf, counts, protectionIn, type Violation } from "./facts.ts"

/** What each event does to protection where it is allowed, from the table of the contract. */
const effects: Partial<Record<AccountEvent, Partial<Record<Protection, Protection>>>> = {
  "verify setup": { off: "on" },
  "turn-back-on": { off: "on" },
  disable: { on: "off" }
}
/** What each event makes of a freeze by the owner; the others leave it. */
const freezes: Partial<Record<AccountEvent, boolean>> = {
  report: true,
  lift: false,
  "turn-back-on": false,
  "verify go-back": false
}

const events: Partial<Record<Operation["wish"], AccountEvent>> = {
  "sign in": "sign-in",
  "step up": "step-up",
  "set up": "setup",
  change: "change",
  disable: "disable",
  resend: "resend",
  cancel: "cancel",
  report: "report",
  "turn back on": "turn-back-on",
  "go back": "go-back",
  lift: "lift"
}

/** The row of the state machine that an operation is in. */
const eventOf = ({ wish, challengeId }: Operation, commits: ReadonlyArray<Commit>): AccountEvent | undefined => {
  if (wish !== "verify") return events[wish]
  const begun = commits.flatMap(({ changes }) => changes.challenges.begun).find(({ id }) => id === challengeId)
  return begun === undefined ? undefined : begun.noticeLinkId === null ? `verify ${begun.purpose}` : "verify go-back"
}

const frozenIn = ({ columns }: Commit["after"]) => columns.reportedAt !== null

/** I9: each step is one that the state allows, and leads where the graph says. */
function* steps(commits: ReadonlyArray<Commit>, operations: ReadonlyArray<Operation>): Generator<Violation> {
  for (const commit of commits) {
    const { before, after } = commit
    const operation = operations[commit.operation]
    const event = operation === undefined ? undefined : eventOf(operation, commits)
    if (before === undefined || event === undefined) continue
    const [from, to] = [protectionIn(before), protectionIn(after)]
    const where = `${event} from ${from}${frozenIn(before) ? ", frozen," : ""} to ${to}${frozenIn(after) ? ", frozen" : ""}`
    if (counts(commit)) {
      if (to !== from && !(from === "on" && to === "suspended"))
        yield { invariant: "I9", says: `a wrong guess: ${where}` }
      continue
    }
    const refusal = refusalIn(event, from, frozenIn(before))
    if (refusal !== undefined) yield { invariant: "I9", says: `${where}: done, and the graph says ${refusal}` }
    if (to !== (effects[event]?.[from] ?? from)) yield { invariant: "I9", says: `${where} is not in the graph` }
    if (frozenIn(after) !== (freezes[event] ?? frozenIn(before)))
      yield { invariant: "I9", says: `${where}: the freeze` }
  }
}

/** I9: a challenge is closed once, and stays so. */
function* challenges(commits: ReadonlyArray<Commit>): Generator<Violation> {
  for (const { before, after, accountId } of commits) {
    for (const was of before?.challenges ?? []) {
      const is = after.challenges.find(({ id }) => id === was.id)
      if (was.status !== "open" && is?.status !== was.status) {
        yield { invariant: "I9", says: `a challenge that was ${was.status} is ${is?.status}: ${accountId}` }
      }
    }
  }
}

/** No actor is waited for longer, in milliseconds. */
const quick = 4000
const stateRefusals: ReadonlySet<string> = new Set([
  "already_enabled",
  "already_disabled",
  "not_enabled",
  "method_suspended",
  "protection_reported"
])

/** I9: a refusal by state is true of a state that the account had while it was asked. */
function* refusals(commits: ReadonlyArray<Commit>, operations: ReadonlyArray<Operation>): Generator<Violation> {
  for (const operation of operations) {
    const { code, outcome, begunAt, endedAt, says } = operation
    const event = eventOf(operation, commits)
    if (outcome !== "refused" || code === undefined || !stateRefusals.has(code) || event === undefined) continue
    const justified = commits.some(({ at, after }, place) => {
      const next = commits[place + 1]?.at ?? Number.POSITIVE_INFINITY
      const wasSo = at <= endedAt && next >= begunAt - 5
      return wasSo && refusalIn(event, protectionIn(after), frozenIn(after)) === code
    })
    if (!justified) yield { invariant: "I9", says: `${code} was never true meanwhile: ${says}` }
  }
}

const overlap = (a: Operation, b: Operation) => a !== b && a.begunAt < b.endedAt && b.begunAt < a.endedAt

/** I9: whoever is alone with the account has an answer that is in the graph; to be asked to repeat is none. */
function* undisturbed(operations: ReadonlyArray<Operation>): Generator<Violation> {
  for (const operation of operations) {
    const { code, disturbed, begunAt, endedAt, says } = operation
    if (code !== "unavailable" || disturbed || endedAt - begunAt > quick) continue
    if (operations.some((other) => overlap(operation, other))) continue
    yield { invariant: "I9", says: `unavailable, and nobody was in the way: ${says}` }
  }
}

/** I9: journeys follow their state graph. */
export function* journeysFollowTheGraph({ memory, operations }: History): Generator<Violation> {
  yield* undisturbed(operations)
  for (const commits of commitsOf(memory)) {
    const accountId = commits[0]?.accountId
    yield* steps(commits, operations)
    yield* challenges(commits)
    yield* refusals(
      commits,
      operations.filter((one) => one.accountId === accountId)
    )
  }
}
