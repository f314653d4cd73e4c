import { Redacted } from "effect"
import type { ChallengeState, Enrolment, Grant } from "../../../src/domain/AccountState.ts"
import type { Changes } from "../../../src/domain/Changes.ts"
import { type AccountId, slotOf } from "../../../src/domain/ids.ts"
import type { Registration, Remembered, Written } from "../../../src/services/TwoFactorStore.ts"
import type { Head } from "../../../src/services/AuditTrail.ts"
import type { AccountRow, Columns, Memory } from "./Memory.ts"

/** A constraint that no step may meet: the database would refuse the statement, and a person would see a fault. */
const holds = (memory: Memory, name: string, holding: boolean): void => {
  if (!holding) memory.faults.push(name)
}

const day = 24 * 3_600_000
const minutes = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 60_000

const columnsOf = ({ state }: Changes): Columns => {
  const { now: _now, enrolments: _e, challenges: _c, grants: _g, formerContacts: _f, reset: _r, ...columns } = state
  return columns
}

const enrolled = (
  memory: Memory,
  row: AccountRow,
  { enrolments, challenges, state }: Changes
): ReadonlyArray<Enrolment> => [
  ...row.enrolments.map((one) => {
    const breaksFirst = memory.broken === "old method ended before the new one is proved"
    if (breaksFirst && one.endedAt === null && challenges.begun.some(({ purpose }) => purpose === "change")) {
      return { ...one, endedAt: state.now }
    }
    const to = enrolments.changed.find(({ id }) => id === one.id)
    if (to === undefined) return one
    const { lastUsedAt, failures, blockedUntil, suspendedAt, endedAt } = to
    holds(memory, "an_enrolment_ends_after_it_began", endedAt === null || endedAt >= one.enrolledAt)
    return { ...one, lastUsedAt, failures, blockedUntil, suspendedAt, endedAt }
  }),
  ...enrolments.begun.map((one) => ({
    ...one,
    failures: 0,
    blockedUntil: null,
    suspendedAt: null,
    endedAt: null
  }))
]

const challenged = (memory: Memory, row: AccountRow, { challenges }: Changes): ReadonlyArray<ChallengeState> => {
  const all = [
    ...row.challenges.map((one) => {
      const to = challenges.changed.find(({ id }) => id === one.id)
      const isClosed = one.status !== "open" && memory.broken !== "single-use guard removed"
      if (to === undefined || isClosed) return one
      const { issue, tries, sends, status, issuedAt, expiresAt, resendAfter, closedAt } = to
      return { ...one, issue, tries, sends, status, issuedAt, expiresAt, resendAfter, closedAt }
    }),
    ...challenges.begun
  ]
  for (const one of challenges.changed.length + challenges.begun.length === 0 ? [] : all) {
    holds(memory, "a_closed_challenge_says_when", (one.status === "open") === (one.closedAt === null))
    holds(memory, "code_lives_at_most_10_minutes", minutes(one.issuedAt, one.expiresAt) <= 10)
    holds(memory, "challenge_lives_at_most_60_minutes", one.expiresAt <= one.closesAt)
    holds(memory, "tries_stay_within_the_budget", one.tries >= 0 && one.tries <= one.maxTries)
    holds(memory, "an_open_challenge_has_tries_left", one.status !== "open" || one.tries < one.maxTries)
    holds(memory, "at_most_five_sends_a_challenge", one.sends >= 1 && one.sends <= 5)
  }
  return all
}

const granted = (row: AccountRow, changes: Changes, at: number, consumes: boolean): ReadonlyArray<Grant> => [
  ...row.grants.map((one) =>
    consumes && one.usedAt === null && changes.grantsUsed.includes(one.id) ? { ...one, usedAt: new Date(at) } : one
  ),
  ...changes.grantsMade.map((one) => ({ ...one, usedAt: null }))
]

/** `one_method_in_force_an_account`, `one_open_challenge_a_slot`: whoever would violate them decides anew. */
const unique = ({ enrolments, challenges }: AccountRow): boolean => {
  const open = challenges.filter(({ status }) => status === "open").map(({ purpose }) => slotOf(purpose))
  return enrolments.filter(({ endedAt }) => endedAt === null).length <= 1 && new Set(open).size === open.length
}

/** What the budgets hold after these charges; undefined where one has no room (`a_budget_holds`). */
const charged = (memory: Memory, { charges }: Changes, at: number) => {
  const held = new Map<string, ReadonlyArray<number>>()
  for (const { limit, about } of charges) {
    const subject = `${limit.budget} ${about}`
    const hits = [...(memory.hits.get(subject) ?? []).filter((hit) => hit > at - limit.seconds * 1000), at]
    if (hits.length > limit.most && memory.broken !== "budget not held by the write") return undefined
    held.set(subject, hits)
  }
  return held
}

/** What is written beside the account's own row, and by whom. */
export interface Statement {
  readonly operation: number
  readonly at: number
  readonly head: Head
  readonly changes: Changes
  readonly remembered?: Remembered | undefined
  readonly registration?: Registration | undefined
}

