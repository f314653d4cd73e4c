import type { SqlClient, Statement } from "effect/sql"

type Sql = SqlClient.SqlClient

/** A row that is so old, and whether the sweep has to leave it. */
interface Row {
  readonly name: string
  readonly stays: boolean
  readonly insert: (sql: Sql, key: string, accountId: string) => Statement.Statement<unknown>
}

const stays = (name: string, insert: Row["insert"]): Row => ({ name, stays: true, insert })
const goes = (name: string, insert: Row["insert"]): Row => ({ name, stays: false, insert })

/** Rows on both sides of a limit. */
const between = (younger: string, older: string, insert: (age: string) => Row["insert"]): ReadonlyArray<Row> => [
  stays(`${younger} old`, insert(younger)),
  goes(`${older} old`, insert(older))
]

/** How long ago, as the database says it. */
const ago = (sql: Sql, time: string) => sql`now() - ${time}::interval`

const challenge =
  (closed: string, status: "open" | "expired" = "expired"): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into challenges (id, account_id, purpose, method, destination, epoch, key_id, nonce, issue, code_length, tries,
      max_tries, sends, status, issued_at, expires_at, closes_at, resend_after, closed_at)
    values (${key}::uuid, ${accountId}, 'sign-in', 'SMS', '+60125550101', 1, 'k1', '', 1, 6, 0, 5, 1, ${status},
      ${ago(sql, closed)} - interval '30 minutes', ${ago(sql, closed)} - interval '20 minutes', ${ago(sql, closed)}, now(),
      ${status === "open" ? null : new Date().toISOString()}::timestamptz)`

const grant =
  (expired: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into grants (id, account_id, epoch, made_at, expires_at)
    values (${key}::uuid, ${accountId}, 1, ${ago(sql, expired)} - interval '10 minutes', ${ago(sql, expired)})`

