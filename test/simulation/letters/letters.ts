import { lettersArrive } from "../invariants/letters.ts"
import { type LetterCase, letterCaseOf, type LetterCommand } from "./letterCommands.ts"
import { runLetters } from "./runLetters.ts"
import type { Kind } from "../simulate.ts"

const plainer = (command: LetterCommand): ReadonlyArray<LetterCommand> => {
  if (command.do !== "tell") return []
  const { whom, from, loses } = command
  const [first] = whom
  return [
    ...(whom.length > 1 && first !== undefined ? [{ ...command, whom: [first] }] : []),
    ...(from > 0 ? [{ ...command, from: 0 }] : []),
    ...(loses ? [{ ...command, loses: false }] : [])
  ]
}

/** Letters: two real couriers over one outbox in memory, and servers that take, refuse, hang or forget to answer. */
export const letters: Kind<LetterCase> = {
  name: "letters",
  caseOf: letterCaseOf,
  violationsOf: (tried, broken) => [...lettersArrive(runLetters(tried, broken))],
  plainer,
  plainerBeginnings: (tried) => (tried.wrongBy[1] === 0 ? [] : [{ ...tried, wrongBy: [0, 0] }]),
  lines: ({ commands, wrongBy }) => [
    ...(wrongBy[1] === 0 ? [] : [`the clock of courier 2 is wrong by ${wrongBy[1]} seconds`]),
    ...commands.map((command) => JSON.stringify(command))
  ]
}
