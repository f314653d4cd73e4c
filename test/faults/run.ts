import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect } from "effect"
import { randomInt } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { brokenBuilds, theBuild } from "./brokenBuilds.ts"
import { nemeses } from "./nemeses/all.ts"
import { restoreBackUp } from "./nemeses/restoreBackUp.ts"
import { callOf, lineOf, tableOf, tellOf } from "./report.ts"
import { type Outcome, round } from "./round.ts"
import { aStage } from "./stage.ts"

const { values: flags } = parseArgs({
  options: {
    seed: { type: "string" },
    rounds: { type: "string", default: "1" },
    /** Names, separated by commas; all of them where it is left out. */
    nemesis: { type: "string" },
    nodes: { type: "string", default: "2" },
    journeys: { type: "string", default: "30" },
    /** The nemesis comes again every so many seconds while people walk. */
    every: { type: "string" },
    /** A folder for what the nodes of each round logged. */
    logs: { type: "string" },
    /** Shows each call that had no answer at first. */
    verbose: { type: "boolean", default: false },
    /** A build with a flaw, or `all`: the checker has to find it. */
    broken: { type: "string" }
  }
})

const refuse = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const whole = (name: string, text: string, least: number) =>
  /^\d{1,10}$/.test(text) && Number(text) >= least
    ? Number(text)
    : refuse(`--${name} takes a whole number of ${least} or more.`)

const seed = flags.seed === undefined ? randomInt(2 ** 31) : whole("seed", flags.seed, 0)
const roundsEach = whole("rounds", flags.rounds, 1)
const nodes = whole("nodes", flags.nodes, 1)
const journeys = whole("journeys", flags.journeys, 1)
const everyMillis = flags.every === undefined ? undefined : whole("every", flags.every, 1) * 1000
const all = [...nemeses, restoreBackUp]
const named = (names: string | undefined) =>
  names === undefined
    ? all
    : names.split(",").map((name) => {
        const found = all.find((one) => one.name === name)
        if (found === undefined)
          return refuse(`There is no nemesis ${name}; there are ${all.map((one) => one.name).join(", ")}.`)
        return found
      })

const rounds = Effect.fnUntraced(function* (names: string | undefined, root?: string) {
  const outcomes: Array<Outcome> = []
  for (const nemesis of named(names)) {
    const ofNemesis = Effect.gen(function* () {
      const stage = yield* aStage({ nodes, ...(root === undefined ? {} : { root }) })
      for (let number = 0; number < roundsEach; number++) {
        // a line's own seed, with its nemesis, makes the same round again
        const outcome = yield* round(stage, { nemesis, seed: (seed + number) % 2 ** 32, journeys, everyMillis })
        outcomes.push(outcome)
        if (flags.logs !== undefined)
          for (const { name, output } of stage.nodes)
            writeFileSync(join(flags.logs, `${nemesis.name}-${number}-${name}.log`), output())
        yield* Console.log(lineOf(outcome))
        if (flags.verbose) for (const call of outcome.untold) yield* Console.log(callOf(call))
        for (const violation of outcome.violations.slice(0, 3)) yield* Console.log(tellOf(violation))
      }
    })
    yield* Effect.scoped(ofNemesis)
  }
  return outcomes
})

const main = Effect.gen(function* () {
  yield* Console.log(`seed ${seed}`)
  if (flags.broken === undefined) {
    const outcomes = yield* rounds(flags.nemesis)
    yield* Console.log(`\n${tableOf(outcomes)}`)
    return outcomes.every(({ violations }) => violations.length === 0)
  }
  const chosen = brokenBuilds.filter(({ name }) => flags.broken === "all" || flags.broken === name)
  if (chosen.length === 0)
    refuse(`There is no broken build ${flags.broken}; there are ${brokenBuilds.map(({ name }) => name).join(", ")}.`)
  const caught: Array<boolean> = []
  for (const build of chosen) {
    yield* Console.log(`\n${build.name}: ${build.flaw}`)
    const outcomes = yield* Effect.scoped(
      Effect.flatMap(theBuild(build), (root) => rounds(flags.nemesis ?? build.nemesis, root))
    )
    const found = outcomes.flatMap(({ violations }) => violations)
    caught.push(found.some(({ invariant }) => build.breaks.includes(invariant)))
    yield* Console.log(
      caught.at(-1) === true
        ? `caught by ${[...new Set(found.map(({ invariant }) => invariant))].join(", ")}`
        : "NOT CAUGHT"
    )
  }
  return caught.every((one) => one)
})

main.pipe(
  Effect.tap((good) =>
    Effect.sync(() => {
      process.exitCode = good ? 0 : 1
    })
  ),
  NodeRuntime.runMain
)
