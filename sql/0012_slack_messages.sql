-- What the bot shows in channels and direct messages: one row a visible message, until the newest version is there.
create table slack_messages (
  id uuid primary key,
  position bigint generated always as identity,
  subject text not null,
  recipient text not null,
  thread_of text,
  account_id text,
  message jsonb not null,
  locale text,
  time_zone text,
  version integer not null default 1,
  written integer not null default 0,
  channel text,
  ts text,
  queued_at timestamptz not null default statement_timestamp(),
  not_before timestamptz not null default statement_timestamp(),
  not_after timestamptz not null,
  state text not null default 'queued',
  detail text,
  attempts integer not null default 0,
  in_doubt_since timestamptz,
  lease uuid,
  leased_until timestamptz,
  constraint one_message_a_subject unique (subject),
  constraint state_is_known check (state in ('queued', 'written', 'failed')),
  constraint what_is_written_has_its_place check (written = 0 or (channel is not null and ts is not null)),
  constraint a_lease_has_an_end check ((lease is null) = (leased_until is null)),
  constraint only_a_message_on_its_way_is_leased check (lease is null or state = 'queued')
);
create index slack_messages_due on slack_messages (recipient, not_before, position) where state = 'queued';
create index slack_messages_of_an_account on slack_messages (account_id, position desc) where account_id is not null;
create index slack_messages_by_recipient on slack_messages (recipient, position desc) where channel is not null;
create index slack_messages_by_age on slack_messages (queued_at);
comment on table slack_messages is 'Facts only. Written at least once and seen once: after a lost answer the channel is searched for the id.';
comment on column slack_messages.recipient is 'A channel, or a user for their direct messages; one message a second each.';
comment on column slack_messages.in_doubt_since is 'A try began then whose answer is not known: it may be there already.';

create table slack_lanes (
  recipient text primary key,
  free_at timestamptz not null
);
comment on table slack_lanes is 'When the next message may go to a recipient, for all nodes.';

-- Checklists in the direct messages of linked customers.
create table slack_guides (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  enterprise text not null,
  team text not null,
  slack_user text not null,
  reached integer not null default 0,
  begun_at timestamptz not null default statement_timestamp(),
  changed_at timestamptz not null default statement_timestamp(),
  ended_at timestamptz
);
create unique index one_open_guide_a_slack_user on slack_guides (enterprise, team, slack_user) where ended_at is null;
create index slack_guides_of_an_account on slack_guides (account_id);
create index slack_guides_open on slack_guides (account_id) where ended_at is null;
create index slack_guides_by_age on slack_guides (changed_at);
