import { answersAreTrue, unknownsResolve } from "../invariants/answers.ts"
import { guessesStayInBudget, sendsStayInBudget } from "../invariants/budgets.ts"
import { codesWorkOnce } from "../invariants/codes.ts"
import { nothingOldWorks } from "../invariants/epochs.ts"
import { journeysFollowTheGraph } from "../invariants/graph.ts"
import { changesAreTold, neverUnprotected } from "../invariants/protection.ts"
import type { Kind } from "../simulate.ts"
import type { Case, Command } from "./commands.ts"
import { run } from "./run.ts"
import { caseOf } from "./stories.ts"

const invariants = [
  codesWorkOnce,
  neverUnprotected,
  changesAreTold,
  guessesStayInBudget,
  sendsStayInBudget,
  nothingOldWorks,
  answersAreTrue,
  unknownsResolve,
  journeysFollowTheGraph
]

const plainer = (command: Command): ReadonlyArray<Command> => {
  const { fault, ...whole } = command
  return [
    ...(fault === undefined ? [] : [whole]),
    ...(command.beside ? [{ ...command, beside: false }] : []),
    ...(command.lost ? [{ ...command, lost: false }] : []),
    ...(command.key ? [{ ...command, key: false }] : []),
    ...(command.source ? [{ ...command, source: false }] : []),
    ...(command.actor === command.edge ? [] : [{ ...command, actor: command.edge }]),
    ...(command.edge === 1 ? [{ ...command, edge: 0, actor: command.actor === 1 ? 0 : 1 }] : [])
  ]
}

const plainerBeginnings = (tried: Case): ReadonlyArray<Case> =>
  tried.beginnings.flatMap((beginning, place) => {
    const begins = (plain: typeof beginning): Case => {
      const [first, second] = tried.beginnings
      return { ...tried, beginnings: place === 0 ? [plain, second] : [first, plain] }
    }
    return [
      ...(beginning.failures === 0 ? [] : [begins({ ...beginning, failures: 0 })]),
      ...(beginning.sends === 0 ? [] : [begins({ ...beginning, sends: 0 })])
    ]
  })

const flagsOf = ({ beside, key, lost, fault, edge, actor }: Command): string =>
  [
    beside ? "beside" : "",
    key ? "keyed" : "",
    lost ? "answer lost" : "",
    fault === undefined ? "" : `${fault.what} at turn ${fault.turn}`,
    `node ${edge + 1}${actor === edge ? "" : `, actor on ${actor + 1}`}`
  ]
    .filter((flag) => flag !== "")
    .join(", ")

/** Accounts: the change-method programs on two nodes, over one memory. */
export const accounts: Kind<Case> = {
  name: "accounts",
  caseOf,
  violationsOf: (tried, broken) => {
    const history = run(tried, broken)
    return invariants.flatMap((invariant) => [...invariant(history)])
  },
  plainer,
  plainerBeginnings,
  lines: ({ beginnings, commands }) => [
    `begins with ${JSON.stringify(beginnings)}`,
    ...commands.map(
      (command) => `${JSON.stringify({ account: command.account, ...command.wish })}  ${flagsOf(command)}`
    )
  ]
}
