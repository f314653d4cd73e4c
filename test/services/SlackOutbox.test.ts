import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Logger, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import { AccountId, CaseId, SlackInvitationId } from "../../src/domain/ids.ts"
import type { SlackMessage } from "../../src/domain/slackMessages.ts"
import { batch } from "../../src/services/batch.ts"
import { type SlackClaim, SlackOutbox, type SlackVerdict, type Wanted } from "../../src/services/SlackOutbox.ts"
import { TestDatabase } from "../kit/database.ts"

const alex = AccountId.make("alex")
const at = DateTime.makeUnsafe("2026-11-24T20:04:12Z")

/** A message with one fact in it that can be another. */
const linkedWith = (account: string): SlackMessage => ({ _tag: "linked", accountId: AccountId.make(account) })

const wanted = (subject: string, more: Partial<Wanted> = {}): Wanted => ({
  subject,
  recipient: "C0SUPPORT",
  message: linkedWith("alex"),
  ...more
})

const put = (...all: ReadonlyArray<Wanted>) =>
  Effect.forEach(all, (one) => SlackOutbox.use((outbox) => outbox.put(one)), { discard: true })
const claim = (most = 50) => SlackOutbox.use((outbox) => outbox.claim(most))

const settle = (claimed: SlackClaim | undefined, verdict: SlackVerdict) =>
  claimed === undefined
    ? Effect.die(new Error("nothing was claimed"))
    : SlackOutbox.use((outbox) => outbox.settle(claimed, verdict))

const written = (ts: string, channel = "C0SUPPORT") => ({ state: "written", place: { channel, ts } }) as const
const deferred = (waitSeconds: number, sure = true) =>
  ({ state: "deferred", detail: "ratelimited", waitSeconds, sure }) as const

/** The accounts that what was claimed speaks of. */
const told = (claims: ReadonlyArray<SlackClaim>) =>
  claims.map(({ message }) => ("accountId" in message ? String(message.accountId) : message._tag))

const rowOf = Effect.fnUntraced(function* (subject: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{
    readonly state: string
    readonly detail: string | null
    readonly version: number
    readonly written: number
    readonly attempts: number
    readonly leased: boolean
    readonly doubted: boolean
  }>`select state, detail, version, written, attempts, lease is not null as leased,
      in_doubt_since is not null as doubted from slack_messages where subject = ${subject}`
  return row
})

const run = (statement: string) => SqlClient.SqlClient.use((sql) => sql.unsafe(statement))
/** As if the second after the last message had passed, for all recipients. */
const lanesAreFree = run("delete from slack_lanes")
/** As if the process that holds them were gone for a minute. */
const leasesLapse = run(`update slack_messages set leased_until = statement_timestamp() - interval '1 second'
  where lease is not null`)
/** As if every wait were over. */
const waitsPass = Effect.andThen(
  lanesAreFree,
  run("update slack_messages set not_before = statement_timestamp() - interval '1 second'")
)
const empty = Effect.andThen(lanesAreFree, run("delete from slack_messages"))

/** The outbox of another process over the same database. */
const anotherNode = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ name: string }>`select current_database() as name`
  const url = new URL(inject("postgres").url)
  url.pathname = `/${row?.name ?? ""}`
  const client = PgClient.layer({ url: Redacted.make(url.href), maxConnections: 1 })
  return yield* Layer.build(Layer.fresh(SlackOutbox.layer.pipe(Layer.provide(client))))
})

