import { toldOf } from "../history.ts"
import { broken, by, type Check } from "../remains.ts"

/** I7: every call told in the end, and a repeat tells anybody the same. */
export const settled: Check = (remains) => {
  const silent = remains.calls
    .filter((call) => toldOf(call) === undefined)
    .map((call) => broken("I7", `${call.what} of ${call.account} never told whether it was done.`, [call]))
  const differing = [...by(remains.calls, ({ key }) => key)].flatMap(([, calls]) => {
    const answers = calls.map(toldOf).filter((answer) => answer !== undefined)
    const [first] = answers
    return answers.some(({ status, text }) => status !== first?.status || text !== first.text)
      ? [broken("I7", `The same key told two stories: ${answers.map(({ status }) => status).join(", ")}.`, calls)]
      : []
  })
  const views = [
    ...by(
      remains.calls.filter(({ probe }) => probe === "state"),
      ({ account }) => account
    )
  ].flatMap(([account, calls]) =>
    new Set(calls.map((call) => toldOf(call)?.text)).size > 1
      ? [broken("I7", `The nodes do not agree on the state of ${account}.`, calls)]
      : []
  )
  const faults = remains.calls
    .filter((call) => call.attempts.some(({ status }) => status === 500))
    .map((call) => broken("I7", `${call.what} was answered by 500, which tells nothing.`, [call]))
  return [...silent, ...differing, ...views, ...faults]
}
