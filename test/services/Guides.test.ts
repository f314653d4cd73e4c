import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { allSteps } from "../../src/domain/guide.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import type { SlackLink } from "../../src/domain/slack.ts"
import { type Guide, Guides } from "../../src/services/Guides.ts"
import { anAccount, rekey } from "../kit/core.ts"

let people = 0

/** Somebody in Slack who is linked with a new account. */
const somebody = (more: Partial<SlackLink> = {}) =>
  Effect.map(anAccount(), (accountId): SlackLink => ({
    enterprise: null,
    team: "T0HARBOR",
    user: `U0${people++}`,
    accountId,
    ...more
  }))

/** Keeps what was shown, in order. */
const showing = () => {
  const shown: Array<Guide> = []
  return { shown, show: (guide: Guide) => Effect.sync(() => void shown.push(guide)) }
}
const inShort = ({ user, reached, ended }: Guide) => `${user} ${reached}${ended ? " ended" : ""}`
const nothing = () => Effect.void

const begin = (link: SlackLink) => Guides.use((guides) => guides.begin(link, 0, nothing))
const reach = (accountId: AccountId, step: number) =>
  Effect.gen(function* () {
    const { shown, show } = showing()
    yield* Guides.use((guides) => guides.reach(accountId, step, show))
    return shown.map(inShort)
  })
const open = (accountId: AccountId) =>
  Effect.map(
    Guides.use((guides) => guides.ofAccount(accountId)),
    (all) => all.map(inShort)
  )

layer(rekey(), { excludeTestServices: true })("checklists", (it) => {
  it.effect("a new one begins at the first step, and ends an earlier one of the same person; both are shown", () =>
    Effect.gen(function* () {
      const link = yield* somebody()
      yield* begin(link)
      yield* reach(link.accountId, 3)
      const { shown, show } = showing()
      yield* Guides.use((guides) => guides.begin(link, 0, show))
      assert.deepStrictEqual(shown.map(inShort), [`${link.user} 3 ended`, `${link.user} 0`])
      assert.deepStrictEqual(yield* open(link.accountId), [`${link.user} 0`])
    })
  )

  it.effect("it only goes on: what was reached before shows nothing, and a later step ticks all earlier ones", () =>
    Effect.gen(function* () {
      const { accountId, user } = yield* somebody().pipe(Effect.tap(begin))
      assert.deepStrictEqual(yield* reach(accountId, 7), [`${user} 7`])
      assert.deepStrictEqual(yield* reach(accountId, 7), [])
      assert.deepStrictEqual(yield* reach(accountId, 4), [])
      assert.deepStrictEqual(yield* open(accountId), [`${user} 7`])
      assert.deepStrictEqual(yield* reach(accountId, allSteps), [`${user} ${allSteps} ended`])
      assert.deepStrictEqual(yield* open(accountId), [])
      assert.deepStrictEqual(yield* reach(accountId, allSteps), [])
    })
  )

  it.effect("steps that come at once are shown each in its turn, none after a later one", () =>
    Effect.gen(function* () {
      const { accountId } = yield* somebody().pipe(Effect.tap(begin))
      const { shown, show } = showing()
      yield* Effect.forEach(
        [8, 2, 5, 3, 9, 1, 7, 4, 6],
        (step) => Guides.use((guides) => guides.reach(accountId, step, show)),
        { concurrency: "unbounded" }
      )
      const reached = shown.map((one) => one.reached)
      assert.deepStrictEqual(
        reached,
        reached.toSorted((one, other) => one - other)
      )
      assert.strictEqual(reached.at(-1), 9)
    })
  )

  it.effect("all who are linked with the account go on together, nobody else does", () =>
    Effect.gen(function* () {
      const one = yield* somebody().pipe(Effect.tap(begin))
      const other = { ...one, user: `${one.user}B` }
      yield* begin(other)
      const stranger = yield* somebody().pipe(Effect.tap(begin))
      assert.sameMembers(yield* reach(one.accountId, 5), [`${one.user} 5`, `${other.user} 5`])
      assert.deepStrictEqual(yield* open(stranger.accountId), [`${stranger.user} 0`])
      const { shown, show } = showing()
      yield* Guides.use((guides) => guides.again(one.accountId, show))
      assert.sameMembers(shown.map(inShort), [`${one.user} 5`, `${other.user} 5`])
    })
  )

  it.effect("S-68: the same user id in another workspace or enterprise has a checklist of its own", () =>
    Effect.gen(function* () {
      const link = yield* somebody()
      const elsewhere = yield* somebody({ user: link.user, team: "T0OTHER" })
      const grid = yield* somebody({ user: link.user, enterprise: "E0HARBOR" })
      for (const one of [link, elsewhere, grid]) yield* begin(one)
      const ended = yield* Guides.use((guides) => guides.end(elsewhere))
      assert.deepStrictEqual(
        ended.map(({ accountId }) => accountId),
        [elsewhere.accountId]
      )
      assert.deepStrictEqual(yield* open(elsewhere.accountId), [])
      for (const { accountId, user } of [link, grid]) assert.deepStrictEqual(yield* open(accountId), [`${user} 0`])
      assert.deepStrictEqual(yield* Guides.use((guides) => guides.end(elsewhere)), [])
    })
  )

  it.effect("where it cannot be shown it has not moved", () =>
    Effect.gen(function* () {
      const { accountId, user } = yield* somebody().pipe(Effect.tap(begin))
      const failed = yield* Effect.exit(Guides.use((guides) => guides.reach(accountId, 5, () => Effect.fail("no"))))
      assert.strictEqual(failed._tag, "Failure")
      assert.deepStrictEqual(yield* open(accountId), [`${user} 0`])
      assert.deepStrictEqual(yield* reach(accountId, 5), [`${user} 5`])
    })
  )

  it.effect("with the account it goes; what nobody touched for a month is deleted", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const old = yield* somebody().pipe(Effect.tap(begin))
      const kept = yield* somebody().pipe(Effect.tap(begin))
      const gone = yield* somebody().pipe(Effect.tap(begin))
      yield* sql`update slack_guides set changed_at = changed_at - interval '31 days' where account_id = ${old.accountId}`
      yield* sql`update slack_guides set changed_at = changed_at - interval '29 days' where account_id = ${kept.accountId}`
      yield* sql`delete from accounts where account_id = ${gone.accountId}`
      yield* Guides.use(({ purge }) => purge)
      assert.deepStrictEqual(yield* open(old.accountId), [])
      assert.deepStrictEqual(yield* open(kept.accountId), [`${kept.user} 0`])
      assert.deepStrictEqual(yield* open(gone.accountId), [])
    })
  )
})
