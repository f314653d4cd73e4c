-- Slack users who see an account's status, and the invitations that lead there (S-68).
create table slack_links (
  enterprise text not null,
  team text not null,
  slack_user text not null,
  account_id text not null references accounts on delete cascade,
  linked_at timestamptz not null default statement_timestamp(),
  constraint a_slack_user_sees_one_account primary key (enterprise, team, slack_user)
);
create index slack_links_of_an_account on slack_links (account_id);
comment on table slack_links is 'Made by signing in at the portal, never by an equal e-mail address.';
comment on column slack_links.enterprise is 'Empty outside Enterprise Grid.';

create table slack_invitations (
  id uuid primary key,
  enterprise text not null,
  team text not null,
  slack_user text not null,
  display_name text not null,
  workspace text not null,
  key_id text not null,
  made_at timestamptz not null default statement_timestamp(),
  expires_at timestamptz not null,
  account_id text references accounts on delete cascade,
  opened_at timestamptz,
  closed_at timestamptz,
  constraint whoever_opens_it_is_known check ((account_id is null) = (opened_at is null)),
  constraint invitation_lives_at_most_15_minutes check (expires_at <= made_at + interval '15 minutes')
);
create unique index one_open_invitation_a_slack_user on slack_invitations (enterprise, team, slack_user)
  where closed_at is null;
create index slack_invitations_of_an_account on slack_invitations (account_id) where account_id is not null;
create index slack_invitations_by_age on slack_invitations (made_at);
comment on table slack_invitations is 'The numbers to match are derived from the id, and stored nowhere.';
comment on column slack_invitations.display_name is 'For the page that asks; the row is deleted within the hour.';

-- A request of Slack has an effect once, however often it is delivered (S-66).
create table slack_requests (
  key text primary key,
  at timestamptz not null default statement_timestamp()
);
create index slack_requests_by_age on slack_requests (at);
