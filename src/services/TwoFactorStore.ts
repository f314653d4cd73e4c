import { Context, Effect, Layer, Option, Redacted } from "effect"
import { SqlClient, SqlError, type Statement } from "effect/sql"
import { randomUUID } from "node:crypto"
import type { AccountState } from "../domain/AccountState.ts"
import { addressesOnFile, sameAddress, toldFor } from "../domain/addresses.ts"
import type { Charge } from "../domain/budgets.ts"
import { type Changes, noChanges } from "../domain/Changes.ts"
import type { IdempotencyDigests } from "../domain/idempotency.ts"
import type { AccountId, ChallengeId, Channel, GrantId, NoticeLinkId } from "../domain/ids.ts"
import { maskEmail, maskPhone } from "../domain/masking.ts"
import type { NoticeState } from "../domain/notices.ts"
import type { Entrance, PortalLink, Session } from "../domain/sessions.ts"
import { utc } from "../domain/time.ts"
import { batch } from "./batch.ts"
import { AuditTrail, emptyHead, type Head } from "./AuditTrail.ts"
import { Idempotency } from "./Idempotency.ts"
import { NoticeLinks } from "./NoticeLinks.ts"
import type { CodeSource } from "./OtpIssuer.ts"
import { Outbox } from "./Outbox.ts"
import { overCharged, RateLimits } from "./RateLimits.ts"
import { Resets } from "./Resets.ts"
import { Sessions } from "./Sessions.ts"
import { readSlackSeen, SlackLinks, type SlackLook, type SlackSeen } from "./SlackLinks.ts"
import { partsOf } from "./twoFactorParts.ts"
import { decodeSnapshotRow, readLink, readNotice, readSession, type SnapshotRow, stateOf } from "./twoFactorRows.ts"

/** What a step has to see; `accountId`, `entrance`, `noticeLinkId` or `challengeId` says of which account. */
export interface Look {
  readonly accountId?: AccountId | undefined
  readonly challengeId?: ChallengeId | undefined
  /** A session or a link, with the grant that it holds. */
  readonly entrance?: Entrance | undefined
  /** The link of a notice. */
  readonly noticeLinkId?: NoticeLinkId | undefined
  /** Somebody in Slack, or their invitation. */
  readonly slack?: SlackLook | undefined
  /** The challenges that ended in the last half hour, too. */
  readonly withClosed?: boolean
  readonly grantId?: GrantId | undefined
  /** Budgets to look at, by subject. */
  readonly subjects?: ReadonlyArray<string> | undefined
  readonly idempotency?: ReadonlyArray<IdempotencyDigests> | undefined
}

/** What it sees: everything at one instant, read in one statement. */
export interface Snapshot {
  readonly now: Date
  readonly account:
    | {
        readonly state: AccountState
        readonly passwordHash: Redacted.Redacted
        /** SHA-256 (hex) of the hash text that was imported last. */
        readonly importedHash: string | null
      }
    | undefined
  /** Where the account's audit chain ends, also where the account was deleted. */
  readonly head: Head
  /** The instants that count against a budget; none where it was not looked at. */
  readonly hits: (charge: Charge) => ReadonlyArray<Date>
  /**
   * Whether these charges may be decided on what was looked at: the write itself holds a budget, but not the sum of what
   * is counted under two keys of the ring.
   */
  readonly looksAtAll: (charges: ReadonlyArray<Charge>) => boolean
  /** The session or the link that was asked for, whatever has become of it. */
  readonly session: Session | null
  readonly link: PortalLink | null
  /** The link of a notice that was asked for, as it was read. */
  readonly notice: NoticeState | null
  /** What was asked for of somebody in Slack. */
  readonly slack: SlackSeen
  /** The answer that the same Idempotency-Key got before. */
  readonly earlier: (typeof SnapshotRow.Type)["earlier"]
}

/** What the portal states of an account at an import. */
export interface Registration {
  readonly accountId: AccountId
  readonly email: string
  readonly phone: string | null
  readonly name: string | null
  readonly locale: string | null
  readonly timeZone: string | null
  readonly passwordHash: Redacted.Redacted
  readonly importedHash: string | null
  readonly demo: boolean
}

