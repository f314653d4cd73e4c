import { Effect } from "effect"
import { type Chance, chanceOf, derived } from "../simulation/chance.ts"
import type { Evidence } from "./evidence.ts"
import { type Call, type Door, type History, memberOf, toldOf } from "./history.ts"
import { type Person, password, type Read } from "./journeys.ts"

const isStored = (call: Call) => {
  const answer = toldOf(call)
  return (
    call.method === "POST" &&
    (answer?.told === "ok" || answer?.status === 422 || memberOf(answer, "code") === "password_incorrect")
  )
}

const pickOf = <A>(from: ReadonlyArray<A>, chance: Chance) => from[chance.below(from.length)]

/** Asks in the end what should be over or the same: old codes, old grants, the same keys again, every node's view. */
export const probe = Effect.fn("probe")(function* (
  history: History,
  doors: ReadonlyArray<Door>,
  { accounts, challenges }: Evidence,
  people: ReadonlyArray<Person>,
  read: ReadonlyArray<Read>,
  seed: number
) {
  const calls = [...history.calls]
  yield* Effect.forEach(
    people,
    Effect.fnUntraced(function* ({ account }, place) {
      const chance = chanceOf(derived(seed, 90_000 + place))
      const mine = calls.filter((call) => call.account === account)
      for (const call of mine.filter(isStored))
        yield* history.ask(chance, { ...call, probe: "A repeat" }, { key: call.key })

      const closed = read.filter(
        (one) => one.account === account && challenges.find(({ id }) => id === one.challenge)?.status !== "open"
      )
      const old = pickOf(closed, chance)
      if (old !== undefined)
        yield* history.ask(chance, {
          what: "verify",
          account,
          method: "POST",
          path: `/v1/challenges/${old.challenge}/verify`,
          body: { code: old.code },
          challenge: old.challenge,
          probe: "An old code"
        })

      const epoch = accounts.find((row) => row.account === account)?.epoch ?? 0
      const used = new Set(
        mine.map((call) =>
          toldOf(call)?.told === "ok" ? (call.body as { grant?: string } | undefined)?.grant : undefined
        )
      )
      const over = mine
        .map(toldOf)
        .flatMap((answer) => {
          const grant = memberOf(answer, "grant")
          return typeof grant === "string" ? [{ grant, of: Number(memberOf(answer, "twoFactor", "epoch")) }] : []
        })
        .filter(({ grant, of }) => used.has(grant) || of < epoch)
      const grant = pickOf(over, chance)?.grant
      if (grant !== undefined)
        yield* history.ask(chance, {
          what: "disable",
          account,
          method: "POST",
          path: `/v1/accounts/${account}/two-factor/disable`,
          body: { password, grant },
          probe: "An old grant"
        })
      const look = { what: "look", account, method: "GET", path: `/v1/accounts/${account}/two-factor` } as const
      for (const door of doors) yield* history.ask(chance, { ...look, probe: "state" }, { door })
    }),
    { concurrency: 6, discard: true }
  )
})
