import { assert, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { requestReset } from "../../src/account/reset.ts"
import { readTwoFactor } from "../../src/account/status.ts"
import { verifyTrails } from "../../src/account/verifyTrails.ts"
import { voidRestored } from "../../src/account/voidRestored.ts"
import { AuditTrail } from "../../src/services/AuditTrail.ts"
import { anAccount, asPortal, rekey } from "../kit/core.ts"
import { holdings, looksOf, useUp } from "../kit/everyKind.ts"
import { eventually } from "../kit/process.ts"
import { changed, eventsOf, freshGrant, lettersOf, linkOf, protectedBy, signInChallenge } from "../kit/stories.ts"

/** Every row of the database, as text: equal texts mean that nothing changed. */
const everything = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema() order by 1`
  const rows = yield* Effect.forEach(
    tables,
    ({ name }) => sql<{ rows: string }>`
      select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]')::text as rows from ${sql(name)} t`
  )
  const [era] = yield* sql<{ era: string }>`
    select column_default as era from information_schema.columns
    where table_name = 'audit_events' and column_name = 'era'`
  return [era?.era, ...rows.map(([row]) => row?.rows)].join("\n")
})

const faults = verifyTrails(() => Effect.void).pipe(Effect.map((report) => report.faults))

const epochOf = (accountId: Parameters<typeof readTwoFactor>[0]) =>
  Effect.map(readTwoFactor(accountId).pipe(asPortal()), ({ epoch }) => epoch)