/** The answer of a step with the key under which a repeat finds it. */
export interface Remembered {
  readonly key: IdempotencyDigests
  readonly answer: unknown
}

/** `stale`: the account has moved on since it was read; nothing was written, decide anew. */
export type Written = "written" | "stale"

/** A code letter's challenge, while it is open and of that issue. */
export type ChallengeToSend = CodeSource & { readonly expiresAt: Date }

/** A letter that was given up. */
export interface Undelivered {
  readonly id: string
  readonly accountId: AccountId
  readonly channel: Channel
  readonly address: string
  readonly letterTag: string
}

/** Something else moved first: another node's step, or a budget that others used up. */
const lostRace = (error: SqlError.SqlError): boolean => error.reason._tag === "UniqueViolation" || overCharged(error)

/** How often a record of a failed delivery gives way to other steps of its account. */
const racesAtMost = 8

const byTime = (a: Date, b: Date) => a.getTime() - b.getTime()

/** Accounts, their methods, challenges and grants: one statement to read, one guarded statement to write. */
export class TwoFactorStore extends Context.Service<
  TwoFactorStore,
  {
    read(look: Look): Effect.Effect<Snapshot, SqlError.SqlError>
    /** Writes a step over the version it was decided on, with its audit rows, letters, charges and answer (P2, S-47). */
    write(head: Head, changes: Changes, remembered?: Remembered): Effect.Effect<Written, SqlError.SqlError>
    /** Creates an account; stale where it exists by now. */
    register(registration: Registration, head: Head, changes: Changes): Effect.Effect<Written, SqlError.SqlError>
    /** Writes a registration over the version that was read. */
    update(registration: Registration, head: Head, changes: Changes): Effect.Effect<Written, SqlError.SqlError>
    /** Deletes an account and all that is kept of it but its audit trail. */
    remove(head: Head, changes: Changes): Effect.Effect<Written, SqlError.SqlError>
    /** Replaces a hash of lower cost or another format by one of the same password (S-78). */
    renewPasswordHash(
      accountId: AccountId,
      from: Redacted.Redacted,
      to: Redacted.Redacted
    ): Effect.Effect<void, SqlError.SqlError>
    /** What a code letter needs, unless its challenge is closed or has another issue by now. */
    challengeToSend(id: ChallengeId, issue: number): Effect.Effect<Option.Option<ChallengeToSend>, SqlError.SqlError>
    /** Where to remind the owner, if the account has had no method since exactly that instant. */
    unprotectedSince(
      accountId: AccountId,
      at: Date
    ): Effect.Effect<Option.Option<{ readonly email: string }>, SqlError.SqlError>
    /** Records that a letter was given up, and tells the other addresses on file where it was a notice (P5). */
    recordUndelivered(letter: Undelivered): Effect.Effect<void, SqlError.SqlError>
    /** Key ids of rows that still matter: the start is refused where one is not in the ring. */
    readonly keyIdsInUse: Effect.Effect<ReadonlyArray<string>, SqlError.SqlError>
    /** Deletes what can no longer be used: challenges and grants a day after their end. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/TwoFactorStore") {
  static readonly layer = Layer.effect(
    TwoFactorStore,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const audit = yield* AuditTrail
      const outbox = yield* Outbox
      const idempotency = yield* Idempotency
      const rateLimits = yield* RateLimits
      const sessions = yield* Sessions
      const noticeLinks = yield* NoticeLinks
      const resets = yield* Resets
      const slackLinks = yield* SlackLinks

      const read = Effect.fn("TwoFactorStore.read")(function* (look: Look) {
        const challengeId = look.challengeId ?? null
        const accountId = look.accountId ?? null
        const grantId = look.grantId ?? null
        const subjects = look.subjects ?? []
        const { entrance } = look
        const recently =
          look.withClosed === true ? sql` or c.closed_at > statement_timestamp() - interval '30 minutes'` : sql``
        const cameBy = sessions.cameBy(entrance)
        const followed = noticeLinks.byId(look.noticeLinkId)
        const [row] = yield* sql`
          select to_jsonb(statement_timestamp()) as now,
            a.password_hash as "passwordHash", encode(a.imported_hash, 'hex') as "importedHash",
            ${audit.headOf(sql`coalesce(a.account_id, ${accountId})`)} as head,
            ${rateLimits.hitsOf(subjects)} as hits,
            ${idempotency.find(look.idempotency ?? [])} as earlier,
            ${cameBy.row} as entrance, ${followed.row} as notice, ${slackLinks.seen(look.slack)} as slack,
            case when a.account_id is not null then jsonb_build_object(
              'accountId', a.account_id, 'version', a.version, 'epoch', a.epoch, 'email', a.email, 'phone', a.phone,
              'name', a.name, 'locale', a.locale, 'timeZone', a.time_zone, 'demo', a.demo, 'mustEnrol', a.must_enrol,
              'reportedAt', a.reported_at, 'passwordFailures', a.password_failures,
              'passwordBlockedUntil', a.password_blocked_until, 'enrolmentFailures', a.enrolment_failures,
              'enrolmentBlockedUntil', a.enrolment_blocked_until, 'changedAt', a.changed_at,
              'enrolments', coalesce((
                select jsonb_agg(jsonb_build_object('id', e.id, 'method', e.method, 'destination', e.destination,
                  'enrolledAt', e.enrolled_at, 'lastUsedAt', e.last_used_at, 'failures', e.failures,
                  'blockedUntil', e.blocked_until, 'suspendedAt', e.suspended_at, 'endedAt', e.ended_at)
                  order by e.enrolled_at)
                from enrolments e where e.account_id = a.account_id
                  and (e.ended_at is null or e.ended_at > statement_timestamp() - interval '72 hours')), '[]'),
              'challenges', coalesce((
                select jsonb_agg(jsonb_build_object('id', c.id, 'purpose', c.purpose, 'method', c.method,
                  'destination', c.destination, 'epoch', c.epoch, 'keyId', c.key_id, 'nonce', encode(c.nonce, 'hex'),
                  'issue', c.issue, 'codeLength', c.code_length, 'tries', c.tries, 'maxTries', c.max_tries,
                  'sends', c.sends, 'status', c.status, 'acknowledged', c.acknowledged,
                  'noticeLinkId', c.notice_link_id, 'issuedAt', c.issued_at, 'expiresAt', c.expires_at, 'closesAt', c.closes_at, 'resendAfter', c.resend_after,
                  'closedAt', c.closed_at, 'delivery', ${outbox.deliveryOf(sql`c.id`)}))
                from challenges c where c.account_id = a.account_id
                  and (c.status = 'open' or c.id = ${challengeId}::uuid${recently})), '[]'),
              'grants', coalesce((
                select jsonb_agg(jsonb_build_object('id', g.id, 'epoch', g.epoch, 'madeAt', g.made_at,
                  'expiresAt', g.expires_at, 'usedAt', g.used_at))
                from grants g where g.account_id = a.account_id and g.id in (${grantId}::uuid, ${cameBy.grantId})), '[]'),
              'formerContacts', coalesce((
                select jsonb_agg(jsonb_build_object('channel', f.channel, 'address', f.address, 'until', f.until))
                from former_contacts f where f.account_id = a.account_id and f.until > statement_timestamp()), '[]'),
              'reset', ${resets.waiting(sql`a.account_id`)}
            ) end as account
          from (values (1)) as always (here)
          left join accounts a on a.account_id =
            coalesce(${accountId}, ${cameBy.accountId}, ${followed.accountId},
              (select c.account_id from challenges c where c.id = ${challengeId}::uuid))`
        const seen = yield* Effect.orDie(decodeSnapshotRow(row))
        const { hits } = seen
        return {
          now: seen.now,
          account:
            seen.account === null || seen.passwordHash === null
              ? undefined
              : {
                  state: stateOf(seen.account, seen.now),
                  passwordHash: seen.passwordHash,
                  importedHash: seen.importedHash
                },
          head: seen.head ?? emptyHead,
          hits: (charge) =>
            rateLimits
              .subjectsOf(charge)
              .flatMap((subject) => hits?.[subject] ?? [])
              .toSorted(byTime),
          looksAtAll: (charges) =>
            charges.every((charge) => {
              const under = rateLimits.subjectsOf(charge)
              return under.length === 1 || under.every((subject) => subjects.includes(subject))
            }),
          session: entrance !== undefined && "session" in entrance ? yield* readSession(seen.entrance) : null,
          link: entrance !== undefined && "link" in entrance ? yield* readLink(seen.entrance) : null,
          notice: yield* readNotice(seen.notice),
          slack: yield* readSlackSeen(seen.slack),
          earlier: seen.earlier
        } satisfies Snapshot
      })

      const parts = (accountId: string, head: Head, changes: Changes, remembered?: Remembered) =>
        partsOf(
          sql,
          { audit, outbox, idempotency, rateLimits, sessions, noticeLinks, resets, slackLinks },
          accountId,
          head,
          changes,
          remembered
        )

      const run = (statement: Statement.Statement<unknown>, changes: Changes) =>
        statement.pipe(
          Effect.map((rows): Written =>
            (rows as ReadonlyArray<{ readonly applied: number }>)[0]?.applied === 1 ? "written" : "stale"
          ),
          Effect.tap((written) => (written === "written" && changes.messages.length > 0 ? outbox.wake : Effect.void)),
          Effect.catchIf(lostRace, () => Effect.succeed<Written>("stale"))
        )

      const guard = ({
        state,
        aliveUntil
      }: Changes) => sql`account_id = ${state.accountId} and version = ${state.version}
        and statement_timestamp() < coalesce(${aliveUntil?.toISOString() ?? null}::timestamptz, 'infinity')`

      const assigned = ({ state }: Changes) => sql`
        version = version + 1, epoch = ${state.epoch}, phone = ${state.phone}, must_enrol = ${state.mustEnrol},
        reported_at = ${state.reportedAt?.toISOString() ?? null}::timestamptz, password_failures = ${state.passwordFailures},
        password_blocked_until = ${state.passwordBlockedUntil?.toISOString() ?? null}::timestamptz,
        enrolment_failures = ${state.enrolmentFailures},
        enrolment_blocked_until = ${state.enrolmentBlockedUntil?.toISOString() ?? null}::timestamptz,
        changed_at = ${state.changedAt.toISOString()}::timestamptz`

      const write = Effect.fn("TwoFactorStore.write")((head: Head, changes: Changes, remembered?: Remembered) =>
        run(
          sql`with applied as (update accounts set ${assigned(changes)} where ${guard(changes)} returning account_id)
            ${parts(changes.state.accountId, head, changes, remembered)}`,
          changes
        )
      )

      const register = Effect.fn("TwoFactorStore.register")((to: Registration, head: Head, changes: Changes) =>
        run(
          sql`with applied as (
              insert into accounts (account_id, email, phone, name, locale, time_zone, password_hash, imported_hash,
                demo)
              values (${to.accountId}, ${to.email}, ${to.phone}, ${to.name}, ${to.locale}, ${to.timeZone},
                ${Redacted.value(to.passwordHash)}, decode(${to.importedHash}, 'hex'), ${to.demo})
              on conflict do nothing returning account_id
            )
            ${parts(to.accountId, head, changes, undefined)}`,
          changes
        )
      )

      const update = Effect.fn("TwoFactorStore.update")((to: Registration, head: Head, changes: Changes) =>
        run(
          sql`with applied as (
              update accounts set ${assigned(changes)}, email = ${to.email}, name = ${to.name}, locale = ${to.locale},
                time_zone = ${to.timeZone}, password_hash = ${Redacted.value(to.passwordHash)},
                imported_hash = decode(${to.importedHash}, 'hex'), demo = ${to.demo}
              where ${guard(changes)} returning account_id
            )
            ${parts(to.accountId, head, changes, undefined)}`,
          changes
        )
      )

      const remove = Effect.fn("TwoFactorStore.remove")((head: Head, changes: Changes) =>
        run(
          sql`with applied as (delete from accounts where ${guard(changes)} returning account_id),
            audited as (${audit.append(changes.state.accountId, head, changes.state.now, changes.events)}),
            forgotten_letters as (${outbox.forget(changes.state.accountId)}),
            forgotten_answers as (${idempotency.forget(changes.state.accountId)})
            select count(*)::int as applied from applied`,
          changes
        )
      )

      const renewPasswordHash = Effect.fn("TwoFactorStore.renewPasswordHash")(
        (accountId: AccountId, from: Redacted.Redacted, to: Redacted.Redacted) =>
          Effect.asVoid(sql`
            update accounts set password_hash = ${Redacted.value(to)}
            where account_id = ${accountId} and password_hash = ${Redacted.value(from)}`)
      )

      const challengeToSend = Effect.fn("TwoFactorStore.challengeToSend")(function* (id: ChallengeId, issue: number) {
        const [row] = yield* sql<ChallengeToSend>`
          select id, account_id as "accountId", purpose, method, destination, issue, key_id as "keyId",
            encode(nonce, 'hex') as nonce, code_length as "codeLength", expires_at as "expiresAt"
          from challenges c
          where id = ${id}::uuid and issue = ${issue} and status = 'open' and expires_at > statement_timestamp()
            -- S-22: nothing is sent by a suspended method.
            and not exists (
              select 1 from enrolments e where e.account_id = c.account_id and e.suspended_at is not null
                and e.ended_at is null and c.slot <> 'protection')`
        return Option.fromNullishOr(row)
      })

      const unprotectedSince = Effect.fn("TwoFactorStore.unprotectedSince")(function* (accountId: AccountId, at: Date) {
        const [row] = yield* sql<{ email: string }>`
          select a.email from accounts a
          where a.account_id = ${accountId} and a.changed_at = ${at.toISOString()}::timestamptz
            and not exists (select 1 from enrolments e where e.account_id = a.account_id and e.ended_at is null)`
        return Option.fromNullishOr(row)
      })

      const recorded = Effect.fnUntraced(function* (letter: Undelivered) {
        const { account, head } = yield* read({ accountId: letter.accountId })
        if (account === undefined) return "written"
        const { state } = account
        const notice = letter.letterTag !== "code" && letter.letterTag !== "undelivered"
        const others = addressesOnFile(state).filter((address) => !sameAddress(address, letter))
        const written = yield* write(head, {
          ...noChanges(state),
          events: [
            {
              type: "delivery.failed",
              epoch: state.epoch,
              actor: "system",
              outcome: "refused",
              reason: letter.letterTag
            }
          ],
          messages: (notice ? others : []).map(({ channel, address }) => ({
            id: randomUUID(),
            accountId: state.accountId,
            channel,
            address,
            letter: {
              _tag: "undelivered",
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
        })
        return written
      })
      const recordUndelivered = Effect.fn("TwoFactorStore.recordUndelivered")((letter: Undelivered) =>
        recorded(letter).pipe(
          Effect.repeat({ times: racesAtMost, while: (written) => written === "stale" }),
          Effect.asVoid
        )
      )

      const keyIdsInUse = Effect.map(
        Effect.all([
          sql<{ keyId: string }>`select distinct key_id as "keyId" from challenges where status = 'open'
            and closes_at > statement_timestamp()`,
          noticeLinks.keyIdsInUse
        ]),
        ([rows, ofLinks]) => [...new Set([...rows.map(({ keyId }) => keyId), ...ofLinks])]
      )

      const purge = Effect.gen(function* () {
        const [row] = yield* sql<{ count: number }>`
          with old_challenges as (
            delete from challenges where id in (
              select id from challenges where closes_at < statement_timestamp() - interval '1 day'
              limit ${batch} for update skip locked) returning 1
          ),
          old_grants as (
            delete from grants where id in (
              select id from grants where expires_at < statement_timestamp() - interval '1 day'
              limit ${batch} for update skip locked) returning 1
          ),
          old_contacts as (delete from former_contacts where until < statement_timestamp() returning 1)
          select greatest((select count(*) from old_challenges), (select count(*) from old_grants))::int as count`
        return row?.count ?? 0
      })

      return TwoFactorStore.of({
        read,
        write,
        register,
        update,
        remove,
        renewPasswordHash,
        challengeToSend,
        unprotectedSince,
        recordUndelivered,
        keyIdsInUse,
        purge
      })
    })
  )
}
