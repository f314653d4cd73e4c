import { Clock, Context, Duration, Effect, type Scheduler } from "effect"
import type { Chance } from "./chance.ts"

/** A process: what it has in memory ends with it, what it waited for never comes. */
export interface Process {
  readonly name: string
  alive: boolean
}

/** Whose work it is that waits for its turn. */
export interface Acting {
  readonly process: Process
  /** What decides when it is its turn: of its own, so that leaving others out leaves its order as it was. */
  readonly chance: Chance
  /** Which operation; -1 for what works by itself. */
  readonly operation: number
  /** Called when its turn has come in that process, before it goes on. */
  readonly atTurn: (process: Process) => void
}

const nobody: Acting = {
  process: { name: "nobody", alive: true },
  chance: { next: () => 0, below: () => 0, percent: () => false, pick: ([first]) => first },
  operation: -1,
  atTurn: () => undefined
}
/** Whose work a fiber does; its forks do the same. */
export const Acting = Context.Reference<Acting>("simulation/Acting", { defaultValue: () => nobody })

interface Waiting {
  readonly acting: Acting
  readonly rank: number
  readonly go: () => void
}
interface Sleeper {
  readonly acting: Acting
  readonly due: number
  readonly go: () => void
}

/** How often a courier looks whether something is due, in milliseconds: a look may come late. */
const looks: ReadonlySet<number> = new Set([1000, 25])

const without = <A>(all: Array<A>, one: A) => {
  const place = all.indexOf(one)
  if (place >= 0) all.splice(place, 1)
}

/**
 * Who goes on, and what time it is. Every effect on what is shared waits here for its turn, so that nothing but the seed
 * decides on the order; time passes when it is told to. All of it is synchronous: a history leaves no timers behind.
 */
export class Turns {
  /** The database's time, in milliseconds. */
  now = Date.UTC(2026, 10, 24, 8)
  #waiting: Array<Waiting> = []
  #sleepers: Array<Sleeper> = []
  #tasks: Array<() => void> = []
  #lateUntil = 0

  /** Runs fibers as soon as they can go on, and only when they are told to. */
  readonly scheduler: Scheduler.Scheduler = {
    executionMode: "sync",
    shouldYield: () => false,
    makeDispatcher: () => ({
      scheduleTask: (task) => this.#tasks.push(task),
      flush: () => this.#runTasks()
    })
  }

  /** The clock of a process, which may be wrong by so many milliseconds. */
  clock(wrongBy = 0): Clock.Clock {
    const millis = () => this.now + wrongBy
    const nanos = () => BigInt(millis()) * 1_000_000n
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => this.#sleep(Duration.toMillis(duration))
    }
  }

  /** Waits for its turn. Each takes a millisecond. */
  readonly turn: Effect.Effect<void> = Effect.flatMap(Acting, (acting) =>
    Effect.callback<void>((resume) => {
      const waiting: Waiting = { acting, rank: acting.chance.next(), go: () => resume(Effect.void) }
      this.#waiting.push(waiting)
      return Effect.sync(() => without(this.#waiting, waiting))
    })
  )

  #sleep(millis: number): Effect.Effect<void> {
    return Effect.flatMap(Acting, (acting) =>
      Effect.callback<void>((resume) => {
        const due = this.now + millis
        const sleeper: Sleeper = {
          acting,
          due: looks.has(millis) ? Math.max(due, this.#lateUntil) : due,
          go: () => resume(Effect.void)
        }
        this.#sleepers.push(sleeper)
        return Effect.sync(() => without(this.#sleepers, sleeper))
      })
    )
  }

  #runTasks(): void {
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task()
  }

  /** Gives one of those that wait its turn; false where nobody waits. */
  step(): boolean {
    this.#runTasks()
    if (this.#waiting.length === 0) return false
    this.now += 1
    while (this.toNextMoment(this.now));
    let chosen: Waiting | undefined
    for (const one of this.#waiting) if (chosen === undefined || one.rank < chosen.rank) chosen = one
    if (chosen === undefined) return true
    without(this.#waiting, chosen)
    chosen.acting.atTurn(chosen.acting.process)
    if (chosen.acting.process.alive) chosen.go()
    this.#runTasks()
    return true
  }

  /** Gives turns until nobody waits for one. */
  settle(): void {
    while (this.step());
  }

  /** Lets time pass to the next moment that somebody waits for, at the latest to `until`; false where nobody does. */
  toNextMoment(until = Number.POSITIVE_INFINITY): boolean {
    let next: Sleeper | undefined
    for (const one of this.#sleepers) if (next === undefined || one.due < next.due) next = one
    if (next === undefined || next.due > until) return false
    without(this.#sleepers, next)
    this.now = Math.max(this.now, next.due)
    if (next.acting.process.alive) next.go()
    this.#runTasks()
    return true
  }

  /** Lets time pass at once, whoever waits for a turn: those whose time came are woken, nobody goes on in between. */
  leap(millis: number): void {
    const until = this.now + millis
    while (this.toNextMoment(until));
    this.now = Math.max(this.now, until)
  }

  /** Lets time pass in strides; in each all go on that can. Looks at the outbox come at the end of a stride. */
  pass(millis: number, stride: number): void {
    const until = this.now + millis
    while (this.now < until) {
      const end = Math.min(until, this.now + stride)
      this.#lateUntil = end
      this.settle()
      while (this.toNextMoment(end)) this.settle()
      this.now = Math.max(this.now, end)
    }
    this.#lateUntil = 0
    this.settle()
  }

  /** The process is gone, with all that it was doing. */
  kill(process: Process): void {
    process.alive = false
    this.#waiting = this.#waiting.filter(({ acting }) => acting.process !== process)
    this.#sleepers = this.#sleepers.filter(({ acting }) => acting.process !== process)
  }
}
