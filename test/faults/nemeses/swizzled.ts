import { Effect } from "effect"
import type { Chance } from "../../simulation/chance.ts"
import type { Nemesis } from "./Nemesis.ts"

const inAnyOrder = <A>(items: ReadonlyArray<A>, chance: Chance): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, place: chance.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)

/** Several at once: begun one after the other, healed in another order; a node may have to wait for its database. */
export const swizzledOf = (nemeses: ReadonlyArray<Nemesis>): Nemesis => ({
  name: "swizzled",
  against: (stage, chance) => {
    const some = inAnyOrder(nemeses, chance).slice(0, 3 + chance.below(2))
    const attacks = some.map((nemesis) => nemesis.against(stage, chance))
    const gap = Effect.suspend(() => Effect.sleep(chance.below(800)))
    return {
      start: Effect.forEach(attacks, ({ start }) => Effect.andThen(start, gap), { discard: true }),
      lastsMillis: Math.max(...attacks.map(({ lastsMillis }) => lastsMillis)),
      heal: Effect.suspend(() => {
        let after = 0
        const healed = inAnyOrder(attacks, chance).map(({ heal }) => Effect.delay(heal, (after += chance.below(800))))
        return Effect.all(healed, { concurrency: "unbounded", discard: true })
      })
    }
  }
})
