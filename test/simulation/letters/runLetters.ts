import { Redacted } from "effect"
import { randomUUID } from "node:crypto"
import { importAccount } from "../../../src/account/importAccount.ts"
import { setUp } from "../../../src/account/setUp.ts"
import { signIn } from "../../../src/account/signIn.ts"
import { verify } from "../../../src/account/verify.ts"
import type { AccountState } from "../../../src/domain/AccountState.ts"
import { noChanges } from "../../../src/domain/Changes.ts"
import type { AccountId } from "../../../src/domain/ids.ts"
import type { Letter, Message } from "../../../src/domain/letters.ts"
import { secondsAfter, utc } from "../../../src/domain/time.ts"
import { codeOf, people } from "../accounts/meaning.ts"
import type { Broken, Memory } from "../memory/Memory.ts"
import { stateAt } from "../memory/memoryStore.ts"
import { applied } from "../memory/writing.ts"
import type { Addressee, LetterCase, LetterCommand } from "./letterCommands.ts"
import { LetterWorld } from "./LetterWorld.ts"
import type { Attempt } from "./Servers.ts"

/** What a run of letters leaves: what the servers saw, and the database. */
export interface LetterHistory {
  readonly memory: Memory
  readonly attempts: ReadonlyArray<Attempt>
  /** When all was well again and had been for long enough, in milliseconds. */
  readonly endedAt: number
}

const [withMethod, withoutMethod] = people
const password = Redacted.make("the password")
/** Time passes in strides of so many seconds, or of an eighth where it is long. */
const stride = (seconds: number) => Math.max(5, seconds / 8)

const addressOf = (whom: Addressee): Pick<Message, "channel" | "address"> =>
  whom === "phone"
    ? { channel: "sms", address: "+60125550101" }
    : { channel: "email", address: whom === "mailbox" ? `${withMethod}@customer.example` : "alex@former.example" }

const messageTo = (state: AccountState, to: Pick<Message, "channel" | "address">, letter: Letter): Message => ({
  id: randomUUID(),
  accountId: state.accountId,
  ...to,
  letter,
  name: null,
  locale: null,
  timeZone: null,
  challengeId: null,
  notBefore: state.now,
  notAfter: secondsAfter(state.now, 72 * 3600)
})

/** A step of an account that tells something; one that loses its race was decided on what is no longer true. */
const commits = (
  { memory, turns }: LetterWorld,
  accountId: AccountId,
  told: (state: AccountState) => ReadonlyArray<Message>,
  loses = false
): void => {
  const state = stateAt(memory, accountId, turns.now)
  if (state === undefined) return
  const changes = { ...noChanges(loses ? { ...state, version: state.version - 1 } : state), messages: told(state) }
  const head = { sequence: memory.audit.get(accountId)?.length ?? 0, mac: "" }
  applied(memory, { operation: -1, at: turns.now, head, changes })
}

const tell = (world: LetterWorld, command: Extract<LetterCommand, { readonly do: "tell" }>): void => {
  const { whom, from, until, loses } = command
  const told = (state: AccountState) => {
    const letter = { _tag: "disabled", accountId: state.accountId, at: utc(state.now), method: "SMS" } as const
    const notBefore = secondsAfter(state.now, from)
    // Never to the second: a limit is not where the clock is looked at.
    const notAfter = new Date(secondsAfter(notBefore, until).getTime() + 7)
    return whom.map((one) => ({ ...messageTo(state, addressOf(one), letter), notBefore, notAfter }))
  }
  commits(world, withMethod, told, loses)
}

const remind = (world: LetterWorld, inSeconds: number): void => {
  const mailbox = { channel: "email", address: `${withoutMethod}@customer.example` } as const
  commits(world, withoutMethod, (state) => {
    const letter = { _tag: "unfinished", accountId: state.accountId, at: utc(state.changedAt) } as const
    const notBefore = secondsAfter(state.now, inSeconds)
    return [{ ...messageTo(state, mailbox, letter), notBefore, notAfter: secondsAfter(notBefore, 24 * 3600) }]
  })
}

/** The owner has a method again: nobody has to be reminded. */
const moveOn = (world: LetterWorld): void => {
  world.runs(setUp({ accountId: withoutMethod, method: "EMAIL", password }))
  const challenge = world.memory.accounts.get(withoutMethod)?.challenges.at(-1)
  if (challenge === undefined) return
  world.runs(verify({ challengeId: challenge.id, code: Redacted.make(codeOf(withoutMethod, challenge)) }))
}

const perform = (world: LetterWorld, command: LetterCommand): void => {
  const { turns, servers, couriers } = world
  switch (command.do) {
    case "tell":
      tell(world, command)
      world.wake()
      return
    case "ask for a code":
      world.runs(signIn({ accountId: withMethod, password }))
      world.wake()
      return
    case "remind":
      remind(world, command.inSeconds)
      return
    case "move on":
      moveOn(world)
      return
    case "weather":
      servers.weather[command.channel] = command.is
      return
    case "a courier dies": {
      const courier = couriers[command.which]
      if (courier !== undefined) courier.diesIn = command.inTurns
      return
    }
    case "a courier stops":
      world.stop(command.which)
      return
    case "a courier starts":
      world.start(command.which)
      return
    default:
      turns.pass(command.seconds * 1000, stride(command.seconds) * 1000)
  }
}

const waitsStill = ({ memory, turns }: LetterWorld): boolean =>
  memory.outbox.some(({ state, notBefore }) => (state === "queued" || state === "deferred") && notBefore <= turns.now)

/** All is well for an hour at most: what is due finds its way. */
const heal = (world: LetterWorld): void => {
  world.servers.weather.email = "fine"
  world.servers.weather.sms = "fine"
  for (const which of [0, 1]) {
    const courier = world.couriers[which]
    if (courier !== undefined) courier.diesIn = undefined
    world.start(which)
  }
  world.turns.pass(1000, 1000)
  for (let strides = 0; strides < 60 && waitsStill(world); strides++) world.turns.pass(61_000, 61_000)
}

/** Runs a case of letters: the same one leaves the same history. */
export const runLetters = (tried: LetterCase, broken?: Broken): LetterHistory => {
  const world = new LetterWorld(tried, broken)
  for (const accountId of people) {
    const twoFactor = accountId === withMethod ? ("EMAIL" as const) : undefined
    world.runs(importAccount({ accountId, email: `${accountId}@customer.example`, password, twoFactor }))
  }
  world.start(0)
  world.start(1)
  for (const command of tried.commands) perform(world, command)
  heal(world)
  return { memory: world.memory, attempts: world.servers.attempts, endedAt: world.turns.now }
}
