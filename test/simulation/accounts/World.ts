import { Cause, Context, Effect, Exit, type Fiber } from "effect"
import { Caller } from "../../../src/account/Caller.ts"
import type { ChallengeState } from "../../../src/domain/AccountState.ts"
import type { AccountId, ChallengeId } from "../../../src/domain/ids.ts"
import { chanceOf } from "../chance.ts"
import { type Broken, Memory } from "../memory/Memory.ts"
import { quiet } from "../surroundings.ts"
import { Acting, type Process, Turns } from "../Turns.ts"
import type { Command, Wish } from "./commands.ts"
import { type Knowledge, type Meaning, whose } from "./meaning.ts"
import { ActorOn, type Node, startNode } from "./nodes.ts"

/** One call as its client saw it. */
export interface Operation {
  readonly index: number
  readonly wish: Wish["do"]
  readonly accountId: AccountId
  readonly says: string
  readonly scope: string | undefined
  readonly challengeId: ChallengeId | undefined
  readonly rightCode: boolean | undefined
  readonly issue: number | undefined
  readonly grantId: string | undefined
  /** The database's time, in milliseconds. */
  readonly begunAt: number
  endedAt: number
  /** `unknown`: no answer, or one that says so. */
  outcome: "running" | "ok" | "refused" | "unknown"
  /** The code of the refusal. */
  code: string | undefined
  answer: unknown
  /** Noted by the program itself: the answer that the same key got before. */
  replayed: boolean
  /** Whether something was made to go wrong with it. */
  readonly disturbed: boolean
  /** A fault that nobody may see. */
  defect: string | undefined
}

interface Running {
  readonly operation: Operation
  readonly meaning: Meaning
  readonly edge: Node
  readonly fiber: Fiber.Fiber<unknown, unknown>
}

/** Nobody waits longer for an answer, in milliseconds. */
const patience = 120_000

/** Two nodes over one memory, and the people who ask them. */
export class World implements Knowledge {
  readonly turns = new Turns()
  readonly memory: Memory
  readonly operations: Array<Operation> = []
  readonly meanings: Array<Meaning> = []
  readonly passwords = new Map<AccountId, string>()
  readonly grants: Array<{ readonly accountId: AccountId; readonly token: string }> = []
  readonly #nodes: [Node, Node]
  readonly #running = new Set<Running>()
  #serial = 0

  constructor(broken?: Broken) {
    this.memory = new Memory(broken)
    this.#nodes = [this.#start(0), this.#start(1)]
  }

  #start(place: number): Node {
    return startNode(`node ${place + 1}`, this.memory, this.turns)
  }

  serial(): number {
    return ++this.#serial
  }

  challengesOf(accountId: AccountId): ReadonlyArray<ChallengeState> {
    return this.memory.accounts.get(accountId)?.challenges ?? []
  }

  noticesOf(accountId: AccountId) {
    return [...this.memory.notices.values()].filter((one) => one.accountId === accountId).map(({ notice }) => notice)
  }

  /** The node is gone; another one of its name knows nothing. Whoever waited for it has no answer. */
  #kill(process: Process): void {
    this.turns.kill(process)
    const place = this.#nodes.findIndex((node) => node === process)
    if (place >= 0) this.#nodes[place] = this.#start(place)
    for (const one of this.#running) if (one.edge === process) this.#end(one, "unknown")
  }

  #end(running: Running, outcome: Operation["outcome"]): void {
    if (!this.#running.delete(running)) return
    running.operation.outcome = outcome
    running.operation.endedAt = this.turns.now
  }

  #answered(running: Running, exit: Exit.Exit<unknown, unknown>, lost: boolean): void {
    const { operation, meaning } = running
    if (Exit.isSuccess(exit)) {
      operation.answer = exit.value
      this.#end(running, lost ? "unknown" : "ok")
      if (!lost) this.#learn(operation, meaning)
      return
    }
    const refusal = Cause.findErrorOption(exit.cause)
    if (refusal._tag === "None") {
      if (!Cause.hasInterruptsOnly(exit.cause)) operation.defect = String(Cause.squash(exit.cause))
      this.#end(running, "unknown")
      return
    }
    operation.answer = refusal.value
    operation.code = (refusal.value as { readonly code: string }).code
    this.#end(running, lost || operation.code === "unavailable" ? "unknown" : "refused")
  }

  #learn({ accountId, answer }: Operation, { newPassword }: Meaning): void {
    if (newPassword !== undefined) this.passwords.set(accountId, newPassword)
    const token = (answer as { readonly grant?: string } | undefined)?.grant
    if (typeof token === "string") this.grants.push({ accountId, token })
  }

  /** Has a client ask; the first thing that it waits for is its turn. */
  begin(command: Omit<Command, "wish">, wish: Wish["do"], meaning: Meaning, scope: string | undefined): void {
    const { turns } = this
    const index = this.operations.length
    const operation: Operation = {
      index,
      wish,
      accountId: whose(command.account),
      says: meaning.says,
      scope,
      challengeId: meaning.challengeId,
      rightCode: meaning.rightCode,
      issue: meaning.issue,
      grantId: meaning.grantId,
      begunAt: turns.now,
      endedAt: turns.now,
      outcome: "running",
      code: undefined,
      answer: undefined,
      replayed: false,
      disturbed: command.fault !== undefined,
      defect: undefined
    }
    this.operations.push(operation)
    this.meanings.push(meaning)
    const edge = this.#nodes[command.edge] ?? this.#nodes[0]
    const caller = Caller.of({
      actor: "customer",
      reference: `E-${index}`,
      client: undefined,
      source: command.source ? "198.51.100.7" : undefined,
      idempotency: scope === undefined ? [] : [{ scope, body: scope }],
      replayed: Effect.sync(() => {
        operation.replayed = true
      })
    })
    let turn = 0
    const chance = chanceOf(command.salt)
    const acting = {
      process: edge,
      chance,
      operation: index,
      atTurn: (process: Process) => {
        if (turn++ !== command.fault?.turn) return
        if (command.fault.what === "the client hangs up") running.fiber.interruptUnsafe()
        else this.#kill(process)
      }
    }
    const context = Context.merge(quiet(turns, chance), edge.context).pipe(
      Context.add(Caller, caller),
      Context.add(Acting, acting),
      Context.add(ActorOn, () => this.#nodes[command.actor])
    )
    const fiber = Effect.runForkWith(context)(Effect.andThen(turns.turn, meaning.call))
    const running: Running = { operation, meaning, edge, fiber }
    this.#running.add(running)
    fiber.addObserver((exit) => this.#answered(running, exit, command.lost))
  }

  /** Time passes at some moment while others are at work. */
  passBeside(seconds: number, salt: number): void {
    const { turns } = this
    const chance = chanceOf(salt)
    const acting = { process: { name: "time", alive: true }, chance, operation: -1, atTurn: () => undefined }
    const context = Context.add(quiet(turns, chance), Acting, acting)
    Effect.runForkWith(context)(Effect.map(turns.turn, () => turns.leap(seconds * 1000)))
  }

  /** All go on until each has its answer, or will never have one. */
  finish(): void {
    const until = this.turns.now + patience
    do this.turns.settle()
    while (this.#running.size > 0 && this.turns.toNextMoment(until))
    for (const one of this.#running) this.#end(one, "unknown")
  }
}
