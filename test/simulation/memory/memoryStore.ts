import { Effect, Option, Redacted } from "effect"
import { randomUUID } from "node:crypto"
import { type AccountState, type ChallengeState, inForce } from "../../../src/domain/AccountState.ts"
import { addressesOnFile, sameAddress, toldFor } from "../../../src/domain/addresses.ts"
import { noChanges } from "../../../src/domain/Changes.ts"
import type { AccountId, ChallengeId } from "../../../src/domain/ids.ts"
import { slotOf } from "../../../src/domain/ids.ts"
import { maskEmail, maskPhone } from "../../../src/domain/masking.ts"
import { utc } from "../../../src/domain/time.ts"
import { emptyHead } from "../../../src/services/AuditTrail.ts"
import { type Look, type Snapshot, TwoFactorStore, type Undelivered } from "../../../src/services/TwoFactorStore.ts"
import type { Memory } from "./Memory.ts"
import { Acting, type Turns } from "../Turns.ts"
import { applied, type Statement } from "./writing.ts"

const day = 24 * 3_600_000

const deliveryOf = ({ outbox }: Memory, id: ChallengeId) => {
  const letter = outbox.findLast(({ message }) => message.challengeId === id)
  if (letter === undefined) return null
  const { state, stateAt, detail } = letter
  return { state: state === "obsolete" ? ("failed" as const) : state, at: utc(new Date(stateAt)), detail }
}

/** A challenge whose success is forgotten is open for another one: a break. */
const asKept = ({ broken }: Memory, challenge: ChallengeState): ChallengeState =>
  broken === "single-use guard removed" && challenge.status === "succeeded"
    ? { ...challenge, status: "open", closedAt: null }
    : challenge

/** The account as the read statement has it at this instant. */
export const stateAt = (
  memory: Memory,
  accountId: AccountId,
  at: number,
  look: Look = {}
): AccountState | undefined => {
  const row = memory.accounts.get(accountId)
  if (row === undefined) return undefined
  const now = new Date(at)
  const { epoch } = row.columns
  const anyEpoch = memory.broken === "epoch check removed"
  return {
    ...row.columns,
    now,
    enrolments: row.enrolments.filter(({ endedAt }) => endedAt === null || endedAt.getTime() > at - toldFor),
    challenges: row.challenges
      .filter(({ id, status }) => status === "open" || id === look.challengeId)
      .map((one) => ({ ...asKept(memory, one), delivery: deliveryOf(memory, one.id) })),
    grants: row.grants.filter(({ id }) => id === look.grantId).map((grant) => (anyEpoch ? { ...grant, epoch } : grant)),
    formerContacts: row.formerContacts.filter(({ until }) => until > now),
    reset: null
  }
}

const snapshotOf = (memory: Memory, look: Look, at: number): Snapshot => {
  const followed = look.noticeLinkId === undefined ? undefined : memory.notices.get(look.noticeLinkId)
  const owner = look.challengeId === undefined ? undefined : memory.ownerOf.get(look.challengeId)
  const accountId = look.accountId ?? followed?.accountId ?? owner
  const state = accountId === undefined ? undefined : stateAt(memory, accountId, at, look)
  const row = accountId === undefined ? undefined : memory.accounts.get(accountId)
  const trail = accountId === undefined ? undefined : memory.audit.get(accountId)
  const [scope] = (look.idempotency ?? []).map((one) => one.scope)
  const held = scope === undefined ? undefined : memory.answers.get(scope)
  return {
    now: new Date(at),
    account:
      state === undefined || row === undefined
        ? undefined
        : { state, passwordHash: Redacted.make(row.password), importedHash: row.importedHash },
    head: trail === undefined ? emptyHead : { sequence: trail.length, mac: "" },
    hits: ({ limit, about }) => {
      const subject = `${limit.budget} ${about}`
      const looked = look.subjects?.includes(subject) === true
      return looked ? (memory.hits.get(subject) ?? []).map((hit) => new Date(hit)) : []
    },
    looksAtAll: () => true,
    session: null,
    link: null,
    notice: followed?.notice ?? null,
    slack: { invitation: null, linked: null },
    earlier:
      held === undefined || scope === undefined || held.madeAt <= at - day
        ? null
        : { scope, body: held.body, answer: structuredClone(held.answer) }
  }
}

