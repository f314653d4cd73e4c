import { Context, Effect } from "effect"
import { Caller } from "../../../src/account/Caller.ts"
import { ActorOn, type Node, type Provided, startNode } from "../accounts/nodes.ts"
import { chanceOf, derived } from "../chance.ts"
import { type Broken, Memory } from "../memory/Memory.ts"
import { quiet } from "../surroundings.ts"
import { Acting, Turns } from "../Turns.ts"
import { type RunningCourier, startCourier } from "./couriers.ts"
import type { LetterCase } from "./letterCommands.ts"
import { Servers } from "./Servers.ts"

const caller = Caller.of({
  actor: "customer",
  reference: "E-000000",
  client: undefined,
  source: undefined,
  idempotency: [],
  replayed: Effect.void
})

/** A node whose steps queue letters, two couriers that carry them, and the servers that they go to. */
export class LetterWorld {
  readonly turns = new Turns()
  readonly memory: Memory
  readonly servers = new Servers(this.turns)
  readonly couriers: [RunningCourier | undefined, RunningCourier | undefined] = [undefined, undefined]
  readonly #node: Node
  readonly #tried: Pick<LetterCase, "seed" | "wrongBy">
  #places = 0

  constructor(tried: LetterCase, broken?: Broken) {
    this.#tried = tried
    this.memory = new Memory(broken)
    this.#node = startNode("node", this.memory, this.turns)
  }

  #chance() {
    return chanceOf(derived(this.#tried.seed, 100 + this.#places++))
  }

  start(which: number): void {
    if (this.couriers[which] !== undefined) return
    const wrongBy = (this.#tried.wrongBy[which] ?? 0) * 1000
    const dies = (one: RunningCourier) => this.#dies(one)
    this.couriers[which] = startCourier(`courier ${which + 1}`, this, this.#chance(), wrongBy, dies)
  }

  #dies(courier: RunningCourier): void {
    this.turns.kill(courier)
    this.servers.gone(courier)
    const which = this.couriers.indexOf(courier)
    if (which >= 0) this.couriers[which] = undefined
  }

  /** A clean stop: what is on its way has ten seconds to arrive. */
  stop(which: number): void {
    this.couriers[which]?.fiber.interruptUnsafe()
    this.couriers[which] = undefined
  }

  /** Runs a program of an account to its end, whatever it answers; couriers go on beside it. */
  runs(program: Effect.Effect<unknown, unknown, Provided | Caller>): void {
    const chance = this.#chance()
    const acting = { process: this.#node, chance, operation: -1, atTurn: () => undefined }
    const context = Context.merge(quiet(this.turns, chance), this.#node.context).pipe(
      Context.add(Caller, caller),
      Context.add(ActorOn, () => this.#node),
      Context.add(Acting, acting)
    )
    const fiber = Effect.runForkWith(context)(program)
    while (fiber.pollUnsafe() === undefined && this.turns.step());
  }

  /** Something was committed: whoever carries letters here looks at once. */
  wake(): void {
    for (const courier of this.couriers) courier?.wake()
  }
}
