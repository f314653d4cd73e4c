import { Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import { randomUUID } from "node:crypto"
import { AccountId, SlackInvitationId } from "../domain/ids.ts"
import { linkingSeconds, type SlackInvitation, type SlackLink, type SlackUser } from "../domain/slack.ts"
import { batch } from "./batch.ts"

/** Whom a step looks for in Slack: somebody by themselves, or by their invitation. */
export type SlackLook = { readonly user: SlackUser } | { readonly invitation: SlackInvitationId }

/** What it sees: the invitation that was asked for, and the account that this person is linked with now. */
export interface SlackSeen {
  readonly invitation: SlackInvitation | null
  readonly linked: AccountId | null
}

/** Invitations that one person may ask for within an hour. */
const invitationsAnHour = 10

const Instant = Schema.DateFromString
const Seen = Schema.Struct({
  invitation: Schema.NullOr(
    Schema.Struct({
      id: SlackInvitationId,
      enterprise: Schema.NullOr(Schema.String),
      team: Schema.String,
      user: Schema.String,
      displayName: Schema.String,
      workspace: Schema.String,
      keyId: Schema.String,
      madeAt: Instant,
      expiresAt: Instant,
      accountId: Schema.NullOr(AccountId),
      openedAt: Schema.NullOr(Instant),
      closedAt: Schema.NullOr(Instant)
    })
  ),
  linked: Schema.NullOr(AccountId)
})
const decodeSeen = Schema.decodeUnknownEffect(Schema.NullOr(Seen))

/** What `seen` found. */
export const readSlackSeen = (row: unknown): Effect.Effect<SlackSeen> =>
  Effect.map(Effect.orDie(decodeSeen(row)), (seen) => seen ?? { invitation: null, linked: null })

const row = ({ enterprise, team, user }: SlackUser) => ({ enterprise: enterprise ?? "", team, user })

/** Which Slack user sees which account, and the invitations that lead there (S-68). Owner of their two tables. */
export class SlackLinks extends Context.Service<
  SlackLinks,
  {
    /** Scalar subselect: jsonb of what a step sees of somebody in Slack; null where it does not look. */
    seen(look: SlackLook | undefined): Statement.Fragment
    /** Body of a CTE over `applied`: links these. */
    link(accountId: string, users: ReadonlyArray<SlackUser>): Statement.Fragment
    /** Body of a CTE over `applied`: ends these links. */
    unlink(accountId: string, users: ReadonlyArray<SlackUser>): Statement.Fragment
    /** Body of a CTE over `applied`: closes these invitations. */
    close(invitations: ReadonlyArray<SlackInvitationId>): Statement.Fragment
    /** The account that somebody in Slack is linked with. */
    accountOf(user: SlackUser): Effect.Effect<Option.Option<AccountId>, SqlError.SqlError>
    /** Who is linked with an account. */
    ofAccount(accountId: AccountId): Effect.Effect<ReadonlyArray<SlackLink>, SqlError.SqlError>
    /** Invites somebody, in place of an earlier invitation; none where there were too many within the hour. */
    invite(
      user: SlackUser,
      shown: Pick<SlackInvitation, "displayName" | "workspace" | "keyId">
    ): Effect.Effect<Option.Option<SlackInvitation>, SqlError.SqlError>
    /** An invitation, whatever has become of it. */
    invitation(id: SlackInvitationId): Effect.Effect<Option.Option<SlackInvitation>, SqlError.SqlError>
    /** Opens an invitation for an account, once, with what follows from it; `false` where it is over or another's. */
    open<E, R>(
      id: SlackInvitationId,
      accountId: AccountId,
      follows: Effect.Effect<void, E, R>
    ): Effect.Effect<boolean, E | SqlError.SqlError, R>
    /** Deletes some invitations, open or not, at most `batch`; answers how many. */
    readonly dropInvitations: Effect.Effect<number, SqlError.SqlError>
    /** Deletes some invitations that were made an hour ago, at most `batch`; answers how many. */
    readonly purge: Effect.Effect<number, SqlError.SqlError>
  }
>()("rekey/SlackLinks") {
  static readonly layer = Layer.effect(
    SlackLinks,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient

      const linkedWith = (enterprise: Statement.Fragment, team: Statement.Fragment, user: Statement.Fragment) =>
        sql`(select l.account_id from slack_links l
          where l.enterprise = ${enterprise} and l.team = ${team} and l.slack_user = ${user})`
      const invitationJson = sql`jsonb_build_object('id', i.id, 'enterprise', nullif(i.enterprise, ''), 'team', i.team,
        'user', i.slack_user, 'displayName', i.display_name, 'workspace', i.workspace, 'keyId', i.key_id,
        'madeAt', i.made_at, 'expiresAt', i.expires_at, 'accountId', i.account_id, 'openedAt', i.opened_at,
        'closedAt', i.closed_at)`
      const theseUsers = (users: ReadonlyArray<SlackUser>) =>
        sql`jsonb_to_recordset(${JSON.stringify(users.map(row))}::jsonb) as r(enterprise text, team text, "user" text)`
      const invitationIn = (rows: ReadonlyArray<{ readonly seen: unknown }>) =>
        Effect.map(readSlackSeen(rows[0]?.seen ?? null), ({ invitation }) => Option.fromNullishOr(invitation))

      const seen = (look: SlackLook | undefined) => {
        if (look === undefined) return sql`null::jsonb`
        if ("invitation" in look)
          return sql`(select jsonb_build_object('invitation', ${invitationJson},
            'linked', ${linkedWith(sql`i.enterprise`, sql`i.team`, sql`i.slack_user`)})
            from slack_invitations i where i.id = ${look.invitation}::uuid)`
        const { enterprise, team, user } = row(look.user)
        return sql`jsonb_build_object('invitation', null,
          'linked', ${linkedWith(sql`${enterprise}`, sql`${team}`, sql`${user}`)})`
      }

      const accountOf = Effect.fn("SlackLinks.accountOf")(function* (asked: SlackUser) {
        const { enterprise, team, user } = row(asked)
        const [found] = yield* sql<{ accountId: AccountId | null }>`
          select ${linkedWith(sql`${enterprise}`, sql`${team}`, sql`${user}`)} as "accountId"`
        return Option.fromNullishOr(found?.accountId)
      })

      const ofAccount = Effect.fn("SlackLinks.ofAccount")(
        (accountId: AccountId) => sql<SlackLink>`
          select nullif(enterprise, '') as enterprise, team, slack_user as "user", account_id as "accountId"
          from slack_links where account_id = ${accountId} order by linked_at`
      )

      const invite = Effect.fn("SlackLinks.invite")(function* (
        asked: SlackUser,
        { displayName, workspace, keyId }: Pick<SlackInvitation, "displayName" | "workspace" | "keyId">
      ) {
        const { enterprise, team, user } = row(asked)
        const mine = sql`enterprise = ${enterprise} and team = ${team} and slack_user = ${user}`
        return yield* sql
          .withTransaction(
            Effect.gen(function* () {
              // one after the other: the count below must see what another request has made
              yield* sql`select pg_advisory_xact_lock(hashtextextended(${`slack ${enterprise} ${team} ${user}`}, 0))`
              const [made] = yield* sql<{ many: boolean }>`
                select count(*) >= ${invitationsAnHour} as many from slack_invitations
                where ${mine} and made_at > statement_timestamp() - interval '1 hour'`
              if (made?.many === true) return []
              yield* sql`update slack_invitations set closed_at = statement_timestamp()
                where ${mine} and closed_at is null`
              return yield* sql<{ seen: unknown }>`
                with i as (
                  insert into slack_invitations (id, enterprise, team, slack_user, display_name, workspace, key_id, expires_at)
                  values (${randomUUID()}::uuid, ${enterprise}, ${team}, ${user}, ${displayName}, ${workspace}, ${keyId},
                    statement_timestamp() + make_interval(secs => ${linkingSeconds.invitation}))
                  returning *
                )
                select jsonb_build_object('invitation', ${invitationJson}, 'linked', null) as seen from i`
            })
          )
          .pipe(Effect.flatMap(invitationIn))
      })

      const invitation = Effect.fn("SlackLinks.invitation")((id: SlackInvitationId) =>
        Effect.flatMap(sql<{ seen: unknown }>`select ${seen({ invitation: id })} as seen`, invitationIn)
      )

      const open = <E, R>(id: SlackInvitationId, accountId: AccountId, follows: Effect.Effect<void, E, R>) =>
        sql.withTransaction(
          Effect.gen(function* () {
            const opened = yield* sql`
              update slack_invitations set account_id = ${accountId}, opened_at = statement_timestamp(),
                expires_at = statement_timestamp() + make_interval(secs => ${linkingSeconds.matching})
              where id = ${id}::uuid and opened_at is null and closed_at is null
                and expires_at > statement_timestamp() returning 1`
            if (opened.length === 0) return false
            yield* follows
            return true
          })
        )

      return SlackLinks.of({
        seen,
        link: (accountId, users) => sql`
          insert into slack_links (enterprise, team, slack_user, account_id)
          select r.enterprise, r.team, r."user", ${accountId} from applied, ${theseUsers(users)}`,
        unlink: (accountId, users) => sql`
          delete from slack_links l using applied, ${theseUsers(users)}
          where l.account_id = ${accountId} and l.enterprise = r.enterprise and l.team = r.team and l.slack_user = r."user"`,
        close: (invitations) => sql`
          update slack_invitations i set closed_at = statement_timestamp() from applied
          where i.closed_at is null
            and i.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(invitations)}::jsonb))`,
        accountOf,
        ofAccount,
        invite,
        invitation,
        open,
        dropInvitations: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from slack_invitations where id in (select id from slack_invitations limit ${batch}) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        ),
        purge: Effect.map(
          sql<{ count: number }>`
            with gone as (
              delete from slack_invitations where id in (
                select id from slack_invitations where made_at < statement_timestamp() - interval '1 hour'
                limit ${batch} for update skip locked) returning 1
            )
            select count(*)::int as count from gone`,
          ([counted]) => counted?.count ?? 0
        )
      })
    })
  )
}
