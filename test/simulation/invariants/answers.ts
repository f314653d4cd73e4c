import type { History } from "../accounts/run.ts"
import type { Operation } from "../accounts/World.ts"
import { counts, type Violation } from "./facts.ts"

const day = 24 * 3_600_000
const countedRefusals: ReadonlySet<string> = new Set(["code_incorrect", "password_incorrect"])
/** What always writes where it is done; the others may find it done already. */
const writes: ReadonlySet<string> = new Set([
  "import",
  "sign in",
  "step up",
  "set up",
  "change",
  "disable",
  "verify",
  "resend",
  "turn back on",
  "go back"
])

const counted = ({ outcome, code }: Operation) =>
  outcome === "refused" && code !== undefined && countedRefusals.has(code)
const isFinal = (operation: Operation) => operation.outcome === "ok" || counted(operation)

/** I6: what was acknowledged is there; what was refused left nothing behind but its count. */
export function* answersAreTrue({ memory, operations }: History): Generator<Violation> {
  for (const operation of operations) {
    const { index, wish, outcome, scope, replayed, says, code } = operation
    const own = memory.commits.filter((commit) => commit.operation === index)
    const under = replayed ? memory.commits.filter((commit) => commit.scope === scope).slice(-1) : own
    const told = `${outcome} ${code ?? ""}`
    if (isFinal(operation) && (writes.has(wish) || counted(operation)) && under.length !== 1) {
      yield { invariant: "I6", says: `${told} and ${under.length} commits: operation ${index} (${says})` }
    }
    if (counted(operation) && !under.every(counts)) {
      yield { invariant: "I6", says: `${told} and not counted: operation ${index} (${says})` }
    }
    if (outcome === "ok" && under.some(counts)) {
      yield { invariant: "I6", says: `done and counted as wrong: operation ${index} (${says})` }
    }
    if (outcome === "refused" && !counted(operation) && own.length > 0) {
      yield { invariant: "I6", says: `${told} and yet it wrote: operation ${index} (${says})` }
    }
    if (own.length > 1) yield { invariant: "I6", says: `${own.length} commits: operation ${index} (${says})` }
    if (operation.defect !== undefined) {
      yield { invariant: "I6", says: `a fault: ${operation.defect}: operation ${index} (${says})` }
    }
  }
  for (const fault of memory.faults) yield { invariant: "I6", says: `a step met the constraint ${fault}` }
}

const asText = ({ outcome, answer }: Operation): string => {
  if (outcome === "ok") return JSON.stringify(answer)
  const { code, reference, attemptsRemaining } = answer as Record<string, unknown>
  return JSON.stringify({ code, reference, attemptsRemaining })
}

/** I7: what has no answer turns out done or not done, once a day, and the same for every observer. */
export function* unknownsResolve({ memory, operations }: History): Generator<Violation> {
  for (const scope of new Set(operations.flatMap((one) => one.scope ?? []))) {
    const asked = operations.filter((one) => one.scope === scope)
    const says = asked[0]?.says
    const indexes = new Set(asked.map(({ index }) => index))
    const effects = memory.commits.filter(({ operation }) => indexes.has(operation))
    for (const [place, { at }] of effects.entries()) {
      const forgotten = at + day
      const next = effects[place + 1]?.at ?? Number.POSITIVE_INFINITY
      if (next < forgotten) yield { invariant: "I7", says: `two effects of one key: ${says}` }
      const later = asked.filter(({ endedAt }) => endedAt >= at && endedAt < Math.min(next, forgotten))
      const answers = new Set(later.filter(isFinal).map(asText))
      if (answers.size > 1) yield { invariant: "I7", says: `answers of one key differ: ${[...answers].join(" / ")}` }
      const denied = later.find((one) => one.outcome === "refused" && !isFinal(one) && one.begunAt > at)
      if (denied !== undefined) {
        yield { invariant: "I7", says: `done, and a repeat with its key says ${denied.code}: ${says}` }
      }
    }
  }
}
