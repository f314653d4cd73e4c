import type { MethodId } from "../../../src/domain/ids.ts"
import { type Chance, chanceOf, derived } from "../chance.ts"
import type { Back, Beginning, Case, CodeGiven, Command, Fault, Password, Wish } from "./commands.ts"

const shortWaits = [1, 2, 4] as const
const longWaits = [31, 61, 121, 301, 601, 901, 1801, 3601, 73 * 3600] as const

const password = (chance: Chance): Password => (chance.percent(92) ? "right" : "wrong")
const method = (chance: Chance): MethodId => chance.pick(["EMAIL", "SMS"])
const back = (chance: Chance): Back => (chance.percent(80) ? 0 : 1 + chance.below(2))
const code = (chance: Chance): CodeGiven =>
  chance.percent(75) ? "right" : chance.pick(["wrong", "wrong", "of the issue before", "of another challenge"])
const number = (chance: Chance) => (chance.percent(65) ? { number: chance.below(3) } : {})
const grant = (chance: Chance) => (chance.percent(90) ? back(chance) : "none")
const anyGrant = (chance: Chance) => (chance.percent(90) ? grant(chance) : "of another account")
const verify = (chance: Chance): Wish => ({ do: "verify", challenge: back(chance), code: code(chance) })
const right: Wish = { do: "verify", challenge: 0, code: "right" }
const wrong: Wish = { do: "verify", challenge: 0, code: "wrong" }

/** What people do one after the other; chance puts other things beside it. */
interface Story {
  /** The state that it makes sense in; others see it now and then. */
  readonly of: "on" | "off" | "any"
  readonly leaves?: "on" | "off"
  /** From this one on all begin at once. */
  readonly together?: number
  readonly wishes: (chance: Chance) => ReadonlyArray<Wish>
}
const prove = (chance: Chance): ReadonlyArray<Wish> => [
  chance.percent(50) ? { do: "step up" } : { do: "sign in", password: password(chance) },
  right
]
const change = (chance: Chance): Extract<Wish, { readonly do: "change" }> => ({
  do: "change",
  method: chance.pick(["SMS", "SMS", "EMAIL"]),
  password: password(chance),
  grant: anyGrant(chance),
  ...number(chance)
})
const stories: ReadonlyArray<Story> = [
  {
    of: "on",
    wishes: (chance) => [
      { do: "report", notice: 0 },
      ...prove(chance),
      chance.percent(50) ? change(chance) : { do: "disable", password: "right", grant: 0 }
    ]
  },
  {
    of: "on",
    wishes: (chance) => [
      { do: "step up" },
      wrong,
      wrong,
      { do: "wait", seconds: chance.pick([31, 61]) },
      wrong,
      { do: "step up" },
      verify(chance)
    ]
  },
  {
    of: "on",
    together: 1,
    wishes: (chance) => [
      { do: "step up" },
      ...Array.from({ length: 2 + chance.below(5) }, () => (chance.percent(70) ? wrong : right))
    ]
  },
  {
    of: "on",
    together: 2,
    wishes: () => [
      { do: "sign in", password: "right" },
      { do: "wait for", end: "code" },
      right,
      { do: "wait", seconds: 4 },
      { do: "resend", challenge: 0 }
    ]
  },
  {
    of: "on",
    together: 2,
    wishes: (chance) => [
      ...prove(chance),
      { ...change(chance), grant: 0, password: "right" },
      chance.pick<Wish>([
        { do: "disable", password: "right", grant: 0 },
        { do: "change", method: "SMS", password: "right", grant: 0, number: 0 }
      ]),
      verify(chance)
    ]
  },
  {
    of: "off",
    leaves: "on",
    wishes: (chance) => [
      { do: "set up", method: method(chance), password: password(chance), ...number(chance) },
      verify(chance)
    ]
  },
  { of: "on", wishes: (chance) => [...prove(chance), change(chance), verify(chance)] },
  { of: "on", wishes: (chance) => [...prove(chance), change(chance), right] },
  { of: "on", wishes: (chance) => [...prove(chance), change(chance), change(chance), verify(chance)] },
  {
    of: "on",
    leaves: "off",
    wishes: (chance) => [...prove(chance), { do: "disable", password: password(chance), grant: anyGrant(chance) }]
  },
  {
    of: "on",
    wishes: (chance) => [{ do: "step up" }, ...Array.from({ length: 3 + chance.below(4) }, () => wrong), verify(chance)]
  },
  {
    of: "any",
    wishes: (chance) => [
      { do: "sign in", password: password(chance) },
      { do: "wait", seconds: chance.pick([31, 31, 601]) },
      { do: "resend", challenge: 0 },
      verify(chance)
    ]
  },
  {
    of: "on",
    wishes: (chance) => [
      ...prove(chance),
      { do: "wait for", end: "grant" },
      chance.percent(50) ? change(chance) : { do: "disable", password: "right", grant: 0 },
      verify(chance)
    ]
  },
  {
    of: "any",
    wishes: (chance) => [
      { do: "wait for", end: "notice" },
      chance.pick<Wish>([
        { do: "report", notice: 0 },
        { do: "go back", notice: 0, password: "right" },
        { do: "turn back on", notice: 0, password: "right" }
      ])
    ]
  },
  {
    of: "any",
    wishes: (chance) => [{ do: "sign in", password: "right" }, { do: "wait for", end: "code" }, verify(chance)]
  },
  {
    of: "any",
    wishes: (chance) => [
      { do: "report", notice: back(chance) },
      { do: "lift", password: password(chance), grant: grant(chance) }
    ]
  },
  {
    of: "off",
    leaves: "on",
    wishes: (chance) => [{ do: "turn back on", notice: back(chance), password: password(chance) }]
  },
  {
    of: "on",
    wishes: (chance) => [{ do: "go back", notice: back(chance), password: password(chance) }, verify(chance)]
  },
  { of: "any", wishes: (chance) => [{ do: "cancel", challenge: back(chance) }] },
  {
    of: "any",
    wishes: (chance) => [{ do: "import", changes: chance.pick(["email", "phone", "password", "nothing"]) }]
  },
  { of: "any", wishes: (chance) => [{ do: "wait", seconds: chance.pick(longWaits) }] },
  { of: "any", wishes: (chance) => [{ do: "wait for", end: chance.pick(["code", "grant", "notice"]) }] },
  { of: "any", wishes: (chance) => [verify(chance), { do: "resend", challenge: back(chance) }] },
  {
    of: "any",
    wishes: (chance) => Array.from({ length: 2 + chance.below(5) }, () => ({ do: "sign in", password: "wrong" }))
  },
  {
    of: "on",
    wishes: (chance) => [
      ...prove(chance),
      { do: "disable", password: "right", grant: 0 },
      { do: "turn back on", notice: 0, password: password(chance) },
      { do: "turn back on", notice: back(chance), password: "right" }
    ]
  },
  {
    of: "on",
    wishes: (chance) => [
      ...prove(chance),
      { ...change(chance), grant: 0, password: "right" },
      right,
      { do: "go back", notice: 0, password: password(chance) },
      verify(chance)
    ]
  },
  {
    of: "on",
    wishes: (chance) => [
      ...prove(chance),
      { do: "report", notice: 0 },
      { do: "lift", password: "right", grant: grant(chance) }
    ]
  },
  {
    of: "any",
    wishes: (chance) => [
      { do: "report", notice: back(chance) },
      ...prove(chance),
      { do: "lift", password: "right", grant: grant(chance) },
      { do: "report", notice: back(chance) }
    ]
  }
]