/** What a code letter needs, while its challenge is open, of that issue and alive, and its method not suspended. */
const toSend = (memory: Memory, id: ChallengeId, issue: number, at: number) => {
  const accountId = memory.ownerOf.get(id)
  const row = accountId === undefined ? undefined : memory.accounts.get(accountId)
  const challenge = row?.challenges.find((one) => one.id === id)
  if (accountId === undefined || row === undefined || challenge === undefined) return Option.none()
  const isAlive = challenge.issue === issue && challenge.status === "open" && challenge.expiresAt.getTime() > at
  const isMute =
    slotOf(challenge.purpose) !== "protection" &&
    row.enrolments.some(({ suspendedAt, endedAt }) => suspendedAt !== null && endedAt === null)
  return isAlive && !isMute ? Option.some({ ...challenge, accountId }) : Option.none()
}

const undelivered = (state: AccountState, letter: Undelivered) => {
  const isNotice = letter.letterTag !== "code" && letter.letterTag !== "undelivered"
  const others = addressesOnFile(state).filter((address) => !sameAddress(address, letter))
  return {
    ...noChanges(state),
    events: [
      {
        type: "delivery.failed" as const,
        epoch: state.epoch,
        actor: "system" as const,
        outcome: "refused" as const,
        reason: letter.letterTag
      }
    ],
    messages: (isNotice ? others : []).map(({ channel, address }) => ({
      id: randomUUID(),
      accountId: state.accountId,
      channel,
      address,
      letter: {
        _tag: "undelivered" as const,
        accountId: state.accountId,
        at: utc(state.now),
        channel: letter.channel,
        address: letter.channel === "email" ? maskEmail(letter.address) : maskPhone(letter.address),
        about: letter.letterTag
      },
      name: state.name,
      locale: state.locale,
      timeZone: state.timeZone,
      challengeId: null,
      notBefore: state.now,
      notAfter: new Date(state.now.getTime() + toldFor)
    }))
  }
}

/**
 * The store, over memory: it reads at one instant and writes over the version that was read, as its SQL does. A write
 * has three turns: it arrives (its timestamp), it has the row (its effect), its answer arrives.
 */
export const memoryStore = (memory: Memory, turns: Turns): TwoFactorStore["Service"] => {
  const read = (look: Look) => Effect.map(turns.turn, () => snapshotOf(memory, look, turns.now))
  const write = (statement: Omit<Statement, "operation" | "at">, creates = false) =>
    Effect.gen(function* () {
      const { operation } = yield* Acting
      yield* turns.turn
      const at = turns.now
      yield* turns.turn
      const written = applied(memory, { ...statement, operation, at }, creates)
      yield* turns.turn
      return written
    })
  const recordUndelivered = (letter: Undelivered): Effect.Effect<void> =>
    Effect.gen(function* () {
      for (let races = 0; races < 8; races++) {
        yield* turns.turn
        const state = stateAt(memory, letter.accountId, turns.now)
        const head = { sequence: memory.audit.get(letter.accountId)?.length ?? 0, mac: "" }
        if (state === undefined) return
        if ((yield* write({ head, changes: undelivered(state, letter) })) === "written") return
      }
    })

  return TwoFactorStore.of({
    read,
    write: (head, changes, remembered) => write({ head, changes, remembered }),
    register: (registration, head, changes) => write({ head, changes, registration }, true),
    update: (registration, head, changes) => write({ head, changes, registration }),
    remove: () => Effect.die("no account is deleted here"),
    renewPasswordHash: () => Effect.void,
    challengeToSend: (id, issue) => Effect.map(turns.turn, () => toSend(memory, id, issue, turns.now)),
    unprotectedSince: (accountId, at) =>
      Effect.map(turns.turn, () => {
        const state = stateAt(memory, accountId, turns.now)
        const still = state?.changedAt.getTime() === at.getTime() && inForce(state) === undefined
        return state !== undefined && still ? Option.some({ email: state.email }) : Option.none()
      }),
    recordUndelivered,
    keyIdsInUse: Effect.succeed([]),
    purge: Effect.succeed(0)
  })
}
