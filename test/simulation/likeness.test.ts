import { assert, layer } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { SqlClient } from "effect/sql"
import type { ChallengeState } from "../../src/domain/AccountState.ts"
import type { AccountId } from "../../src/domain/ids.ts"
import type { NoticeState } from "../../src/domain/notices.ts"
import { TwoFactorStore } from "../../src/services/TwoFactorStore.ts"
import { asPortal, rekey } from "../kit/core.ts"
import type { Case, Command } from "./accounts/commands.ts"
import { type Knowledge, type Meaning, meaningOf, people, whose } from "./accounts/meaning.ts"
import { importOf, run } from "./accounts/run.ts"
import { caseOf } from "./accounts/stories.ts"
import { seedOf } from "./simulate.ts"

/** One after the other, with nothing that needs another time: what the real database can do in the same order. */
const oneByOne = (tried: Case): Case => ({
  beginnings: tried.beginnings.map((one) => ({ ...one, failures: 0, sends: 0 })) as unknown as Case["beginnings"],
  commands: tried.commands
    .filter(({ wish }) => wish.do !== "wait" && wish.do !== "wait for")
    .map(({ wish, account, edge, actor, key, source, salt }) => {
      return { wish, account, edge, actor, key, source, salt, beside: false, lost: false }
    })
})

/** What an account is in the end, but for ids and instants. */
interface Left {
  readonly epoch: number
  readonly version: number
  readonly events: ReadonlyArray<string>
  readonly letters: ReadonlyArray<string>
}

/** The people of the real database: challenges and notices in the order in which they came. */
class People implements Knowledge {
  readonly passwords = new Map<AccountId, string>()
  readonly grants: Array<{ readonly accountId: AccountId; readonly token: string }> = []
  readonly challenges = new Map<string, { readonly accountId: AccountId; readonly state: ChallengeState }>()
  readonly notices = new Map<string, { readonly accountId: AccountId; readonly state: NoticeState }>()
  #serial = 0
  serial() {
    return ++this.#serial
  }
  challengesOf(accountId: AccountId) {
    return [...this.challenges.values()].filter((one) => one.accountId === accountId).map(({ state }) => state)
  }
  noticesOf(accountId: AccountId) {
    return [...this.notices.values()].filter((one) => one.accountId === accountId).map(({ state }) => state)
  }

  /** What came by mail since. */
  look() {
    return Effect.gen({ self: this }, function* () {
      const sql = yield* SqlClient.SqlClient
      const store = yield* TwoFactorStore
      for (const accountId of people) {
        const rows = yield* sql<{ id: ChallengeState["id"] }>`
          select id from challenges where account_id = ${accountId} order by issued_at, id`
        for (const { id } of rows) {
          const { account } = yield* store.read({ challengeId: id })
          const state = account?.state.challenges.find((one) => one.id === id)
          if (state !== undefined) this.challenges.set(id, { accountId, state })
        }
        const links = yield* sql<{ id: NoticeState["id"] }>`
          select id from notice_links where account_id = ${accountId} order by made_at, id`
        for (const { id } of links) {
          const { notice } = yield* store.read({ noticeLinkId: id })
          if (notice !== null) this.notices.set(id, { accountId, state: notice })
        }
      }
    })
  }
}

const asked = Effect.fn(function* (
  knows: People,
  meaning: Meaning,
  accountId: AccountId,
  command: Partial<Command>,
  scope?: string
) {
  const source = command.source === true ? { source: "198.51.100.7" } : {}
  const idempotency = scope === undefined ? [] : [{ scope, body: scope }]
  const exit = yield* Effect.exit(meaning.call.pipe(asPortal({ ...source, idempotency })))
  yield* knows.look()
  if (Exit.isFailure(exit)) {
    const [reason] = exit.cause.reasons
    return reason?._tag === "Fail" ? (reason.error as { readonly code: string }).code : Cause.pretty(exit.cause)
  }
  if (meaning.newPassword !== undefined) knows.passwords.set(accountId, meaning.newPassword)
  const { grant } = (exit.value ?? {}) as { readonly grant?: string }
  if (grant !== undefined) knows.grants.push({ accountId, token: grant })
  return "ok"
})

