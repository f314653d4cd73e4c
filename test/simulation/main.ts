import { parseArgs } from "node:util"
import { accounts } from "./accounts/accounts.ts"
import { letters } from "./letters/letters.ts"
import { breaks, type Broken } from "./memory/Memory.ts"
import { type Kind, simulate } from "./simulate.ts"

const { values: flags } = parseArgs({
  options: {
    /** The first history's; each has its own, which is printed where it fails. */
    seed: { type: "string" },
    /** So many of each kind. */
    histories: { type: "string", default: "5000" },
    only: { type: "string" },
    /** Breaks something on purpose, to see that it is found. */
    broken: { type: "string" }
  }
})

const say = (line: string) => process.stdout.write(`${line}\n`)
const numberIn = (text: string | undefined, otherwise: number): number => {
  const number = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`${text} is no whole number`)
}

const seed = numberIn(flags.seed, Date.now() % 2 ** 32)
const histories = numberIn(flags.histories, 0)
const broken: Broken | undefined = breaks.find((one) => one === flags.broken)
if (flags.broken !== undefined && broken === undefined) {
  throw new Error(`--broken takes one of: ${breaks.join(", ")}`)
}

/** Runs all of a kind and says how it went; whether nothing was broken. */
const holds = <Tried extends { readonly commands: ReadonlyArray<unknown> }>(kind: Kind<Tried>): boolean => {
  const began = performance.now()
  const failure = simulate(kind, { seed, histories, broken })
  const done = failure?.histories ?? histories
  const aMinute = Math.round((done / (performance.now() - began)) * 60_000).toLocaleString("en")
  if (failure === undefined) {
    say(`${kind.name}: ${done} histories, ${aMinute} a minute, no invariant is broken`)
    return true
  }
  const { violation, length, lines } = failure
  say(`${kind.name}: after ${done} histories ${violation.invariant} is broken: ${violation.says}`)
  say(`  its seed is ${failure.seed}; of its ${length} commands ${failure.shortest} are left:`)
  for (const line of lines) say(`    ${line}`)
  say(`  again: npm run simulate -- --only ${kind.name} --histories 1 --seed ${failure.seed}`)
  return false
}

say(`seed ${seed}`)
const held = [flags.only === letters.name || holds(accounts), flags.only === accounts.name || holds(letters)]
process.exitCode = held.every(Boolean) ? 0 : 1
