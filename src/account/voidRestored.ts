import { Effect } from "effect"
import type { SqlError } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { AccountId } from "../domain/ids.ts"
import { AllAccounts } from "../services/AllAccounts.ts"
import { AuditTrail } from "../services/AuditTrail.ts"
import { batch } from "../services/batch.ts"
import { NoticeLinks } from "../services/NoticeLinks.ts"
import { Outbox } from "../services/Outbox.ts"
import { Sessions } from "../services/Sessions.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { TwoFactorStore } from "../services/TwoFactorStore.ts"
import type { By } from "./decisions/Deciding.ts"
import { isVoided, voidRestored as decide } from "./decisions/restored.ts"

/** How many accounts are written at a time; each is a statement of its own, so that a stop in between leaves none half. */
const abreast = 6

/** How often an account gives way to somebody who writes it although nobody should. */
const racesAtMost = 8

const by: By = { actor: "system", reference: "restored", client: undefined, source: undefined }

/** Batch after batch until one is not full. */
const all = Effect.fnUntraced(function* (some: Effect.Effect<number, SqlError.SqlError>) {
  let gone = 0
  let last = 0
  do {
    last = yield* some
    gone += last
  } while (last >= batch)
  return gone
})

const nothing = { challenges: 0, resets: 0 }

const one = Effect.fnUntraced(function* (accountId: AccountId) {
  const store = yield* TwoFactorStore
  for (let races = 0; races < racesAtMost; races++) {
    const { account, head } = yield* store.read({ accountId })
    if (account === undefined) return nothing
    const changes = decide({ state: account.state, by, fresh: { uuid: randomUUID } })
    if ((yield* store.write(head, changes)) === "written")
      return { challenges: changes.challenges.changed.length, resets: changes.resets.ended.length }
  }
  return yield* Effect.die(
    new Error(`The account ${accountId} is being written by somebody else: stop every Rekey first`)
  )
})

/**
 * Ends what a restored back-up has brought back: challenges, resets, grants, sessions, links and codes, in every account,
 * and raises every epoch. Does nothing to an account that nothing has happened to since; a run that was stopped goes on.
 */
export const voidRestored = Effect.fn("voidRestored")(function* () {
  const accounts = yield* AllAccounts
  const audit = yield* AuditTrail
  const sessions = yield* Sessions
  const dropped = {
    grants: yield* all(accounts.dropGrants),
    sessions: yield* all(sessions.drop),
    portalLinks: yield* all(sessions.dropLinks),
    noticeLinks: yield* all((yield* NoticeLinks).drop),
    slackInvitations: yield* all((yield* SlackLinks).dropInvitations),
    letters: yield* all((yield* Outbox).dropStale)
  }
  const closed = { accounts: 0, ...nothing }
  let listed = yield* accounts.after("")
  while (listed.length > 0) {
    const due = listed.filter((account) => !isVoided(account))
    // Whoever follows the feed may have seen events that are gone now: the ones to come have to sort behind those.
    if (due.length > 0 && closed.accounts === 0) yield* audit.beginEra
    const ended = yield* Effect.forEach(due, ({ accountId }) => one(accountId), { concurrency: abreast })
    closed.accounts += due.length
    closed.challenges += ended.reduce((sum, { challenges }) => sum + challenges, 0)
    closed.resets += ended.reduce((sum, { resets }) => sum + resets, 0)
    listed = yield* accounts.after(listed.at(-1)?.accountId ?? "")
  }
  return { ...closed, ...dropped }
})
