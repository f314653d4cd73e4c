import { Context, Effect, Fiber, Layer, Redacted, Semaphore } from "effect"
import { Entity, EntityAddress, EntityId, EntityType, ShardId, Sharding } from "effect/cluster"
import * as Account from "../../../src/account/Account.ts"
import { AccountPolicy } from "../../../src/account/AccountPolicy.ts"
import { HandedOver } from "../../../src/account/HandedOver.ts"
import type { Charge } from "../../../src/domain/budgets.ts"
import { BearerTokens } from "../../../src/services/BearerTokens.ts"
import { PasswordVerifier } from "../../../src/services/PasswordVerifier.ts"
import { RateLimits } from "../../../src/services/RateLimits.ts"
import { TwoFactorStore } from "../../../src/services/TwoFactorStore.ts"
import type { Memory } from "../memory/Memory.ts"
import { memoryStore } from "../memory/memoryStore.ts"
import { type Derivations, derivations } from "../surroundings.ts"
import { Acting, type Process, type Turns } from "../Turns.ts"

/** The knobs as they come. */
export const policy = AccountPolicy.of({
  stepUp: "required",
  codeLength: 6,
  codeTtlSeconds: 600,
  codeAttempts: 5,
  resendWaitSeconds: 30,
  challengeSeconds: 1800,
  grantSeconds: 600,
  resetWaitSeconds: 24 * 3600,
  offered: ["SMS", "EMAIL"],
  demo: false
})

/** Tokens that are good in any epoch up to the one that is asked for: a break. */
const anyEpoch = (tokens: BearerTokens["Service"]): BearerTokens["Service"] => ({
  ...tokens,
  idIn: (token, expected) =>
    Effect.gen(function* () {
      for (let epoch = expected.epoch; epoch > 0; epoch--) {
        const id = yield* tokens.idIn(token, { ...expected, epoch })
        if (id !== undefined) return id
      }
      return undefined
    })
})

const nothing = () => Effect.die("budgets are held by the memory")
const rateLimits = (memory: Memory, turns: Turns): RateLimits["Service"] => {
  const subjectOf = ({ limit, about }: Charge) => `${limit.budget} ${about}`
  return RateLimits.of({
    subjectsOf: (charge) => [subjectOf(charge)],
    hitsOf: nothing as never,
    charge: nothing as never,
    clear: nothing as never,
    count: (charges) =>
      Effect.map(turns.turn, () => {
        for (const charge of charges) {
          const hits = memory.hits.get(subjectOf(charge)) ?? []
          if (hits.length < charge.limit.most) memory.hits.set(subjectOf(charge), [...hits, turns.now])
        }
      }),
    purge: Effect.succeed(0)
  })
}

/** A password is its own hash here; judging one takes a turn, in which others go on. */
const passwords = (turns: Turns): PasswordVerifier["Service"] =>
  PasswordVerifier.of({
    hash: (password) => Effect.map(turns.turn, () => Redacted.value(password)),
    verify: (stored, password) =>
      Effect.map(turns.turn, () => ({ right: stored === Redacted.value(password), stale: false })),
    verifyNobody: () => turns.turn,
    waiting: Effect.succeed(0)
  })

type Handler = (request: { readonly payload: unknown }) => Effect.Effect<unknown>
type Handlers = Readonly<Record<string, Handler>>

/** What the programs of a node need. */
export type Provided =
  | Derivations
  | TwoFactorStore
  | HandedOver
  | AccountPolicy
  | RateLimits
  | PasswordVerifier
  | Sharding.Sharding

/** One node: the real programs and the real actors, over the memory that all nodes share. */
export interface Node extends Process {
  readonly context: Context.Context<Provided>
  /** Has the actor of an account on this node take a command: one at a time. */
  take(accountId: string, tag: string, payload: unknown): Effect.Effect<unknown>
}

/** Which node has the actor, for the operation that asks. */
export const ActorOn = Context.Reference<() => Node | undefined>("simulation/ActorOn", {
  defaultValue: () => () => undefined
})

/** A message to an actor; the actor goes on, whoever hangs up. */
const sent = (accountId: string, tag: string, payload: unknown) =>
  Effect.gen(function* () {
    const node = (yield* ActorOn)()
    if (node === undefined) return yield* Effect.never
    const { chance, operation, atTurn } = yield* Acting
    const acting = { process: node, chance, operation, atTurn }
    const work = Effect.provideService(node.take(accountId, tag, payload), Acting, acting)
    return yield* Fiber.join(yield* Effect.forkDetach(work, { startImmediately: true }))
  })

const clientOf = (accountId: string) =>
  new Proxy(
    {},
    {
      get: (_, tag) => (payload: unknown) => sent(accountId, String(tag), payload)
    }
  )

/** Starts a node; it knows nothing of what another one, or an earlier one of its name, has in memory. */
export const startNode = (name: string, memory: Memory, turns: Turns): Node => {
  let build: Effect.Effect<Handlers> = Effect.die("the actors are not registered")
  const sharding = Sharding.Sharding.of({
    makeClient: () => Effect.succeed(clientOf),
    registerEntity: (_: unknown, handlers: Effect.Effect<Handlers>) =>
      Effect.contextWith((context: Context.Context<never>) =>
        Effect.sync(() => {
          build = Effect.provideContext(handlers, context)
        })
      )
  } as never)
  const tokens = Context.get(derivations, BearerTokens)
  const given = derivations.pipe(
    Context.add(BearerTokens, memory.broken === "epoch check removed" ? anyEpoch(tokens) : tokens),
    Context.add(TwoFactorStore, memoryStore(memory, turns)),
    Context.add(AccountPolicy, policy),
    Context.add(RateLimits, rateLimits(memory, turns)),
    Context.add(PasswordVerifier, passwords(turns)),
    Context.add(Sharding.Sharding, sharding)
  )
  const context = Effect.runSync(
    Effect.scoped(
      Layer.build(
        Account.layer.pipe(Layer.provideMerge(HandedOver.layer), Layer.provideMerge(Layer.succeedContext(given)))
      )
    )
  ) as Context.Context<Provided>

  const actors = new Map<string, { readonly handlers: Handlers; readonly turn: Semaphore.Semaphore }>()
  const actorOf = (accountId: string) =>
    Effect.suspend(() => {
      const there = actors.get(accountId)
      if (there !== undefined) return Effect.succeed(there)
      const address = EntityAddress.make({
        entityType: EntityType.make("Account"),
        entityId: EntityId.make(accountId),
        shardId: ShardId.make("default", 1)
      })
      return Effect.map(Effect.provideService(build, Entity.CurrentAddress, address), (handlers) => {
        const actor = { handlers, turn: Semaphore.makeUnsafe(1) }
        actors.set(accountId, actor)
        return actor
      })
    })
  return {
    name,
    alive: true,
    context,
    take: (accountId, tag, payload) =>
      Effect.flatMap(actorOf(accountId), ({ handlers, turn }) => {
        const handler = handlers[tag]
        return handler === undefined
          ? Effect.die(`no command ${tag}`)
          : turn.withPermit(Effect.provideContext(handler({ payload }), context))
      })
  }
}
