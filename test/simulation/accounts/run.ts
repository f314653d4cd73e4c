import { Redacted } from "effect"
import { importAccount } from "../../../src/account/importAccount.ts"
import { limits } from "../../../src/domain/budgets.ts"
import type { AccountId } from "../../../src/domain/ids.ts"
import type { Broken, Memory } from "../memory/Memory.ts"
import type { Beginning, Case, Command } from "./commands.ts"
import { type Meaning, meaningOf, people, whose } from "./meaning.ts"
import { type Operation, World } from "./World.ts"

/** What a run leaves: what the clients saw, and the database. */
export interface History {
  readonly tried: Case
  readonly operations: ReadonlyArray<Operation>
  readonly memory: Memory
}

const hour = 3_600_000
/** A key is remembered for 24 hours; whoever asks later asks anew. */
const remembered = 23 * hour

const alone = { account: 0, edge: 0, actor: 0, beside: false, key: false, source: false, lost: false, salt: 1 } as const

/** How an account is imported at the beginning, and what its owner knows then. */
export const importOf = (accountId: AccountId, { method }: Pick<Beginning, "method">) => {
  const password = `password of ${accountId}`
  const call = importAccount({
    accountId,
    email: `${accountId}@customer.example`,
    phone: `+6012555010${people.indexOf(accountId)}`,
    password: Redacted.make(password),
    twoFactor: method
  })
  return { password, meaning: { call, says: `${accountId}: import with ${method ?? "no method"}` } satisfies Meaning }
}

/** What went wrong before the history begins. */
const withThePast = ({ memory, turns }: World, accountId: AccountId, { failures, sends }: Beginning): void => {
  const row = memory.accounts.get(accountId)
  if (row === undefined) return
  const hits = Array.from({ length: sends }, () => turns.now)
  for (const channel of sends === 0 ? [] : ["email", "sms"]) {
    memory.hits.set(`${limits.unansweredToAccount.budget} ${channel} ${accountId}`, hits)
  }
  memory.accounts.set(accountId, {
    ...row,
    enrolments: row.enrolments.map((one) => ({ ...one, failures })),
    columns: { ...row.columns, enrolmentFailures: failures }
  })
}

const registerAll = (world: World, { beginnings }: Case): void => {
  for (const [account, accountId] of people.entries()) {
    const beginning = beginnings[account] ?? beginnings[0]
    const { password, meaning } = importOf(accountId, beginning)
    world.passwords.set(accountId, password)
    world.begin({ ...alone, account }, "import", meaning, undefined)
    world.finish()
    withThePast(world, accountId, beginning)
  }
}

/** The newest end of that kind that is still to come, in milliseconds. */
const endOf = (
  { memory, turns }: World,
  accountId: AccountId,
  end: "code" | "grant" | "notice"
): number | undefined => {
  const row = memory.accounts.get(accountId)
  const notice = () => [...memory.notices.values()].findLast((one) => one.accountId === accountId)?.notice
  const newest = { code: () => row?.challenges.at(-1), grant: () => row?.grants.at(-1), notice }[end]()
  const at = newest?.expiresAt.getTime()
  return at === undefined || at <= turns.now ? undefined : at
}

const perform = (world: World, command: Command): void => {
  const { wish } = command
  const { turns } = world
  const accountId = whose(command.account)
  if (!command.beside) world.finish()
  switch (wish.do) {
    case "wait":
      if (command.beside) world.passBeside(wish.seconds, command.salt)
      else turns.leap(wish.seconds * 1000)
      return
    case "wait for": {
      const end = endOf(world, accountId, wish.end)
      if (end !== undefined) turns.leap(Math.max(0, end - turns.now - 2000))
      return
    }
    case "again": {
      const former = world.operations.filter(({ scope }) => scope !== undefined).at(-1 - wish.call)
      const meaning = former === undefined ? undefined : world.meanings[former.index]
      if (former === undefined || meaning === undefined) return
      const account = people.indexOf(former.accountId)
      world.begin({ ...command, account }, former.wish, { ...meaning, says: `again: ${meaning.says}` }, former.scope)
      return
    }
    default: {
      const meaning = meaningOf(world, wish, accountId)
      if (meaning === undefined) return
      // A PUT and a DELETE take no Idempotency-Key.
      const keyed = command.key && wish.do !== "import" && wish.do !== "cancel"
      world.begin(command, wish.do, meaning, keyed ? `key of ${world.operations.length}` : undefined)
    }
  }
}

/** Whoever got no answer asks again with the same key, on one node and then on the other. */
const resolveAll = (world: World): void => {
  const unknown = world.operations.filter(({ outcome, scope }) => outcome === "unknown" && scope !== undefined)
  for (const scope of new Set(unknown.map((one) => one.scope))) {
    const former = unknown.find((one) => one.scope === scope)
    const meaning = former === undefined ? undefined : world.meanings[former.index]
    if (former === undefined || meaning === undefined || world.turns.now - former.begunAt > remembered) continue
    for (const node of [0, 1]) {
      const asked = { ...alone, account: people.indexOf(former.accountId), edge: node, actor: node }
      world.begin(asked, former.wish, { ...meaning, says: `at the end: ${meaning.says}` }, scope)
      world.finish()
    }
  }
}

/** Runs a case: the same one leaves the same history. */
export const run = (tried: Case, broken?: Broken): History => {
  const world = new World(broken)
  registerAll(world, tried)
  for (const command of tried.commands) perform(world, command)
  world.finish()
  resolveAll(world)
  return { tried, operations: world.operations, memory: world.memory }
}
