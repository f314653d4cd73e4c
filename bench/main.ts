import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Console, Effect, Exit, Layer, References } from "effect"
import { writeFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"
import { resolve } from "node:path"
import { inspect, parseArgs } from "node:util"
import { Database } from "../src/services/Database.ts"
import { countStatements } from "./counters.ts"
import { BenchRefused, ground } from "./ground.ts"
import { journeys } from "./journeys.ts"
import * as measure from "./measure.ts"
import { programs } from "./people.ts"
import { type Results, sectionsOf } from "./sections.ts"
import { tableOf } from "./report.ts"

const { values: flags } = parseArgs({
  options: {
    /** Shorter runs, for a look. */
    quick: { type: "boolean", default: false },
    /** Ends with exit code 1 where a goal is missed. */
    check: { type: "boolean", default: false }
  }
})

const factor = flags.quick ? 0.25 : 1

const began = performance.now()
const progress = (what: string) =>
  Console.error(`${String(Math.round((performance.now() - began) / 1000)).padStart(4)} s  ${what}`)

const measured = Effect.gen(function* () {
  yield* progress("Starting the database")
  const place = yield* ground
  const everything = Effect.gen(function* () {
    const statementsCounted = yield* countStatements
    yield* progress("Warming up")
    yield* measure.warmUp(journeys)
    const results: Array<Results["journeys"][number]> = []
    for (const journey of journeys) {
      yield* progress(`${journey.name}: what one costs the database`)
      const cost = yield* measure.cost(journey, statementsCounted)
      yield* progress(`${journey.name}: with the password hash`)
      const hashed = yield* measure.withHash(journey, 5 * factor)
      yield* progress(`${journey.name}: without it`)
      const unhashed = yield* measure.allButHash(journey, 3 * factor)
      yield* progress(`${journey.name}: its statements alone`)
      const alone = yield* measure.statementsAlone(journey, place.url, Math.ceil(160 * factor))
      results.push({ name: journey.name, hashes: journey.hashes, cost, hashed, unhashed, alone })
    }
    yield* progress("disable + set-up + verify, with its letters")
    const letters = yield* measure.costWithLetters(journeys[1], statementsCounted)
    yield* progress("verify beside password checks")
    const beside = yield* measure.verifyBesideHashes(Math.ceil(300 * factor))
    yield* progress("The whole service over HTTP, and its memory after 10,000 accounts")
    const whole = yield* measure.wholeService(place.url, 10_000, 5 * factor)
    return {
      machine: { cores: availableParallelism(), processor: cpus()[0]?.model ?? "unknown", database: place.server },
      journeys: results,
      letters,
      beside,
      whole
    } satisfies Results
  })
  return yield* everything.pipe(Effect.provide(programs.pipe(Layer.provideMerge(Database.layer({ url: place.url })))))
}).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Warn"))

const main = Effect.gen(function* () {
  const results = yield* measured
  const sections = sectionsOf(results)
  writeFileSync(resolve(import.meta.dirname, "report.json"), `${JSON.stringify({ results, sections }, undefined, 2)}\n`)
  yield* Console.log(tableOf(sections))
  yield* Console.log("\nThe numbers are in bench/report.json.")
  const missed = sections.flatMap(({ rows }) => rows).filter(({ goal }) => goal?.met === false)
  if (flags.check && missed.length > 0)
    return yield* new BenchRefused({ message: `${missed.length} goals are missed.` })
})

main.pipe(
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, end) => {
      if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
        const [reason] = exit.cause.reasons
        // what the bench itself says is enough as a sentence; anything else is for whoever repairs it
        const sentence =
          reason?._tag === "Fail" && reason.error instanceof BenchRefused ? reason.error.message : undefined
        process.stderr.write(`${sentence ?? inspect(exit.cause, { depth: 8 })}\n`)
      }
      end(Exit.isSuccess(exit) ? 0 : 1)
    }
  })
)
