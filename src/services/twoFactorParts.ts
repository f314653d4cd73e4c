import type { SqlClient, Statement } from "effect/sql"
import type { Changes } from "../domain/Changes.ts"
import type { SessionKept } from "../domain/sessions.ts"
import { AuditTrail, type Head } from "./AuditTrail.ts"
import { Idempotency } from "./Idempotency.ts"
import { NoticeLinks } from "./NoticeLinks.ts"
import { Outbox } from "./Outbox.ts"
import { RateLimits } from "./RateLimits.ts"
import { Resets } from "./Resets.ts"
import { Sessions } from "./Sessions.ts"
import { SlackLinks } from "./SlackLinks.ts"
import type { Remembered } from "./TwoFactorStore.ts"

/** The services whose rows a step writes beside those of the account. */
export interface Keepers {
  readonly audit: AuditTrail["Service"]
  readonly outbox: Outbox["Service"]
  readonly idempotency: Idempotency["Service"]
  readonly rateLimits: RateLimits["Service"]
  readonly sessions: Sessions["Service"]
  readonly noticeLinks: NoticeLinks["Service"]
  readonly resets: Resets["Service"]
  readonly slackLinks: SlackLinks["Service"]
}

const json = (rows: unknown): string => JSON.stringify(rows)

/** The rows of one table that a step writes, and how: the body of a CTE that writes only where `applied` has its row. */
interface Part {
  readonly name: string
  readonly rows: ReadonlyArray<unknown>
  readonly statement: () => Statement.Fragment
}

/**
 * The parts of a step besides the account's own row, as CTEs after `applied`, and the count that tells whether they
 * were written. A part without rows is left out: it would still cost its share of every step.
 */
