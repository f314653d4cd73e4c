import { assert, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { caseActions, type CaseAction, type CaseStatus } from "../../src/domain/cases.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import { type CaseDraft, Cases } from "../../src/services/Cases.ts"
import { anAccount, rekey } from "../kit/core.ts"

const draft = (accountId: AccountId, more: Partial<CaseDraft> = {}): CaseDraft => ({
  accountId,
  kind: "stuck",
  step: null,
  verdict: null,
  protection: "on",
  ...more
})

const nothing = () => Effect.void
const opened = (asked: CaseDraft) => Cases.use((cases) => cases.open(asked, nothing))
const aCase = Effect.gen(function* () {
  return (yield* opened(draft(yield* anAccount()))).case
})
const act = (id: string, action: CaseAction, by?: string) =>
  Cases.use((cases) => cases.act({ id, action, by }, nothing))
const byId = (id: string) =>
  Effect.map(
    Cases.use((cases) => cases.byId(id)),
    Option.getOrThrow
  )

/** Brings a case into a state, as support does. */
const ways: Record<CaseStatus, ReadonlyArray<CaseAction>> = {
  opened: [],
  claimed: ["claim"],
  guided: ["guide"],
  closed: ["close"]
}

layer(rekey(), { excludeTestServices: true })("cases", (it) => {
  it.effect("an account has one open case a kind, however many ask at once", () =>
    Effect.gen(function* () {
      const accountId = yield* anAccount()
      const all = yield* Effect.all(
        Array.from({ length: 20 }, () => opened(draft(accountId))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        all.filter(({ isNew }) => isNew),
        1
      )
      assert.strictEqual(new Set(all.map((one) => one.case.id)).size, 1)
      const lost = yield* opened(draft(accountId, { kind: "lost" }))
      assert.isTrue(lost.isNew)
      assert.lengthOf(yield* Cases.use((cases) => cases.ofAccount(accountId)), 2)
    })
  )

  it.effect("asked again, an open case knows the newest step and verdict and stays with whoever has claimed it", () =>
    Effect.gen(function* () {
      const first = yield* aCase
      yield* act(first.id, "claim", "U0SUPPORT")
      const again = yield* opened(draft(first.accountId, { step: "verify", verdict: "deferred", protection: "off" }))
      assert.isFalse(again.isNew)
      const { changedAt, ...now } = again.case
      assert.deepStrictEqual<unknown>(now, {
        id: first.id,
        accountId: first.accountId,
        kind: "stuck",
        status: "claimed",
        step: "verify",
        verdict: "deferred",
        protection: "off",
        claimedBy: "U0SUPPORT",
        openedAt: first.openedAt
      })
      assert.isAbove(changedAt.epochMilliseconds, first.changedAt.epochMilliseconds - 1)
    })
  )

  it.effect("once it is closed, the next one is a new case", () =>
    Effect.gen(function* () {
      const first = yield* aCase
      yield* act(first.id, "close")
      const next = yield* opened(draft(first.accountId))
      assert.isTrue(next.isNew)
      assert.notStrictEqual(next.case.id, first.id)
      assert.strictEqual((yield* byId(first.id)).status, "closed")
    })
  )

  for (const status of ["opened", "claimed", "guided", "closed"] as const)
    for (const action of ["claim", "guide", "close"] as const)
      it.effect(`what is ${status} ${caseActions(status).includes(action) ? "takes" : "refuses"} ${action}`, () =>
        Effect.gen(function* () {
          const { id } = yield* aCase
          for (const step of ways[status]) yield* act(id, step, step === "claim" ? "U0FIRST" : undefined)
          const before = yield* byId(id)
          assert.strictEqual(before.status, status)
          const done = yield* act(id, action, action === "claim" ? "U0SECOND" : undefined)
          const after = yield* byId(id)
          if (caseActions(status).includes(action)) {
            assert.deepStrictEqual(done, { _tag: "done", case: after })
            assert.strictEqual(after.status, { claim: "claimed", guide: "guided", close: "closed" }[action])
            assert.strictEqual(after.claimedBy, action === "claim" ? "U0SECOND" : before.claimedBy)
          } else {
            assert.deepStrictEqual(done, { _tag: "moved", case: before })
            assert.deepStrictEqual(after, before)
          }
        })
      )

  it.effect("of two who claim at once one has it, and the other is told who", () =>
    Effect.gen(function* () {
      const { id } = yield* aCase
      const done = yield* Effect.forEach(["U0FIRST", "U0SECOND", "U0THIRD"], (by) => act(id, "claim", by), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(done.map(({ _tag }) => _tag).toSorted(), ["done", "moved", "moved"])
      const { claimedBy } = yield* byId(id)
      for (const one of done) assert.strictEqual("case" in one ? one.case.claimedBy : undefined, claimedBy)
    })
  )

  it.effect("a case that is not there is unknown to every action", () =>
    Effect.gen(function* () {
      for (const action of ["claim", "guide", "close"] as const)
        assert.deepStrictEqual(yield* act("C-2222", action, "U0SUPPORT"), { _tag: "unknown" })
      assert.isTrue(Option.isNone(yield* Cases.use((cases) => cases.byId("C-2222"))))
    })
  )

  it.effect("settling closes the kinds that it names, of this account only", () =>
    Effect.gen(function* () {
      const other = yield* aCase
      const { accountId, id } = yield* aCase
      const lost = yield* opened(draft(accountId, { kind: "lost" }))
      const reported = yield* opened(draft(accountId, { kind: "reported" }))
      const settled = yield* Cases.use((cases) => cases.settle(accountId, ["stuck", "lost"]))
      assert.sameMembers(
        settled.map((one) => `${one.id} ${one.status}`),
        [`${id} closed`, `${lost.case.id} closed`]
      )
      assert.strictEqual((yield* byId(reported.case.id)).status, "opened")
      assert.strictEqual((yield* byId(other.id)).status, "opened")
      assert.deepStrictEqual(yield* Cases.use((cases) => cases.settle(accountId, ["stuck", "lost"])), [])
    })
  )

  it.effect("what was closed a year ago is deleted; what is open or closed since stays, whatever its age", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [old, recent, open] = [yield* aCase, yield* aCase, yield* aCase]
      yield* act(old.id, "close")
      yield* act(recent.id, "close")
      yield* sql`update cases set changed_at = changed_at - interval '366 days' where id in ${sql.in([old.id, open.id])}`
      yield* sql`update cases set changed_at = changed_at - interval '364 days' where id = ${recent.id}`
      yield* Cases.use(({ purge }) => purge)
      assert.isTrue(Option.isNone(yield* Cases.use((cases) => cases.byId(old.id))))
      assert.strictEqual((yield* byId(recent.id)).status, "closed")
      assert.strictEqual((yield* byId(open.id)).status, "opened")
    })
  )
})
