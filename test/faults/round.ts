import { Effect, Exit, Fiber } from "effect"
import { chanceOf, derived } from "../simulation/chance.ts"
import { check } from "./checker.ts"
import { dumpOf, evidenceIn } from "./evidence.ts"
import { aHistory, type Call, memberOf, toldOf } from "./history.ts"
import { password, type Person, type Read, type Surroundings, walk } from "./journeys.ts"
import type { Nemesis } from "./nemeses/Nemesis.ts"
import { restoreBackUp } from "./nemeses/restoreBackUp.ts"
import { secrets } from "./nodes.ts"
import { probe } from "./probes.ts"
import type { Violation } from "./remains.ts"
import type { Stage } from "./stage.ts"

/** What a round came to. */
export interface Outcome {
  readonly nemesis: string
  readonly seed: number
  readonly journeys: number
  readonly calls: number
  /** Calls that had no answer at first, and what a repeat told of them. */
  readonly unknown: { readonly done: number; readonly refused: number; readonly never: number }
  /** The longest that somebody waited until a call told, repeats included. */
  readonly longestMillis: number
  /** The calls that had no answer at first. */
  readonly untold: ReadonlyArray<Call>
  readonly violations: ReadonlyArray<Violation>
}

/** How a round is made. */
export interface RoundOptions {
  readonly nemesis: Nemesis | typeof restoreBackUp
  readonly seed: number
  readonly journeys: number
  /** The nemesis comes again so long after it has gone, while people walk; else once. */
  readonly everyMillis?: number | undefined
}

const atOnce = 8
const domains = ["harbor", "marina", "jetty", "quay"] as const

const peopleOf = (seed: number, count: number): ReadonlyArray<Person> =>
  Array.from({ length: count }, (_, place) => {
    const account = `p${seed}-${place}`
    const number = String(derived(seed, place) % 100_000_000).padStart(8, "0")
    return {
      account,
      email: `${account}@${domains[place % domains.length]}.example`,
      phone: `+601${number}${place % 10}`
    }
  })

const letPass = (
  { sql }: Stage,
  what: (ask: Parameters<Parameters<Stage["sql"]>[0]>[0]) => Effect.Effect<unknown, unknown>
) =>
  // where the database is away, time passes without help
  Effect.ignore(sql(what))

/** A minute goes by for leases, a quarter of an hour for letters that were deferred. */
const letAMinutePass = (stage: Stage) =>
  letPass(
    stage,
    (ask) => ask`
      update outbox set leased_until = leased_until - interval '61 seconds',
        not_before = case when state = 'deferred' then not_before - interval '20 minutes' else not_before end
      where state in ('queued', 'deferred') and (lease is not null or state = 'deferred')`
  )

const waiting = ({ sql }: Stage) =>
  Effect.map(
    Effect.exit(
      sql(
        (ask) => ask<{ count: number }>`
        select count(*)::int as count from outbox
        where state in ('queued', 'deferred') and letter ->> '_tag' <> 'unfinished'`
      )
    ),
    (answer) => (Exit.isSuccess(answer) ? (answer.value[0]?.count ?? 0) : 1)
  )

const looksAtMost = 60
const looksBeforeHelp = 8

/** Waits until every letter has arrived or was given up; time is helped along where it would take a lease or more. */
const quiet = Effect.fnUntraced(function* (stage: Stage) {
  for (let looks = 0; looks < looksAtMost; looks++) {
    if ((yield* waiting(stage)) === 0) return
    if (looks % looksBeforeHelp === looksBeforeHelp - 1) yield* letAMinutePass(stage)
    yield* Effect.sleep("250 millis")
  }
})

const secretsIn = (calls: ReadonlyArray<Call>, read: ReadonlyArray<Read>): ReadonlyArray<string> => {
  const grants = calls.map((call) => memberOf(toldOf(call), "grant")).filter((grant) => typeof grant === "string")
  return [...new Set([password, secrets.apiKey, secrets.ring, ...read.map(({ code }) => code), ...grants])]
}

const unknownIn = (calls: ReadonlyArray<Call>): Outcome["unknown"] => {
  const first = calls.filter(({ attempts: [one] }) => one?.told === "unknown").map((call) => toldOf(call)?.told)
  return {
    done: first.filter((told) => told === "ok").length,
    refused: first.filter((told) => told === "fail").length,
    never: first.filter((told) => told === undefined).length
  }
}

