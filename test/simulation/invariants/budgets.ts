import type { History } from "../accounts/run.ts"
import type { Commit } from "../memory/Memory.ts"
import { commitsOf, inForceIn, type Violation } from "./facts.ts"

/** The knobs of security.md, copied from its page and not from the code; seconds. */
const knobs = {
  tries: 5,
  every: 5,
  delays: [30, 60, 300, 900, 3600],
  suspendedAt: 50,
  stopOfEnrolment: 86_400,
  passwords: { from: 5, first: 30, most: 900 },
  sendsAChallenge: 5,
  unansweredADay: 10
}

const delayAfter = (failures: number) =>
  failures % knobs.every === 0
    ? (knobs.delays[Math.min(failures / knobs.every, knobs.delays.length) - 1] ?? 0) * 1000
    : 0
const passwordDelayAfter = (failures: number) =>
  failures < knobs.passwords.from
    ? 0
    : Math.min(knobs.passwords.first * 2 ** (failures - knobs.passwords.from), knobs.passwords.most) * 1000

interface Count {
  failures: number
  until: number
}

const judged = ({ changes }: Commit) => {
  const [first] = changes.events
  return first?.type === "code.rejected" || first?.type === "code.accepted" || first?.type === "password.rejected"
    ? first
    : undefined
}

/** What is stored of that count. */
const stored = (commit: Commit, of: "enrolment" | "method" | "password") => {
  const { columns } = commit.after
  if (of === "enrolment") return columns.enrolmentFailures
  return of === "password" ? columns.passwordFailures : (inForceIn(commit.after)?.failures ?? 0)
}

/** I4: nothing is judged during a delay, every judged guess is counted, and no challenge takes more than five. */
export function* guessesStayInBudget({ memory }: History): Generator<Violation> {
  for (const commits of commitsOf(memory)) {
    const tries = new Map<string, number>()
    const of: Record<"enrolment" | "method" | "password", Count> = {
      enrolment: { failures: 0, until: 0 },
      method: { failures: 0, until: 0 },
      password: { failures: 0, until: 0 }
    }
    for (const commit of commits) {
      const { before, after, changes, accountId } = commit
      const now = changes.state.now.getTime()
      const where = `${accountId}, version ${after.columns.version}`
      // What the history begins with, and what is set anew by another method.
      const method = inForceIn(before)
      if (before?.columns.version === 1) {
        of.enrolment.failures = before.columns.enrolmentFailures
        of.method.failures = method?.failures ?? 0
      }
      const first = judged(commit)
      if (first !== undefined) {
        const isEnrolment = first.purpose === "setup" || first.purpose === "change"
        const kind = first.type === "password.rejected" ? "password" : isEnrolment ? "enrolment" : "method"
        const count = of[kind]
        if (now < count.until) {
          yield { invariant: "I4", says: `${first.type} during the delay after ${count.failures} failures: ${where}` }
        }
        if (first.type === "code.accepted") {
          if (kind === "method") of.method = { failures: 0, until: 0 }
        } else {
          count.failures += 1
          const stop = kind === "enrolment" && count.failures % 50 === 0 ? knobs.stopOfEnrolment * 1000 : undefined
          const delay = kind === "password" ? passwordDelayAfter(count.failures) : delayAfter(count.failures)
          count.until = now + (stop ?? delay)
          if (stored(commit, kind) !== count.failures) {
            yield { invariant: "I4", says: `${count.failures} failures, ${stored(commit, kind)} are counted: ${where}` }
          }
          if (kind === "method" && count.failures >= knobs.suspendedAt && inForceIn(after)?.suspendedAt === null) {
            yield { invariant: "I4", says: `${count.failures} failures and not suspended: ${where}` }
          }
        }
      }
      const next = inForceIn(after)
      if (next?.id !== method?.id) {
        of.method = { failures: next?.failures ?? 0, until: next?.blockedUntil?.getTime() ?? 0 }
        if (first?.type === "code.accepted") of.enrolment = { failures: 0, until: 0 }
      }
      if (after.columns.passwordFailures === 0) of.password = { failures: 0, until: 0 }
      for (const one of after.challenges) {
        const was = before?.challenges.find(({ id }) => id === one.id)?.tries ?? 0
        if (one.tries > was) tries.set(one.id, (tries.get(one.id) ?? 0) + 1)
        if ((tries.get(one.id) ?? 0) > knobs.tries || one.sends > knobs.sendsAChallenge) {
          yield { invariant: "I4", says: `${tries.get(one.id)} guesses, ${one.sends} sends of one challenge: ${where}` }
        }
      }
    }
  }
}

/** I4, of sending: at most so many codes that no right one followed, by an account and channel in a day. */
export function* sendsStayInBudget({ memory, tried }: History): Generator<Violation> {
  for (const [place, commits] of commitsOf(memory).entries()) {
    const before = tried.beginnings[place]?.sends ?? 0
    const begun = commits[0]?.at ?? 0
    const unanswered = {
      email: Array.from({ length: before }, () => begun),
      sms: Array.from({ length: before }, () => begun)
    }
    for (const { at, queued, changes, accountId, after } of commits) {
      const [first] = changes.events
      if (first?.type === "code.accepted") unanswered[first.method === "SMS" ? "sms" : "email"] = []
      for (const { message } of queued) {
        if (message.letter._tag !== "code") continue
        const { channel } = message
        unanswered[channel] = [...unanswered[channel].filter((hit) => hit > at - 86_400_000), at]
        const sent = unanswered[channel].length
        if (sent > knobs.unansweredADay) {
          yield {
            invariant: "I4",
            says: `${sent} unanswered codes by ${channel}: ${accountId}, version ${after.columns.version}`
          }
        }
      }
    }
  }
}
