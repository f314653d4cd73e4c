import type { LetterHistory } from "../letters/runLetters.ts"
import type { Attempt } from "../letters/Servers.ts"
import type { Letter } from "../memory/Memory.ts"
import type { Violation } from "./facts.ts"

const named = ({ message, position }: Letter) => `letter ${position} (${message.letter._tag} to ${message.address})`
const isNotice = ({ message }: Letter) => message.letter._tag !== "code" && message.letter._tag !== "unfinished"
/** A courier takes its limit from a clock that it looked at before the statement: a moment early, never late (milliseconds). */
const hasty = 100
const isFinal = ({ state }: Letter) => state !== "queued" && state !== "deferred"
const accepted = (attempts: ReadonlyArray<Attempt>) => attempts.flatMap(({ acceptedAt }) => acceptedAt ?? [])

/** Whether a try may have to be made again: nobody was told what became of it, or whoever was is gone. */
const mayRepeat = ({ told, by, acceptedAt }: Attempt) => acceptedAt === undefined || told === undefined || !by.alive

/** I3, P5: a letter is handed over at least once until it has a verdict, with the same text, and not without need again. */
function* atLeastOnce(letter: Letter, attempts: ReadonlyArray<Attempt>, endedAt: number): Generator<Violation> {
  const { state, stateAt, message, notBefore } = letter
  const taken = accepted(attempts)
  if (!isFinal(letter) && notBefore <= endedAt - 60_000) {
    yield { invariant: "I3", says: `it still waits: ${named(letter)}` }
  }
  if (state === "handed_over" && taken.length === 0) {
    yield { invariant: "I3", says: `said to be handed over, and nobody has it: ${named(letter)}` }
  }
  const isRefused = attempts.some(({ told }) => told === "refused")
  const isLate = message.notAfter.getTime() <= stateAt + hasty
  if (state === "failed" && !isRefused && !isLate) {
    yield { invariant: "I3", says: `given up without a refusal and before its time: ${named(letter)}` }
  }
  if (state === "obsolete" && isNotice(letter)) yield { invariant: "I3", says: `a notice left out: ${named(letter)}` }
  if (new Set(attempts.map(({ content }) => content)).size > 1) {
    yield { invariant: "I3", says: `not the same text on each try: ${named(letter)}` }
  }
  for (const [place, attempt] of attempts.entries()) {
    const next = attempts[place + 1]
    if (next === undefined) {
      if (isFinal(letter) && attempt.begunAt > stateAt) {
        yield { invariant: "I3", says: `sent after its verdict: ${named(letter)}` }
      }
      continue
    }
    if (!mayRepeat(attempt)) yield { invariant: "I3", says: `sent again without need: ${named(letter)}` }
    if (next.begunAt < (attempt.endedAt ?? Number.POSITIVE_INFINITY)) {
      yield { invariant: "I3", says: `sent by two at once: ${named(letter)}` }
    }
  }
}

/** I10: nothing is handed over before its not-before or after its not-after. */
function* inItsTime({ message, ...letter }: Letter, attempts: ReadonlyArray<Attempt>): Generator<Violation> {
  for (const at of accepted(attempts)) {
    if (at >= message.notAfter.getTime()) {
      const late = at - message.notAfter.getTime()
      yield { invariant: "I10", says: `handed over ${late} ms after its not-after: ${named({ message, ...letter })}` }
    }
    if (at < message.notBefore.getTime()) {
      yield { invariant: "I10", says: `handed over before its not-before: ${named({ message, ...letter })}` }
    }
  }
}

/** I3: notices to one address arrive in the order of what they tell. */
function* inOrder(
  letters: ReadonlyArray<Letter>,
  of: (letter: Letter) => ReadonlyArray<Attempt>
): Generator<Violation> {
  const first = (letter: Letter) => accepted(of(letter))[0]
  for (const later of letters) {
    const at = first(later)
    if (at === undefined || later.message.letter._tag === "code") continue
    for (const earlier of letters) {
      const { message, position } = earlier
      const same = message.address === later.message.address && message.accountId === later.message.accountId
      if (!same || position >= later.position || message.letter._tag === "code") continue
      // One whose time had not come when the later one was claimed is not waited for.
      const wasDue = message.notBefore.getTime() <= Math.min(later.message.notBefore.getTime(), later.queuedAt)
      const before = first(earlier)
      if (wasDue && before !== undefined && before > at) {
        yield { invariant: "I3", says: `${named(later)} came before ${named(earlier)}` }
      }
    }
  }
}

/** P5: a letter that was given up is in the audit trail. */
function* failuresAreReported({ memory }: LetterHistory): Generator<Violation> {
  const failed = memory.outbox.filter(({ state }) => state === "failed").length
  const events = [...memory.audit.values()].flat().filter(({ type }) => type === "delivery.failed").length
  if (events < failed) yield { invariant: "I3", says: `${failed} letters were given up, ${events} are reported` }
}

/** All that a history of letters breaks: I3 (with P5) and I10. */
export function* lettersArrive(history: LetterHistory): Generator<Violation> {
  const { memory, attempts, endedAt } = history
  const byId = Map.groupBy(attempts, ({ id }) => id)
  const of = ({ message }: Letter) => byId.get(message.id) ?? []
  const queued = new Set(memory.commits.flatMap((commit) => commit.queued))
  const known = new Set(memory.outbox.map(({ message }) => message.id))
  for (const { id, to } of attempts) {
    if (!known.has(id)) yield { invariant: "I3", says: `a message that is no letter went to ${to}` }
  }
  for (const letter of memory.outbox) {
    if (!queued.has(letter)) yield { invariant: "I3", says: `a letter that no commit queued: ${named(letter)}` }
    yield* atLeastOnce(letter, of(letter), endedAt)
    yield* inItsTime(letter, of(letter))
  }
  yield* inOrder(memory.outbox, of)
  yield* failuresAreReported(history)
}