const took = ({ attempts }: Call) => (attempts.at(-1)?.endedAt ?? 0) - (attempts[0]?.invokedAt ?? 0)

/** One round: people walk while the nemesis is there, all comes to rest, and the checker looks at what is left. */
export const round = Effect.fn("round")(function* (
  stage: Stage,
  { nemesis, seed, journeys, everyMillis }: RoundOptions
) {
  const chance = chanceOf(seed)
  const history = aHistory(stage.nodes, `k${seed}`)
  const read: Array<Read> = []
  const logsFrom = stage.nodes.map((node) => node.output().length)
  const around: Surroundings = {
    history,
    world: stage.world,
    read,
    letWaitPass: (challenge) =>
      letPass(stage, (ask) => ask`update challenges set resend_after = issued_at where id = ${challenge}::uuid`),
    hasten: (challenge) =>
      letPass(
        stage,
        (ask) => ask`
          update outbox set not_after = statement_timestamp() + interval '2 seconds'
          where challenge_id = ${challenge}::uuid and lease is null and state in ('queued', 'deferred')`
      )
  }
  const everybody = peopleOf(seed, journeys)
  const walks = (people: ReadonlyArray<Person>, again = 0) =>
    Effect.forEach(
      people,
      (person) => {
        const own = chanceOf(derived(seed, 1000 * again + everybody.indexOf(person)))
        return walk(around, own, person, 2 + own.below(4))
      },
      { concurrency: atOnce, discard: true }
    )

  let people = everybody
  let forgotten: ReadonlyArray<Person> = []
  if ("take" in nemesis) {
    const half = Math.ceil(journeys / 2)
    people = everybody.slice(0, half)
    yield* walks(people)
    yield* nemesis.take(stage)
    forgotten = everybody.slice(half)
    yield* walks(forgotten)
    yield* nemesis.putBack(stage)
    yield* walks(people, 1)
  } else {
    let attack = nemesis.against(stage, chance)
    const once = Effect.suspend(() => attack.start.pipe(Effect.andThen(Effect.sleep(attack.lastsMillis)))).pipe(
      Effect.andThen(Effect.suspend(() => attack.heal))
    )
    const soon = Effect.sleep(200 + chance.below(1500))
    if (everyMillis === undefined) {
      yield* Effect.all([walks(people), Effect.andThen(soon, once)], { concurrency: 2, discard: true })
    } else {
      const again = Effect.sleep(everyMillis).pipe(
        Effect.andThen(Effect.sync(() => (attack = nemesis.against(stage, chance)))),
        Effect.andThen(once),
        Effect.forever
      )
      const evil = yield* Effect.forkChild(Effect.andThen(once, again))
      yield* walks(people)
      yield* Fiber.interrupt(evil)
      yield* attack.heal
    }
  }

  const ready = yield* stage.ready
  yield* quiet(stage)
  const evidence = yield* evidenceIn(stage.url)
  yield* probe(history, stage.nodes, evidence, people, read, seed)
  const known = new Set(people.map(({ account }) => account))
  const calls = history.calls.filter(({ account }) => known.has(account))
  const logs = stage.nodes.map((node, place) => ({
    name: `The log of ${node.name}`,
    text: node.output().slice(logsFrom[place])
  }))
  const violations = check({
    people,
    calls,
    evidence,
    arrived: stage.world.arrived,
    read,
    texts: [{ name: "The database", text: yield* dumpOf(stage.url) }, ...logs],
    secrets: secretsIn(history.calls, read),
    restored: "take" in nemesis
  })
  return {
    nemesis: nemesis.name,
    seed,
    journeys: people.length + forgotten.length,
    calls: history.calls.reduce((sum, { attempts }) => sum + attempts.length, 0),
    unknown: unknownIn(history.calls),
    untold: history.calls.filter(({ attempts: [one] }) => one?.told === "unknown"),
    longestMillis: Math.max(0, ...history.calls.map(took)),
    violations: ready
      ? violations
      : [
          { invariant: "ready", sentence: "Not all nodes are ready a minute after the fault.", calls: [] },
          ...violations
        ]
  } satisfies Outcome
})
