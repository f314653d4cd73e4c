import { type Chance, chanceOf, derived } from "../chance.ts"
import type { Weather } from "./Servers.ts"
import type { Channel } from "../../../src/domain/ids.ts"

/** Where letters go: an account's e-mail, its phone, and an address at another domain. */
export const addressees = ["mailbox", "phone", "former mailbox"] as const
export type Addressee = (typeof addressees)[number]

/** What happens to the letters of a history. */
export type LetterCommand =
  /** A step commits notices, or loses its race and commits nothing. */
  | {
      readonly do: "tell"
      readonly whom: ReadonlyArray<Addressee>
      /** When it may be handed over, and when no more, in seconds from then. */
      readonly from: number
      readonly until: number
      readonly loses: boolean
    }
  /** A sign-in, whose code goes to the mailbox; supersedes the one before. */
  | { readonly do: "ask for a code" }
  /** The account without a method is reminded, unless it moves on. */
  | { readonly do: "remind"; readonly inSeconds: number }
  | { readonly do: "move on" }
  | { readonly do: "weather"; readonly channel: Channel; readonly is: Weather }
  | { readonly do: "a courier dies"; readonly which: number; readonly inTurns: number }
  | { readonly do: "a courier stops"; readonly which: number }
  | { readonly do: "a courier starts"; readonly which: number }
  | { readonly do: "wait"; readonly seconds: number }

/** A whole case of letters: the same one runs the same way. */
export interface LetterCase {
  readonly seed: number
  /** How wrong the clock of each courier is, in seconds. */
  readonly wrongBy: readonly [number, number]
  readonly commands: ReadonlyArray<LetterCommand>
}

const weathers = ["fine", "refuses", "defers", "hangs", "slow", "slow", "loses the answer"] as const
const waits = [1, 2, 5, 20, 46, 61, 61, 130, 400, 901, 3700] as const

const aCommand = (chance: Chance): LetterCommand => {
  const likely = chance.below(100)
  if (likely < 35) {
    const [first, ...others] = addressees.filter(() => chance.percent(50))
    return {
      do: "tell",
      whom: first === undefined ? ["mailbox"] : [first, ...others],
      from: chance.percent(85) ? 0 : chance.pick([20, 600]),
      until: chance.percent(65) ? 72 * 3600 : chance.pick([2, 14, 61, 700]),
      loses: chance.percent(10)
    }
  }
  if (likely < 45) return { do: "ask for a code" }
  if (likely < 49) return { do: "remind", inSeconds: chance.pick([5, 600]) }
  if (likely < 52) return { do: "move on" }
  if (likely < 62) return { do: "weather", channel: chance.pick(["email", "email", "sms"]), is: chance.pick(weathers) }
  if (likely < 72) return { do: "a courier dies", which: chance.below(2), inTurns: chance.below(8) }
  if (likely < 75) return { do: "a courier stops", which: chance.below(2) }
  if (likely < 81) return { do: "a courier starts", which: chance.below(2) }
  return { do: "wait", seconds: chance.pick(waits) }
}

/** The case of letters of a seed. */
export const letterCaseOf = (seed: number): LetterCase => {
  const chance = chanceOf(derived(seed, 1))
  return {
    seed,
    wrongBy: [0, chance.percent(70) ? 0 : chance.pick([-600, 600])],
    commands: Array.from({ length: 6 + chance.below(9) }, () => aCommand(chance))
  }
}