layer(rekey(), { excludeTestServices: true })("a back-up that was restored", (it) => {
  it.effect("I5: every code, grant, session and link that it brings back is refused; protection stays as it is", () =>
    Effect.gen(function* () {
      const held = yield* holdings
      const good = { session: "good", link: "good", notice: "good", invitation: "good" }
      assert.deepStrictEqual(yield* looksOf(held), good)
      const before = yield* readTwoFactor(held.accountId).pipe(asPortal())

      const done = yield* voidRestored()
      assert.deepInclude(done, { sessions: 1, portalLinks: 2, slackInvitations: 1, resets: 0 })
      assert.isAtLeast(done.grants, 1)
      assert.isAtLeast(done.noticeLinks, 1)

      assert.deepStrictEqual(yield* useUp(held), {
        session: "refused",
        link: "refused",
        notice: "refused",
        invitation: "refused",
        openedLink: "refused",
        signIn: "challenge_closed",
        setup: "challenge_closed",
        grant: "grant_invalid"
      })
      const after = yield* readTwoFactor(held.accountId).pipe(asPortal())
      assert.deepStrictEqual(after, { ...before, epoch: before.epoch + 1 })
      // and whoever begins anew is served
      yield* changed(held.accountId, "SMS")
    })
  )

  it.effect("S-79: each account has a row that says so, in its new epoch, and every chain is whole", () =>
    Effect.gen(function* () {
      const accountId = yield* protectedBy("SMS")
      yield* signInChallenge(accountId)
      const epoch = yield* epochOf(accountId)
      const quiet = yield* anAccount()
      yield* voidRestored()
      const events = yield* eventsOf(accountId)
      assert.deepStrictEqual(
        events.slice(-2).map(({ type, reason }) => [type, reason]),
        [
          ["challenge.closed", "voided"],
          ["challenge.closed", "restored"]
        ]
      )
      assert.deepStrictEqual((yield* eventsOf(quiet)).at(-1)?.reason, "restored")
      assert.strictEqual(yield* epochOf(accountId), epoch + 1)
      assert.strictEqual(yield* faults, 0)
    })
  )

  it.effect("I10: codes and letters whose time is over are not sent; notices that still wait are", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* protectedBy("SMS")
      yield* sql`update outbox set state = 'handed_over'`
      yield* changed(accountId, "EMAIL")
      yield* signInChallenge(accountId)
      const letters = yield* lettersOf(accountId)
      const codes = letters.filter(({ tag }) => tag === "code").length
      yield* sql`update outbox set not_after = now() - interval '1 minute'
        where account_id = ${accountId} and letter ->> '_tag' = 'replaced'`
      // one is on its way: whoever had it in hand is gone
      yield* sql`update outbox set lease = gen_random_uuid(), leased_until = now() where account_id = ${accountId}
        and state = 'queued'`
      const done = yield* voidRestored()
      assert.strictEqual(done.letters, codes + 1)
      const states = yield* sql<{ tag: string; state: string }>`
        select distinct letter ->> '_tag' as tag, state from outbox
        where account_id = ${accountId} and state <> 'handed_over' order by 1`
      assert.deepStrictEqual(states, [
        { tag: "changed", state: "queued" },
        { tag: "code", state: "obsolete" },
        { tag: "replaced", state: "obsolete" }
      ])
    })
  )

  it.effect(
    "P7, S-59: a reset that waits is stopped, since it may have been stopped before; every address is told",
    () =>
      Effect.gen(function* () {
        const accountId = yield* protectedBy("SMS")
        yield* requestReset({ accountId, reason: "lost", requestedBy: "tickets" }).pipe(asPortal())
        yield* linkOf(accountId)
        const told = (yield* lettersOf(accountId)).length
        const done = yield* voidRestored()
        assert.strictEqual(done.resets, 1)
        const { reset, status } = yield* readTwoFactor(accountId).pipe(asPortal())
        assert.deepStrictEqual([reset, status], [null, "enabled"])
        const letters = (yield* lettersOf(accountId)).slice(told)
        assert.deepStrictEqual(letters.map(({ tag, channel }) => `${tag} ${channel}`).toSorted(), [
          "reset email",
          "reset sms"
        ])
        assert.includeMembers(
          (yield* eventsOf(accountId)).map(({ type }) => type),
          ["reset.cancelled"]
        )
      })
  )

  it.effect("a second run changes nothing at all", () =>
    Effect.gen(function* () {
      yield* holdings
      yield* voidRestored()
      const before = yield* everything
      const again = yield* voidRestored()
      assert.deepStrictEqual([...new Set(Object.values(again))], [0])
      assert.strictEqual(yield* everything, before)
    })
  )

  it.effect("one that was used since is closed again, and the others are left alone", () =>
    Effect.gen(function* () {
      const [used, left] = [yield* protectedBy("SMS"), yield* protectedBy("SMS")]
      yield* voidRestored()
      const epochs = [yield* epochOf(used), yield* epochOf(left)]
      yield* freshGrant(used)
      const done = yield* voidRestored()
      assert.strictEqual(done.accounts, 1)
      assert.deepStrictEqual([yield* epochOf(used), yield* epochOf(left)], [(epochs[0] ?? 0) + 1, epochs[1] ?? 0])
    })
  )

  it.effect("a run that is stopped half-way goes on, and raises no epoch twice", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* voidRestored()
      const accountIds = yield* Effect.forEach(Array.from({ length: 60 }), () => anAccount())
      const marks = Effect.map(
        sql<{ marks: number }>`select count(*)::int as marks from audit_events
          where reason = 'restored' and account_id in ${sql.in(accountIds)}`,
        ([row]) => row?.marks ?? 0
      )
      const first = yield* Effect.forkChild(voidRestored())
      yield* eventually(
        Effect.map(marks, (count) => (count > 0 ? true : undefined)),
        "the first accounts"
      )
      yield* Fiber.interrupt(first)
      yield* voidRestored()
      assert.strictEqual(yield* marks, accountIds.length)
      const rows = yield* sql<{ epoch: number }>`
        select distinct epoch::int as epoch from accounts where account_id in ${sql.in(accountIds)}`
      assert.deepStrictEqual(rows, [{ epoch: 2 }])
      assert.strictEqual(yield* faults, 0)
    })
  )

  it.effect("a follower of the feed that is ahead of the back-up misses nothing of what comes", () =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* anAccount()
      // what the lost database had: later transactions, later rows
      const [lost] = yield* sql<{ cursor: string }>`
        select max(era) || '-' || (max(transaction::text::bigint) + 1000000) || '-' || (max(position) + 1000000) as cursor
        from audit_events`
      yield* voidRestored()
      const seen = yield* eventually(
        Effect.map(audit.feed({ after: lost?.cursor, limit: 200 }), ({ events }) =>
          events.find((event) => event.accountId === accountId)
        ),
        "the row of the account"
      )
      assert.strictEqual(seen.reason, "restored")
    })
  )
})
