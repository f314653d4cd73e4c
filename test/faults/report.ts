import type { Violation } from "./remains.ts"
import { type Call, toldOf } from "./history.ts"
import type { Outcome } from "./round.ts"

const seconds = (millis: number) => `${(millis / 1000).toFixed(1)} s`

/** A round in a line. */
export const lineOf = ({ nemesis, seed, journeys, calls, unknown, longestMillis, violations }: Outcome): string =>
  [
    nemesis.padEnd(20),
    `seed ${String(seed).padEnd(10)}`,
    `${journeys} journeys`,
    `${String(calls).padStart(4)} calls`,
    `unknown ${unknown.done + unknown.refused + unknown.never} (${unknown.done} done, ${unknown.refused} refused, ${unknown.never} never told)`,
    `longest ${seconds(longestMillis)}`,
    violations.length === 0 ? "no violation" : `${violations.length} VIOLATIONS`
  ].join("  ")

/** A call with the last of its attempts. */
export const callOf = (call: Call): string => {
  const attempts = call.attempts.map(
    ({ node, status, text, told, invokedAt, endedAt }) =>
      `${node} at ${new Date(invokedAt).toISOString().slice(11, 23)} ${status === 0 ? text : status} ${told} in ${endedAt - invokedAt} ms`
  )
  const replayed = toldOf(call)?.replayed === true ? " (replayed)" : ""
  return `    #${call.id} ${call.what} ${call.method} ${call.path}: ${attempts.slice(-4).join("; ")}${replayed}`
}

/** A violation in a sentence, and the calls that show it. */
export const tellOf = ({ invariant, sentence, calls }: Violation): string =>
  [`  ${invariant}: ${sentence}`, ...calls.slice(0, 6).map(callOf)].join("\n")

const columns = [
  "nemesis",
  "rounds",
  "journeys",
  "calls",
  "unknown",
  "done",
  "refused",
  "never",
  "longest",
  "violations"
]

/** A line a nemesis. */
export const tableOf = (outcomes: ReadonlyArray<Outcome>): string => {
  const sum = (of: ReadonlyArray<Outcome>, what: (one: Outcome) => number) =>
    of.reduce((all, one) => all + what(one), 0)
  const rows = [...Map.groupBy(outcomes, ({ nemesis }) => nemesis)].map(([nemesis, of]) => [
    nemesis,
    of.length,
    sum(of, ({ journeys }) => journeys),
    sum(of, ({ calls }) => calls),
    sum(of, ({ unknown: { done, refused, never } }) => done + refused + never),
    sum(of, ({ unknown }) => unknown.done),
    sum(of, ({ unknown }) => unknown.refused),
    sum(of, ({ unknown }) => unknown.never),
    seconds(Math.max(...of.map(({ longestMillis }) => longestMillis))),
    sum(of, ({ violations }) => violations.length)
  ])
  return [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")
}
