import { Clock, Effect, Queue } from "effect"
import { randomUUID } from "node:crypto"
import { Channel } from "../../../src/domain/ids.ts"
import {
  type Asked,
  type Claim,
  leaseSeconds,
  Outbox,
  shareOfTheSlow,
  type Verdict
} from "../../../src/services/Outbox.ts"
import type { Letter, Memory } from "./Memory.ts"
import type { Turns } from "../Turns.ts"

const lease = leaseSeconds * 1000
const laneOf = ({ message }: Letter) => Outbox.laneOf(message.channel, message.address)
const waits = ({ state }: Letter) => state === "queued" || state === "deferred"
const isCode = ({ message }: Letter) => message.letter._tag === "code"
const byTime = (a: Letter, b: Letter) => a.notBefore - b.notBefore || a.position - b.position

const isDue = ({ broken }: Memory, letter: Letter, now: number): boolean => {
  const isFree =
    letter.leasedUntil === null ||
    broken === "lease not asked for" ||
    (letter.leasedUntil <= now && broken !== "lease without expiry")
  return waits(letter) && letter.notBefore <= now && isFree
}

/** Whether it has to wait for an earlier notice to the same address. */
const isHeld = ({ outbox, broken }: Memory, one: Letter, now: number): boolean =>
  broken !== "order of notices lost" &&
  !isCode(one) &&
  outbox.some(
    (earlier) =>
      earlier.position < one.position &&
      !isCode(earlier) &&
      earlier.message.accountId === one.message.accountId &&
      earlier.message.channel === one.message.channel &&
      earlier.message.address === one.message.address &&
      (earlier.state === "deferred" || (earlier.state === "queued" && earlier.notBefore <= now))
  )

/** Which letters a courier gets: lane by lane, the lanes by turns, as many as there is room for. */
const chosen = (memory: Memory, { room, share, busy, slow }: Asked, now: number): ReadonlyArray<Letter> => {
  const due = memory.outbox.filter((letter) => isDue(memory, letter, now))
  return Channel.literals.flatMap((channel) => {
    const lanes = Map.groupBy(
      due.filter(({ message }) => message.channel === channel),
      laneOf
    )
    return [...lanes]
      .flatMap(([lane, letters]) => {
        const flying = busy[lane] ?? 0
        const places = Math.min(room[channel], (slow.includes(lane) ? shareOfTheSlow : share[channel]) - flying)
        return letters
          .filter((letter) => !isHeld(memory, letter, now))
          .toSorted(byTime)
          .slice(0, Math.max(0, places))
          .map((letter, place) => ({ letter, abreast: flying + place }))
      })
      .toSorted((a, b) => a.abreast - b.abreast || byTime(a.letter, b.letter))
      .slice(0, room[channel])
      .map(({ letter }) => letter)
  })
}

const claimed = (memory: Memory, letter: Letter, id: string, now: number, before: number): Claim => {
  letter.lease = id
  letter.leasedUntil = now + lease
  letter.attempts += 1
  const { notBefore: _, ...message } = letter.message
  const remaining = message.notAfter.getTime() - now
  const deadline = memory.broken === "not-after ignored" ? Number.MAX_SAFE_INTEGER : before + remaining
  return { message, queuedAt: new Date(letter.queuedAt), lease: id, attempts: letter.attempts, deadline }
}

const settled = (letter: Letter, verdict: Verdict, now: number): void => {
  letter.lease = null
  letter.leasedUntil = null
  if (verdict.state === "released") {
    letter.attempts -= 1
    return
  }
  letter.state = verdict.state
  letter.stateAt = now
  letter.detail = verdict.state === "obsolete" ? "It was no longer needed" : verdict.detail
  if (verdict.state === "deferred") {
    letter.notBefore = Math.min(now + verdict.waitSeconds * 1000, letter.message.notAfter.getTime())
  }
}

const nothing = () => Effect.die("letters are queued by the memory")

/** The outbox, over memory, for one process: leases, not-before, order and places as in its SQL. */
export const memoryOutbox = (memory: Memory, turns: Turns): Outbox["Service"] => {
  const signal = Effect.runSync(Queue.sliding<void>(1))
  const statement = <A>(write: () => A) =>
    Effect.andThen(
      turns.turn,
      Effect.flatMap(Effect.sync(write), (written) => Effect.as(turns.turn, written))
    )
  const ours = ({ message, lease: id }: Claim, write: (letter: Letter) => void) =>
    statement(() => {
      const letter = memory.outbox.find((one) => one.message.id === message.id && one.lease === id)
      if (letter === undefined) return false
      write(letter)
      return true
    })
  return Outbox.of({
    part: nothing as never,
    deliveryOf: nothing as never,
    forget: nothing as never,
    queue: () => Effect.die("letters are queued by steps here"),
    wake: Effect.asVoid(Queue.offer(signal, undefined)),
    woken: Queue.take(signal),
    claim: (asked) =>
      Effect.flatMap(Clock.currentTimeMillis, (before) =>
        statement(() => {
          const id = randomUUID()
          return chosen(memory, asked, turns.now)
            .map((letter) => ({ letter, claim: claimed(memory, letter, id, turns.now, before) }))
            .toSorted((a, b) => a.letter.position - b.letter.position)
            .map(({ claim }) => claim)
        })
      ),
    keep: (claim) =>
      ours(claim, (letter) => {
        letter.leasedUntil = turns.now + lease
      }),
    settle: (claim, verdict) => ours(claim, (letter) => settled(letter, verdict, turns.now)),
    reclaim: Effect.void,
    dropStale: Effect.succeed(0),
    purge: Effect.succeed(0)
  })
}