const letter =
  (state: string, age: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into outbox (id, account_id, channel, address, letter, not_before, not_after, state, state_at)
    values (${key}::uuid, ${accountId}, 'email', 'a@customer.example', '{"_tag":"disabled"}', ${ago(sql, age)},
      ${ago(sql, age)} + interval '72 hours', ${state}, ${ago(sql, age)})`

const notice =
  (expired: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into notice_links (id, account_id, epoch, good_at_epoch, key_id, kind, made_at, expires_at)
    values (${key}::uuid, ${accountId}, 1, 1, 'k1', 'disabled', ${ago(sql, expired)} - interval '72 hours',
      ${ago(sql, expired)})`

const reset =
  (ended: string | null): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into resets (id, account_id, status, reason, requested_by, requested_at, executes_at, ended_at)
    values (${key}::uuid, ${accountId}, ${ended === null ? "waiting" : "cancelled"}, 'lost', 'tickets',
      now() - interval '60 days', now() + interval '1 day', now() - ${ended}::interval)`

const session =
  (made: string, seen: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into sessions (id, account_id, epoch, rotated_at, made_at, seen_at, expires_at)
    values (${key}::uuid, ${accountId}, 1, now(), ${ago(sql, made)}, ${ago(sql, seen)},
      ${ago(sql, made)} + interval '24 hours')`

const portalLink =
  (expired: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into portal_links (id, account_id, epoch, made_at, expires_at)
    values (${key}::uuid, ${accountId}, 1, ${ago(sql, expired)} - interval '60 seconds', ${ago(sql, expired)})`

const invitation =
  (made: string): Row["insert"] =>
  (sql, key) =>
    sql`
    insert into slack_invitations (id, enterprise, team, slack_user, display_name, workspace, key_id, made_at, expires_at)
    values (${key}::uuid, '', 'T1', ${key}, 'Alex', 'Harbor', 'k1', ${ago(sql, made)},
      ${ago(sql, made)} + interval '10 minutes')`

const slackMessage =
  (state: string, queued: string, life: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into slack_messages (id, subject, recipient, account_id, message, queued_at, not_after, state)
    values (${key}::uuid, ${key}, 'U1', ${accountId}, '{}', ${ago(sql, queued)}, ${ago(sql, queued)} + ${life}::interval,
      ${state})`

const supportCase =
  (status: string, changed: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into cases (id, account_id, kind, status, protection, changed_at)
    values (${key}, ${accountId}, 'stuck', ${status}, 'on', ${ago(sql, changed)})`

const guide =
  (touched: string): Row["insert"] =>
  (sql, key, accountId) =>
    sql`
    insert into slack_guides (id, account_id, enterprise, team, slack_user, changed_at)
    values (${key}::uuid, ${accountId}, '', 'T1', ${key}, ${ago(sql, touched)})`

/** The tables that are swept: by which column a row is known, and rows on both sides of each limit. */
export const purged: Readonly<Record<string, { readonly key: string; readonly rows: ReadonlyArray<Row> }>> = {
  challenges: {
    key: "id",
    rows: [
      stays("open", challenge("-10 minutes", "open")),
      stays("closed 23 hours ago", challenge("23 hours")),
      goes("closed 25 hours ago", challenge("25 hours"))
    ]
  },
  grants: {
    key: "id",
    rows: [
      stays("alive", grant("-5 minutes")),
      stays("over for 23 hours", grant("23 hours")),
      goes("over for 25 hours", grant("25 hours"))
    ]
  },
  former_contacts: {
    key: "address",
    rows: [
      stays(
        "still told",
        (sql, key, accountId) => sql`
        insert into former_contacts values (${accountId}, 'email', ${key}, now() + interval '1 minute')`
      ),
      goes(
        "told no more",
        (sql, key, accountId) => sql`
        insert into former_contacts values (${accountId}, 'email', ${key}, now() - interval '1 minute')`
      )
    ]
  },
  outbox: {
    key: "id",
    rows: [
      stays("still to be sent, however old", letter("queued", "8 days")),
      stays("to be tried again, however old", letter("deferred", "8 days")),
      stays("handed over 6 days ago", letter("handed_over", "6 days")),
      ...["handed_over", "failed", "obsolete"].map((state) => goes(`${state} 8 days ago`, letter(state, "8 days")))
    ]
  },
  idempotency_keys: {
    key: "(answer ->> 0)",
    rows: between(
      "23 hours",
      "25 hours",
      (age) => (sql, key, accountId) =>
        sql`
        insert into idempotency_keys (scope, body, answer, account_id, made_at)
        values (decode(md5(${key}), 'hex'), '', jsonb_build_array(${key}::text), ${accountId}, ${ago(sql, age)})`
    )
  },
  rate_limits: {
    key: "subject",
    rows: between(
      "-1 minute",
      "1 minute",
      (age) => (sql, key) =>
        sql`
        insert into rate_limits values (${key}, array[now() - interval '1 hour'], 5, ${ago(sql, age)})`
    )
  },
  notice_links: {
    key: "id",
    rows: [
      stays("good", notice("-1 hour")),
      stays("over for 23 hours", notice("23 hours")),
      goes("over for 25 hours", notice("25 hours"))
    ]
  },
  resets: {
    key: "id",
    rows: [
      stays("waiting, however long", reset(null)),
      stays("ended 6 days ago", reset("6 days")),
      goes("ended 8 days ago", reset("8 days"))
    ]
  },
  sessions: {
    key: "id",
    rows: [
      stays("in use", session("23 hours", "59 minutes")),
      goes("idle for an hour", session("2 hours", "61 minutes")),
      goes("a day old", session("25 hours", "1 minute"))
    ]
  },
  portal_links: {
    key: "id",
    rows: [
      stays("good", portalLink("-30 seconds")),
      stays("over for 23 hours", portalLink("23 hours")),
      goes("over for 25 hours", portalLink("25 hours"))
    ]
  },
  slack_invitations: {
    key: "id",
    rows: [stays("of this hour", invitation("59 minutes")), goes("of an hour ago", invitation("61 minutes"))]
  },
  slack_requests: {
    key: "key",
    rows: between(
      "119 minutes",
      "121 minutes",
      (age) => (sql, key) => sql`insert into slack_requests values (${key}, ${ago(sql, age)})`
    )
  },
  slack_messages: {
    key: "id",
    rows: [
      stays("still to be written, however old", slackMessage("queued", "40 days", "50 days")),
      stays("given up 29 days ago", slackMessage("failed", "29 days", "1 day")),
      goes("given up 31 days ago", slackMessage("failed", "31 days", "1 day")),
      goes("never written, and over for 30 days", slackMessage("queued", "31 days", "1 day"))
    ]
  },
  slack_lanes: {
    key: "recipient",
    rows: between(
      "23 hours",
      "25 hours",
      (age) => (sql, key) => sql`insert into slack_lanes values (${key}, ${ago(sql, age)})`
    )
  },
  slack_guides: { key: "id", rows: between("29 days", "31 days", guide) },
  cases: {
    key: "id",
    rows: [
      stays("open, however old", supportCase("opened", "400 days")),
      stays("closed 364 days ago", supportCase("closed", "364 days")),
      goes("closed 367 days ago", supportCase("closed", "367 days"))
    ]
  },
  alerts: {
    key: "id",
    rows: between(
      "89 days",
      "91 days",
      (age) => (sql, key) =>
        sql`
        insert into alerts (id, alarm, at) values (${key}::uuid, 'delivery', ${ago(sql, age)})`
    )
  }
}