const storyIn = (chance: Chance, protection: "on" | "off"): Story => {
  const told = chance.percent(15) ? stories : stories.filter(({ of }) => of === protection || of === "any")
  return told[chance.below(told.length)] ?? { of: "any", wishes: () => [right] }
}

const fault = (chance: Chance): { readonly fault?: Fault } =>
  chance.percent(7)
    ? { fault: { what: chance.pick(["the node dies", "the client hangs up"]), turn: chance.below(7) } }
    : {}

const commandOf = (wish: Wish, account: number, beside: boolean, chance: Chance): Command => {
  const edge = chance.below(2)
  return {
    wish,
    account,
    edge,
    actor: chance.percent(60) ? edge : chance.below(2),
    beside,
    key: chance.percent(70),
    source: chance.percent(50),
    lost: chance.percent(5),
    ...fault(chance),
    salt: chance.below(2 ** 31)
  }
}

/** What somebody does at the same time. */
const companion = (wish: Wish, protection: "on" | "off", chance: Chance): Wish => {
  if (chance.percent(35)) return wish
  if (chance.percent(25)) return { do: "wait", seconds: chance.pick(shortWaits) }
  if (chance.percent(30)) return { do: "again", call: chance.below(3) }
  return storyIn(chance, protection).wishes(chance)[0] ?? wish
}

const aBeginning = (chance: Chance): Beginning => ({
  method: chance.percent(70) ? method(chance) : undefined,
  failures: chance.percent(75) ? 0 : chance.pick([3, 4, 9, 47, 48]),
  sends: chance.percent(80) ? 0 : chance.pick([7, 8, 9])
})

/** How many commands a history has. */
export const lengthOf = (chance: Chance) => 8 + chance.below(10)

/** The case of a seed. */
export const caseOf = (seed: number): Case => {
  const chance = chanceOf(derived(seed, 0))
  const beginnings = [aBeginning(chance), aBeginning(chance)] as const
  const protections = beginnings.map((one): "on" | "off" => (one.method === undefined ? "off" : "on"))
  const commands: Array<Command> = []
  const length = lengthOf(chance)
  while (commands.length < length) {
    const account = chance.percent(85) ? 0 : 1
    const protection = protections[account] ?? "on"
    const story = storyIn(chance, protection)
    let isLate = false
    for (const [place, wish] of story.wishes(chance).entries()) {
      const beside = place > (story.together ?? Number.POSITIVE_INFINITY)
      commands.push(commandOf(wish, account, beside || chance.percent(12), chance))
      // Whoever begins shortly before the end may find that it has come in between.
      if (isLate && chance.percent(60)) {
        commands.push(commandOf({ do: "wait", seconds: chance.pick(shortWaits) }, account, true, chance))
      }
      isLate = wish.do === "wait for"
      while (chance.percent(20)) commands.push(commandOf(companion(wish, protection, chance), account, true, chance))
      if (chance.percent(8)) commands.push(commandOf({ do: "again", call: chance.below(2) }, account, false, chance))
    }
    protections[account] = story.leaves ?? protection
  }
  return { beginnings, commands: commands.slice(0, length) }
}
