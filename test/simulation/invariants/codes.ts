import type { History } from "../accounts/run.ts"
import type { Operation } from "../accounts/World.ts"
import { type Violation } from "./facts.ts"

const succeededIn = (history: History, id: string) =>
  history.memory.commits.filter(({ before, after }) => {
    const [was, is] = [before, after].map((row) => row?.challenges.find((one) => one.id === id)?.status)
    return was !== "succeeded" && is === "succeeded"
  })

/** Which issue of the code an operation had accepted. */
const issueIn = ({ memory }: History, { index, challengeId }: Operation) =>
  memory.commits.find(({ operation }) => operation === index)?.after.challenges.find(({ id }) => id === challengeId)
    ?.issue

const named = ({ index, says }: Operation) => `operation ${index} (${says})`

/** I1: a code succeeds at most once, whoever asks, and no other code does. */
export function* codesWorkOnce(history: History): Generator<Violation> {
  const accepted = history.operations.filter(({ wish, outcome }) => wish === "verify" && outcome === "ok")
  for (const one of accepted) {
    if (one.rightCode === false) yield { invariant: "I1", says: `a wrong code was accepted: ${named(one)}` }
    const issue = issueIn(history, one)
    if (issue !== undefined && issue !== one.issue) {
      yield { invariant: "I1", says: `a code of issue ${one.issue} was accepted for issue ${issue}: ${named(one)}` }
    }
  }
  for (const id of new Set(accepted.map(({ challengeId }) => challengeId))) {
    // A repeat with the same key is told of the same success.
    const asked = accepted.filter(({ challengeId }) => challengeId === id)
    const apart = new Set(asked.map(({ scope, index }) => scope ?? index))
    if (apart.size > 1) {
      yield { invariant: "I1", says: `one code was accepted ${apart.size} times: ${asked.map(named).join(", ")}` }
    }
    if (id !== undefined && succeededIn(history, id).length !== 1) {
      yield { invariant: "I1", says: `the success of ${asked.map(named).join(", ")} is not one commit` }
    }
  }
}