const blank = { enrolments: [], challenges: [], grants: [], formerContacts: [] } as const

/** The guarded row: undefined where another step was faster, or a lifetime is over. */
const guarded = (memory: Memory, { at, changes, registration }: Statement, creates: boolean) => {
  const row = memory.accounts.get(changes.state.accountId)
  if (creates) {
    if (row !== undefined || registration === undefined) return undefined
    return { columns: columnsOf(changes), password: "", importedHash: null, ...blank } satisfies AccountRow
  }
  const { aliveUntil, state } = changes
  if (row === undefined) return undefined
  if (row.columns.version !== state.version && memory.broken !== "version guard removed") return undefined
  const isOver = aliveUntil !== null && at >= aliveUntil.getTime()
  return isOver && memory.broken !== "lifetime not asked again" ? undefined : row
}

/**
 * Writes a step as its one statement does: over the version that it was decided on, alive, with everything or with
 * nothing. What the schema forbids outright is a fault of the product.
 */
export const applied = (memory: Memory, statement: Statement, creates = false): Written => {
  const { operation, at, head, changes, remembered, registration } = statement
  const { accountId } = changes.state
  if (memory.broken === "count rolled back with the refusal" && changes.events[0]?.type === "code.rejected") {
    return "written"
  }
  const early = memory.broken === "notice outside the transaction" ? memory.queue(changes.messages, at) : undefined
  const row = guarded(memory, statement, creates)
  if (row === undefined) return "stale"

  const trail = memory.audit.get(accountId) ?? []
  const follows = trail.length === head.sequence || memory.broken === "version guard removed"
  if (changes.events.length > 0 && !follows) return "stale"
  const held = charged(memory, changes, at)
  if (held === undefined) return "stale"
  const stated = registration === undefined ? {} : statedOf(registration)
  const after: AccountRow = {
    columns: { ...columnsOf(changes), ...stated, version: creates ? 1 : row.columns.version + 1 },
    password: registration === undefined ? row.password : passwordOf(registration),
    importedHash: registration === undefined ? row.importedHash : registration.importedHash,
    enrolments: enrolled(memory, row, changes),
    challenges: challenged(memory, row, changes),
    grants: granted(row, changes, at, memory.broken !== "grant not consumed"),
    formerContacts: [
      ...row.formerContacts.filter(
        (one) => !changes.formerContacts.some((to) => to.channel === one.channel && to.address === one.address)
      ),
      ...changes.formerContacts
    ]
  }
  if (!unique(after)) return "stale"

  memory.accounts.set(accountId, after)
  for (const { id } of changes.challenges.begun) memory.ownerOf.set(id, accountId)
  noticed(memory, accountId, at, changes)
  memory.audit.set(accountId, [...trail, ...changes.events])
  for (const [subject, hits] of held) memory.hits.set(subject, hits)
  for (const { limit, about } of changes.cleared) memory.hits.delete(`${limit.budget} ${about}`)
  const scope = remembered?.key.scope
  if (remembered !== undefined && memory.broken !== "answer not remembered") remember(memory, remembered, at)
  const letters = memory.broken === "notice left out" ? changes.messages.filter(isNotTheFirst) : changes.messages
  const queued = early ?? memory.queue(letters, at)
  memory.commits.push({
    at,
    operation,
    accountId,
    before: creates ? undefined : row,
    after,
    changes,
    scope,
    queued
  })
  return "written"
}

/** The first answer of a day stays. */
const remember = (memory: Memory, { key, answer }: Remembered, at: number): void => {
  const held = memory.answers.get(key.scope)
  if (held !== undefined && held.madeAt > at - day) return
  memory.answers.set(key.scope, { body: key.body, answer: structuredClone(answer), madeAt: at })
}

const isNotTheFirst = (_: unknown, place: number, all: ReadonlyArray<unknown>) => all.length < 2 || place > 0

const passwordOf = ({ passwordHash }: Registration) => Redacted.value(passwordHash)

const statedOf = ({ email, phone, name, locale, timeZone, demo }: Registration) => ({
  email,
  phone,
  name,
  locale,
  timeZone,
  demo
})

const noticed = (memory: Memory, accountId: AccountId, at: number, { notices, state }: Changes): void => {
  for (const notice of notices.made) memory.notices.set(notice.id, { accountId, notice })
  for (const id of notices.reported) {
    const found = memory.notices.get(id)
    if (found === undefined || found.notice.reportedAt !== null) continue
    const notice = { ...found.notice, reportedAt: new Date(at), goodAtEpoch: state.epoch }
    memory.notices.set(id, { accountId, notice })
  }
  for (const id of notices.used) {
    const found = memory.notices.get(id)
    if (found === undefined || found.notice.usedAt !== null) continue
    memory.notices.set(id, { accountId, notice: { ...found.notice, usedAt: new Date(at) } })
  }
}