/** The case on the real database: what each call answered. */
const runReally = Effect.fn(function* (tried: Case) {
  const knows = new People()
  const answers: Array<string> = []
  const keyed: Array<{ readonly meaning: Meaning; readonly accountId: AccountId; readonly scope: string }> = []
  for (const [account, accountId] of people.entries()) {
    const { password, meaning } = importOf(accountId, tried.beginnings[account] ?? tried.beginnings[0])
    knows.passwords.set(accountId, password)
    answers.push(yield* asked(knows, meaning, accountId, {}))
  }
  for (const command of tried.commands) {
    const { wish } = command
    const former = wish.do === "again" ? keyed.at(-1 - wish.call) : undefined
    const accountId = former?.accountId ?? whose(command.account)
    const meaning = former?.meaning ?? meaningOf(knows, wish, accountId)
    if (meaning === undefined) continue
    const takesKey = command.key && wish.do !== "import" && wish.do !== "cancel"
    const scope = former?.scope ?? (takesKey ? String(answers.length).padStart(64, "0") : undefined)
    answers.push(yield* asked(knows, meaning, accountId, command, scope))
    if (scope !== undefined) keyed.push({ meaning, accountId, scope })
  }
  return answers
})

const leftReally = Effect.fn(function* (accountId: AccountId) {
  const sql = yield* SqlClient.SqlClient
  const [account] = yield* sql<{ epoch: number; version: number }>`
    select epoch::int as epoch, version::int as version from accounts where account_id = ${accountId}`
  const events = yield* sql<{ type: string }>`
    select type from audit_events where account_id = ${accountId} order by sequence`
  const letters = yield* sql<{ tag: string; address: string }>`
    select letter ->> '_tag' as tag, address from outbox where account_id = ${accountId} order by position`
  return {
    epoch: account?.epoch ?? 0,
    version: account?.version ?? 0,
    events: events.map(({ type }) => type),
    letters: letters.map(({ tag, address }) => `${tag} to ${address}`)
  } satisfies Left
})

const leftInMemory = ({ memory }: ReturnType<typeof run>, accountId: AccountId): Left => {
  const columns = memory.accounts.get(accountId)?.columns
  return {
    epoch: columns?.epoch ?? 0,
    version: columns?.version ?? 0,
    events: (memory.audit.get(accountId) ?? []).map(({ type }) => type),
    letters: memory.outbox
      .filter(({ message }) => message.accountId === accountId)
      .map(({ message }) => `${message.letter._tag} to ${message.address}`)
  }
}

layer(rekey(), { timeout: "60 seconds" })("the memory of a simulation is like the database", (it) => {
  for (let place = 0; place < 12; place++) {
    it.effect(`history ${place + 1} has the same answers, events, letters and epochs on both`, () =>
      Effect.gen(function* () {
        const tried = oneByOne(caseOf(seedOf(21, place)))
        const sql = yield* SqlClient.SqlClient
        yield* sql`delete from accounts`
        yield* sql`truncate outbox, idempotency_keys, rate_limits`
        const trails = yield* Effect.forEach(people, (accountId) =>
          Effect.map(leftReally(accountId), ({ events }) => events.length)
        )
        const answers = yield* runReally(tried)
        const simulated = run(tried)
        assert.deepStrictEqual(
          answers,
          simulated.operations.map(({ outcome, code }) => code ?? outcome)
        )
        for (const [person, accountId] of people.entries()) {
          const left = yield* leftReally(accountId)
          const fresh = { ...left, events: left.events.slice(trails[person]) }
          assert.deepStrictEqual(fresh, leftInMemory(simulated, accountId))
        }
      })
    )
  }
})
