-- Letters that a committed step caused, until they are handed over or refused for good (P5).
create table outbox (
  id uuid primary key,
  account_id text not null,
  channel text not null,
  address text not null,
  lane text not null generated always as (
    case when channel = 'email' then lower(split_part(address, '@', -1)) else address end
  ) stored,
  letter jsonb not null,
  name text,
  locale text,
  time_zone text,
  challenge_id uuid,
  queued_at timestamptz not null default statement_timestamp(),
  position bigint generated always as identity,
  not_before timestamptz not null,
  not_after timestamptz not null,
  state text not null default 'queued',
  state_at timestamptz not null default statement_timestamp(),
  detail text,
  attempts integer not null default 0,
  leased_until timestamptz,
  lease uuid,
  constraint channel_is_known check (channel in ('email', 'sms')),
  constraint state_is_known check (state in ('queued', 'deferred', 'handed_over', 'failed', 'obsolete')),
  constraint a_lease_has_an_end check ((lease is null) = (leased_until is null)),
  constraint only_a_letter_on_its_way_is_leased check (lease is null or state in ('queued', 'deferred'))
);
create index outbox_due on outbox (not_before, position) where state in ('queued', 'deferred');
create index outbox_due_by_lane on outbox (channel, lane, not_before, position) where state in ('queued', 'deferred');
create index outbox_to_an_address on outbox (account_id, channel, address, position) where state in ('queued', 'deferred');
create index outbox_of_a_challenge on outbox (challenge_id, position) where challenge_id is not null;
create index outbox_of_an_account on outbox (account_id) where state not in ('queued', 'deferred');
create index outbox_by_age on outbox (state_at) where state not in ('queued', 'deferred');
comment on table outbox is 'Written in the transaction of its cause; claimed with a lease; sent at least once, with the same Message-ID and text.';
comment on column outbox.lane is 'What has one share of the places of a courier: the domain of a mail address, or the number.';
comment on column outbox.letter is 'Facts only: a code is derived in the moment of sending.';
comment on column outbox.not_after is 'Never handed over after this; given up then, with the reason in detail.';
comment on column outbox.state is 'obsolete: no longer true or wanted when it was due.';