layer(SlackOutbox.layer.pipe(Layer.provideMerge(TestDatabase), Layer.provideMerge(Logger.layer([]))), {
  timeout: "60 seconds"
})("SlackOutbox", (it) => {
  it.effect("a message is read back as it was wanted, with the facts that it says", () =>
    Effect.gen(function* () {
      yield* empty
      const message: SlackMessage = {
        _tag: "case_line",
        caseId: CaseId.make("C-7F3K"),
        about: "locked",
        at
      }
      yield* put(wanted("a", { recipient: "U0CASEY", message, locale: "ms", timeZone: "Asia/Kuala_Lumpur" }))
      const [got] = yield* claim()
      assert.deepInclude(got, {
        recipient: "U0CASEY",
        message,
        locale: "ms",
        timeZone: "Asia/Kuala_Lumpur",
        version: 1,
        attempts: 1,
        place: undefined,
        thread: undefined,
        inDoubtSince: undefined
      })
    })
  )

  it.effect("a subject has one row: equal facts change nothing, others are its next version", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      const [first] = yield* claim()
      assert.isTrue(yield* settle(first, written("1.1")))
      yield* put(wanted("a"), wanted("a"))
      const before = yield* rowOf("a")
      assert.deepInclude(before, { state: "written", version: 1, written: 1 })
      yield* lanesAreFree
      assert.deepStrictEqual(yield* claim(), [])

      yield* put(wanted("a", { message: linkedWith("sam") }))
      assert.deepInclude(yield* rowOf("a"), { state: "queued", version: 2, written: 1 })
      const [second] = yield* claim()
      assert.strictEqual(second?.id, first?.id)
      assert.deepStrictEqual(second?.place, { channel: "C0SUPPORT", ts: "1.1" })
      assert.deepStrictEqual(told([second].flatMap((one) => one ?? [])), ["sam"])
    })
  )

  it.effect("versions that nobody has written yet are passed over: the newest one wins", () =>
    Effect.gen(function* () {
      yield* empty
      for (const account of ["alex", "sam", "robin"]) yield* put(wanted("a", { message: linkedWith(account) }))
      const claims = yield* claim()
      assert.deepStrictEqual(told(claims), ["robin"])
      assert.isTrue(yield* settle(claims[0], written("1.1")))
      assert.deepInclude(yield* rowOf("a"), { state: "written", version: 3, written: 3 })
    })
  )

  it.effect("what changes while it is being written is written again, as an edit of what is there", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      const [first] = yield* claim()
      yield* put(wanted("a", { message: linkedWith("sam") }))
      yield* lanesAreFree
      assert.deepStrictEqual(yield* claim(), [], "it is on its way")
      assert.isTrue(yield* settle(first, written("1.1")))
      assert.deepInclude(yield* rowOf("a"), { state: "queued", version: 2, written: 1, leased: false })
      yield* lanesAreFree
      const [second] = yield* claim()
      assert.deepInclude(second, { version: 2, place: { channel: "C0SUPPORT", ts: "1.1" }, inDoubtSince: undefined })
      assert.isTrue(yield* settle(second, written("1.1")))
      assert.deepInclude(yield* rowOf("a"), { state: "written", version: 2, written: 2 })
    })
  )

  it.effect("one a recipient is claimed, in the order in which they were wanted, and at most so many", () =>
    Effect.gen(function* () {
      yield* empty
      const to = (recipient: string, account: string) =>
        wanted(`${recipient} ${account}`, { recipient, message: linkedWith(account) })
      yield* put(to("C0A", "a1"), to("C0A", "a2"), to("C0B", "b1"), to("U0C", "c1"))
      assert.lengthOf(yield* claim(2), 2)
      const claimed = yield* claim()
      assert.lengthOf(claimed, 1)
      yield* run("update slack_messages set lease = null, leased_until = null, in_doubt_since = null")
      yield* lanesAreFree
      const claims = yield* claim()
      assert.deepStrictEqual(told(claims).toSorted(), ["a1", "b1", "c1"])
      for (const one of claims) yield* settle(one, written("1.1"))
      yield* lanesAreFree
      assert.deepStrictEqual(told(yield* claim()), ["a2"])
    })
  )

  it.effect("a recipient gets one message a second, counted from the answer to the last one", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const freeIn = Effect.map(
        sql<{ seconds: number }>`select extract(epoch from free_at - statement_timestamp())::float8 as seconds
          from slack_lanes where recipient = 'C0SUPPORT'`,
        ([row]) => row?.seconds ?? 0
      )
      yield* put(wanted("a"), wanted("b"))
      const [first] = yield* claim()
      assert.approximately(yield* freeIn, 1, 0.2)
      yield* lanesAreFree
      assert.deepStrictEqual(yield* claim(), [], "the other one is on its way")
      yield* settle(first, written("1.1"))
      assert.approximately(yield* freeIn, 1, 0.2)
      assert.deepStrictEqual(yield* claim(), [], "the second is not over")
      yield* lanesAreFree
      assert.lengthOf(yield* claim(), 1)
    })
  )

  it.effect("claimers at the same time never get the same message, nor the same recipient", () =>
    Effect.gen(function* () {
      yield* empty
      const sql = yield* SqlClient.SqlClient
      const all = Array.from({ length: 24 }, (_, place) =>
        wanted(`${place}`, { recipient: `C0${place % 8}`, message: linkedWith(`a${place}`) })
      )
      yield* put(...all)
      yield* sql`insert into slack_lanes select distinct recipient, statement_timestamp() - interval '1 hour'
        from slack_messages`
      // Held up at the lanes, each has seen all that is due before another one has taken it.
      const gate = yield* Deferred.make<void>()
      const claimers = yield* Effect.forEach([1, 2, 3, 4], () =>
        Effect.flatMap(anotherNode, (node) =>
          Effect.forkChild(Effect.andThen(Deferred.await(gate), Effect.provide(claim(4), node)))
        )
      )
      const waiting = sql<{ count: number }>`
        select count(*)::int as count, pg_sleep(0.02) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* sql`select from slack_lanes for update`
          yield* Deferred.succeed(gate, undefined)
          for (let look = 0; look < 50; look += 1) if (((yield* waiting)[0]?.count ?? 0) >= 2) return
        })
      )
      const claims = (yield* Effect.forEach(claimers, (claimer) => Fiber.join(claimer))).flat()
      assert.isAtLeast(claims.length, 4)
      assert.strictEqual(new Set(claims.map(({ id }) => id)).size, claims.length)
      assert.strictEqual(new Set(claims.map(({ recipient }) => recipient)).size, claims.length)
      const [leased] = yield* sql<{ count: number }>`
        select count(*)::int as count from slack_messages where lease is not null`
      assert.strictEqual(leased?.count, claims.length, "what is leased is in somebody's hands")
      const more = yield* claim()
      assert.deepStrictEqual(
        [...claims, ...more].map(({ recipient }) => recipient).toSorted(),
        Array.from({ length: 8 }, (_, place) => `C0${place}`)
      )
    })
  )

  it.effect("a lapsed lease is claimed again and is in doubt; the verdict of who lost it counts no more", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      const [lost] = yield* claim()
      yield* lanesAreFree
      assert.deepStrictEqual(yield* claim(), [])
      yield* leasesLapse
      yield* lanesAreFree
      const [mine] = yield* claim()
      assert.deepStrictEqual([mine?.id, mine?.attempts], [lost?.id, 2])
      assert.isDefined(mine?.inDoubtSince, "the first try may have posted it")
      yield* leasesLapse
      yield* lanesAreFree
      const [third] = yield* claim()
      assert.deepStrictEqual(third?.inDoubtSince, mine?.inDoubtSince, "since the first try")
      assert.isFalse(yield* settle(lost, { state: "failed", detail: "too late" }))
      assert.isFalse(yield* settle(mine, written("9.9")))
      assert.isTrue(yield* settle(third, written("1.1")))
      assert.deepInclude(yield* rowOf("a"), { state: "written", doubted: false, attempts: 0 })
    })
  )

  it.effect("what is there already is never in doubt: writing it again is an edit", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      yield* settle((yield* claim())[0], written("1.1"))
      yield* put(wanted("a", { message: linkedWith("sam") }))
      yield* lanesAreFree
      yield* claim()
      yield* leasesLapse
      yield* lanesAreFree
      const [again] = yield* claim()
      assert.deepInclude(again, { place: { channel: "C0SUPPORT", ts: "1.1" }, inDoubtSince: undefined })
    })
  )

  it.effect("what a process that died was writing is claimed at once by the next one that is alone, in doubt", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      const [lost] = yield* claim()
      yield* SlackOutbox.use(({ reclaim }) => reclaim)
      yield* lanesAreFree
      const [mine] = yield* claim()
      assert.strictEqual(mine?.id, lost?.id)
      assert.isDefined(mine?.inDoubtSince)
      assert.isFalse(yield* settle(lost, written("9.9")))
    })
  )

  it.effect("a deferral that surely posted nothing leaves no doubt; one that is unsure does", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      yield* settle((yield* claim())[0], deferred(5, true))
      yield* waitsPass
      const [second] = yield* claim()
      assert.isUndefined(second?.inDoubtSince)
      yield* settle(second, deferred(5, false))
      yield* waitsPass
      const [third] = yield* claim()
      assert.isDefined(third?.inDoubtSince)
      assert.strictEqual(third?.attempts, 3)
    })
  )

  it.effect("a deferral holds up its recipient for as long as it says, and nobody else", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"), wanted("b"), wanted("c", { recipient: "U0CASEY" }))
      const [first] = (yield* claim()).filter(({ recipient }) => recipient === "C0SUPPORT")
      yield* settle(first, deferred(30))
      assert.deepInclude(yield* rowOf("a"), { state: "queued", detail: "ratelimited", leased: false })
      const sql = yield* SqlClient.SqlClient
      const [lane] = yield* sql<{ seconds: number }>`
        select extract(epoch from free_at - statement_timestamp())::float8 as seconds from slack_lanes
        where recipient = 'C0SUPPORT'`
      assert.approximately(lane?.seconds ?? 0, 30, 1)
      assert.deepStrictEqual(yield* claim(), [])
      yield* run("delete from slack_lanes where recipient = 'U0CASEY'")
      yield* put(wanted("d", { recipient: "U0SAM" }))
      assert.deepStrictEqual(
        (yield* claim()).map(({ recipient }) => recipient),
        ["U0SAM"]
      )
    })
  )

  it.effect("a deferred message is not overtaken by a later one to its recipient", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a", { message: linkedWith("first") }), wanted("b", { message: linkedWith("second") }))
      yield* settle((yield* claim())[0], deferred(30))
      // Both waits end in the same moment, that of the message and that of its recipient.
      yield* run("update slack_messages set not_before = not_before - interval '30 seconds'")
      yield* lanesAreFree
      assert.deepStrictEqual(told(yield* claim()), ["first"])
    })
  )

  it.effect("a failed message is tried no more and says why, until there is something new to say", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      assert.isTrue(yield* settle((yield* claim())[0], { state: "failed", detail: "is_archived" }))
      assert.deepInclude(yield* rowOf("a"), { state: "failed", detail: "is_archived", leased: false })
      yield* put(wanted("a"))
      yield* waitsPass
      assert.deepStrictEqual(yield* claim(), [])
      yield* put(wanted("a", { message: linkedWith("sam") }))
      assert.deepInclude((yield* claim())[0], { attempts: 1, version: 2 })
    })
  )

  it.effect("a new version does not end the wait of one that was deferred", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      yield* settle((yield* claim())[0], deferred(600))
      yield* put(wanted("a", { message: linkedWith("sam") }))
      yield* lanesAreFree
      assert.deepStrictEqual(yield* claim(), [])
      yield* waitsPass
      assert.deepStrictEqual(told(yield* claim()), ["sam"])
    })
  )

  it.effect("a line knows the message in whose thread it stands, and that this is not there yet", () =>
    Effect.gen(function* () {
      yield* empty
      const line: SlackMessage = { _tag: "case_line", caseId: CaseId.make("C-7F3K"), about: "locked", at }
      yield* put(wanted("line", { recipient: "C0OTHER", message: line, threadOf: "case" }))
      assert.deepStrictEqual(yield* claim(), [], "there is no place for it yet")
      yield* put(wanted("case"))
      const [root] = yield* claim()
      yield* settle(root, written("1.1"))
      yield* waitsPass
      const [late] = yield* claim()
      assert.deepStrictEqual(late?.thread, { channel: "C0SUPPORT", ts: "1.1" })
      assert.isUndefined(late?.inDoubtSince)
    })
  )

  it.effect("S-68: the number to pick goes before whatever else waits for its reader", () =>
    Effect.gen(function* () {
      yield* empty
      const invitationId = SlackInvitationId.make("c4e1b7d8-0a2f-4c3d-b5e6-7f8091a2b333")
      yield* put(wanted("a"), wanted("number", { message: { _tag: "number", invitationId } }))
      assert.deepStrictEqual(told(yield* claim()), ["number"])
    })
  )

  it.effect("a message whose time is over is not written, and a deferral beyond it gives it up", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a", { lifeSeconds: 60 }), wanted("b", { recipient: "U0CASEY", lifeSeconds: -1 }))
      const claims = yield* claim()
      assert.lengthOf(claims, 1)
      yield* run("update slack_messages set not_after = statement_timestamp() where subject = 'a'")
      yield* settle(claims[0], deferred(5))
      assert.deepInclude(yield* rowOf("a"), { state: "failed", detail: "ratelimited" })
      yield* waitsPass
      assert.deepStrictEqual(yield* claim(), [])
    })
  )

  it.effect("what is no longer needed is dropped, also while it is on its way; what was written stays", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"), wanted("b", { recipient: "U0CASEY" }), wanted("c", { recipient: "U0SAM" }))
      const drop = (subject: string) => SlackOutbox.use((outbox) => outbox.drop(subject))
      yield* drop("a")
      const claims = yield* claim()
      const mine = (recipient: string) => claims.find((one) => one.recipient === recipient)
      assert.isUndefined(mine("C0SUPPORT"))
      yield* drop("b")
      assert.isFalse(yield* settle(mine("U0CASEY"), written("1.1")))
      yield* settle(mine("U0SAM"), written("1.1"))
      yield* drop("c")
      assert.deepStrictEqual(
        [(yield* rowOf("a"))?.state, (yield* rowOf("b"))?.state, (yield* rowOf("c"))?.state],
        ["failed", "failed", "written"]
      )
    })
  )

  it.effect(
    "the newest message of a kind about an account is found for a week, and direct messages by their user",
    () =>
      Effect.gen(function* () {
        yield* empty
        const newest = SlackOutbox.use((outbox) => outbox.newest("linked", alex))
        const of = { accountId: alex, recipient: "U0CASEY" }
        yield* put(wanted("a", of), wanted("b", { ...of, message: linkedWith("sam") }), wanted("c"))
        const found = yield* newest
        assert.deepStrictEqual(found._tag === "Some" ? found.value : undefined, {
          subject: "b",
          message: linkedWith("sam")
        })
        const direct = SlackOutbox.use((outbox) => outbox.directMessagesOf("U0CASEY"))
        assert.strictEqual((yield* direct)._tag, "None")
        const [mine] = (yield* claim()).filter(({ recipient }) => recipient === "U0CASEY")
        yield* settle(mine, written("1.1", "D0CASEY"))
        assert.deepInclude(yield* direct, { _tag: "Some", value: "D0CASEY" })
        yield* run("update slack_messages set queued_at = statement_timestamp() - interval '8 days'")
        assert.strictEqual((yield* newest)._tag, "None")
      })
  )

  it.effect("a message of another version is left to it, and given up when its time is over", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("strange"), wanted("next", { message: linkedWith("sam") }))
      yield* run(`update slack_messages set message = '{"_tag": "of the future"}' where subject = 'strange'`)
      assert.deepStrictEqual(yield* claim(), [])
      assert.isTrue((yield* rowOf("strange"))?.leased)
      yield* leasesLapse
      yield* run("update slack_messages set not_after = statement_timestamp() where subject = 'strange'")
      yield* lanesAreFree
      assert.deepStrictEqual(told(yield* claim()), ["sam"])
    })
  )

  it.effect("a purge takes what is a month old, and nothing that still waits", () =>
    Effect.gen(function* () {
      yield* empty
      const all = ["old", "recent", "waits", "late"].map((subject) => wanted(subject, { recipient: `C0${subject}` }))
      yield* put(...all)
      yield* run(`update slack_messages set state = 'written' where subject in ('old', 'recent')`)
      yield* run(`update slack_messages set queued_at = statement_timestamp() - interval '31 days'
        where subject <> 'recent'`)
      yield* run(`update slack_messages set not_after = statement_timestamp() where subject = 'late'`)
      yield* run(`insert into slack_lanes values ('C0A', statement_timestamp() - interval '2 days'),
        ('C0B', statement_timestamp())`)
      assert.strictEqual(yield* SlackOutbox.use(({ purge }) => purge), 2)
      const sql = yield* SqlClient.SqlClient
      const left = yield* sql<{ subject: string }>`select subject from slack_messages order by subject`
      assert.deepStrictEqual(
        left.map(({ subject }) => subject),
        ["recent", "waits"]
      )
      const lanes = yield* sql<{ recipient: string }>`select recipient from slack_lanes`
      assert.deepStrictEqual(lanes, [{ recipient: "C0B" }])
    })
  )

  it.effect("a purge takes a batch at a time and says how many, so that it is repeated until one is not full", () =>
    Effect.gen(function* () {
      yield* empty
      yield* put(wanted("a"))
      const sql = yield* SqlClient.SqlClient
      yield* sql`insert into slack_messages (id, subject, recipient, message, not_after, state, queued_at)
        select gen_random_uuid(), 'n' || n, recipient, message, not_after, 'written',
          statement_timestamp() - interval '31 days' from slack_messages, generate_series(1, ${batch + 1}) n`
      const purge = SlackOutbox.use((outbox) => outbox.purge)
      assert.deepStrictEqual([yield* purge, yield* purge, yield* purge], [batch, 1, 0])
    })
  )

  it.effect("S-27: a row holds facts alone: no number, no token, no text", () =>
    Effect.gen(function* () {
      yield* empty
      const invitationId = SlackInvitationId.make("c4e1b7d8-0a2f-4c3d-b5e6-7f8091a2b333")
      yield* put(
        wanted("number", { message: { _tag: "number", invitationId } }),
        wanted("offer", { message: { _tag: "link_offer", invitationId, expiresAt: at } })
      )
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql<{ message: unknown }>`select message from slack_messages order by position`
      assert.deepStrictEqual(
        rows.map(({ message }) => message),
        [
          { _tag: "number", invitationId },
          { _tag: "link_offer", invitationId, expiresAt: "2026-11-24T20:04:12.000Z" }
        ]
      )
    })
  )
})