export const partsOf = (
  sql: SqlClient.SqlClient,
  { audit, outbox, idempotency, rateLimits, sessions, noticeLinks, resets, slackLinks }: Keepers,
  accountId: string,
  head: Head,
  changes: Changes,
  remembered: Remembered | undefined
): Statement.Fragment => {
  /** Begun after the changed ones: the unique index has to see that the former one has ended. */
  const afterwards = (former: string, changed: ReadonlyArray<unknown>): Statement.Fragment =>
    changed.length === 0 ? sql`` : sql` where (select count(*) from ${sql(former)}) >= 0`

  const kept = (session: SessionKept): Part => ({
    name: "session_kept",
    rows: [session],
    statement: () => sessions.keep(accountId, changes.state.epoch, session)
  })

  const parts: ReadonlyArray<Part> = [
    {
      name: "enrolments_changed",
      rows: changes.enrolments.changed,
      statement: () => sql`
        update enrolments e set last_used_at = r."lastUsedAt", failures = r.failures, blocked_until = r."blockedUntil",
          suspended_at = r."suspendedAt", ended_at = r."endedAt"
        from applied, jsonb_to_recordset(${json(changes.enrolments.changed)}::jsonb) as r(id uuid,
          "lastUsedAt" timestamptz, failures int, "blockedUntil" timestamptz, "suspendedAt" timestamptz,
          "endedAt" timestamptz)
        where e.id = r.id and e.account_id = ${accountId} returning e.id`
    },
    {
      name: "enrolments_begun",
      rows: changes.enrolments.begun,
      statement: () => sql`
        insert into enrolments (id, account_id, method, destination, enrolled_at, last_used_at)
        select r.id, ${accountId}, r.method, r.destination, r."enrolledAt", r."lastUsedAt"
        from applied, jsonb_to_recordset(${json(changes.enrolments.begun)}::jsonb) as r(id uuid, method text,
          destination text, "enrolledAt" timestamptz, "lastUsedAt" timestamptz)${afterwards("enrolments_changed", changes.enrolments.changed)}`
    },
    {
      name: "challenges_changed",
      rows: changes.challenges.changed,
      statement: () => sql`
        update challenges c set issue = r.issue, tries = r.tries, sends = r.sends, status = r.status,
          issued_at = r."issuedAt", expires_at = r."expiresAt", resend_after = r."resendAfter", closed_at = r."closedAt"
        from applied, jsonb_to_recordset(${json(changes.challenges.changed)}::jsonb) as r(id uuid, issue int, tries int,
          sends int, status text, "issuedAt" timestamptz, "expiresAt" timestamptz, "resendAfter" timestamptz,
          "closedAt" timestamptz)
        where c.id = r.id and c.account_id = ${accountId} and c.status = 'open' returning c.id`
    },
    {
      name: "challenges_begun",
      rows: changes.challenges.begun,
      statement: () => sql`
        insert into challenges (id, account_id, purpose, method, destination, epoch, key_id, nonce, issue, code_length,
          tries, max_tries, sends, status, acknowledged, notice_link_id, issued_at, expires_at, closes_at, resend_after)
        select r.id, ${accountId}, r.purpose, r.method, r.destination, r.epoch, r."keyId", decode(r.nonce, 'hex'),
          r.issue, r."codeLength", r.tries, r."maxTries", r.sends, r.status, r.acknowledged,
          r."noticeLinkId", r."issuedAt", r."expiresAt", r."closesAt", r."resendAfter"
        from applied, jsonb_to_recordset(${json(changes.challenges.begun)}::jsonb) as r(id uuid, purpose text,
          method text, destination text, epoch bigint, "keyId" text, nonce text, issue int, "codeLength" int, tries int,
          "maxTries" int, sends int, status text, acknowledged text, "noticeLinkId" uuid, "issuedAt" timestamptz,
          "expiresAt" timestamptz, "closesAt" timestamptz, "resendAfter" timestamptz)${afterwards("challenges_changed", changes.challenges.changed)}`
    },
    {
      name: "grants_made",
      rows: changes.grantsMade,
      statement: () => sql`
        insert into grants (id, account_id, epoch, made_at, expires_at)
        select r.id, ${accountId}, r.epoch, r."madeAt", r."expiresAt"
        from applied, jsonb_to_recordset(${json(changes.grantsMade)}::jsonb) as r(id uuid, epoch bigint,
          "madeAt" timestamptz, "expiresAt" timestamptz)`
    },
    {
      name: "grants_used",
      rows: changes.grantsUsed,
      statement: () => sql`
        update grants g set used_at = statement_timestamp() from applied
        where g.account_id = ${accountId} and g.used_at is null
          and g.id in (select value::uuid from jsonb_array_elements_text(${json(changes.grantsUsed)}::jsonb))`
    },
    {
      name: "contacts_left",
      rows: changes.formerContacts,
      statement: () => sql`
        insert into former_contacts (account_id, channel, address, until)
        select ${accountId}, r.channel, r.address, r.until
        from applied, jsonb_to_recordset(${json(changes.formerContacts)}::jsonb) as r(channel text, address text,
          until timestamptz)
        on conflict (account_id, channel, address) do update set until = excluded.until`
    },
    {
      name: "links_made",
      rows: changes.links.made,
      statement: () => sessions.makeLinks(accountId, changes.links.made)
    },
    { name: "links_used", rows: changes.links.used, statement: () => sessions.useLinks(changes.links.used) },
    {
      name: "sessions_begun",
      rows: changes.sessions.begun,
      statement: () => sessions.begin(accountId, changes.sessions.begun)
    },
    ...(changes.sessions.kept === null ? [] : [kept(changes.sessions.kept)]),
    {
      name: "notices_made",
      rows: changes.notices.made,
      statement: () => noticeLinks.make(accountId, changes.notices.made)
    },
    {
      name: "notices_reported",
      rows: changes.notices.reported,
      statement: () => noticeLinks.report(accountId, changes.state.epoch, changes.notices.reported)
    },
    {
      name: "notices_used",
      rows: changes.notices.used,
      statement: () => noticeLinks.use(accountId, changes.notices.used)
    },
    {
      name: "resets_begun",
      rows: changes.resets.begun,
      statement: () => resets.begin(accountId, changes.resets.begun)
    },
    {
      name: "resets_ended",
      rows: changes.resets.ended,
      statement: () => resets.end(accountId, changes.resets.ended)
    },
    {
      name: "slack_linked",
      rows: changes.slack.linked,
      statement: () => slackLinks.link(accountId, changes.slack.linked)
    },
    {
      name: "slack_unlinked",
      rows: changes.slack.unlinked,
      statement: () => slackLinks.unlink(accountId, changes.slack.unlinked)
    },
    {
      name: "slack_invitations_closed",
      rows: changes.slack.closed,
      statement: () => slackLinks.close(changes.slack.closed)
    },
    {
      name: "audited",
      rows: changes.events,
      statement: () => audit.append(accountId, head, changes.state.now, changes.events)
    },
    { name: "queued", rows: changes.messages, statement: () => outbox.part(changes.messages) },
    {
      name: "remembered",
      rows: remembered === undefined ? [] : [remembered],
      statement: () => idempotency.part(remembered?.answer, remembered?.key, accountId)
    },
    { name: "charged", rows: changes.charges, statement: () => rateLimits.charge(changes.charges) },
    { name: "cleared", rows: changes.cleared, statement: () => rateLimits.clear(changes.cleared) }
  ]
  const written = parts.filter(({ rows }) => rows.length > 0)
  const named = written.map(({ name, statement }) => sql`, ${sql(name)} as (${statement()})`)
  return sql`${sql.join("", false)(named)} select count(*)::int as applied from applied`
}
