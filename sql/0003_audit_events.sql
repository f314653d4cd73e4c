-- What happened, for ever: append-only, one chain an account (S-79).
create table audit_events (
  position bigint generated always as identity primary key,
  era integer not null default 0,
  transaction xid8 not null default pg_current_xact_id(),
  id uuid not null unique,
  account_id text not null,
  sequence bigint not null,
  at timestamptz not null,
  epoch bigint not null,
  type text not null,
  actor text not null,
  outcome text not null,
  method text,
  purpose text,
  reason text,
  client jsonb,
  reference text,
  key_id text not null,
  former bytea not null,
  mac bytea not null,
  constraint one_row_a_place_in_the_chain unique (account_id, sequence),
  constraint actor_is_known check (actor in ('customer', 'portal', 'support', 'system'))
);
create index audit_events_in_commit_order on audit_events (era, transaction, position);
comment on table audit_events is 'The audit trail and the event feed of the portal. Rows outlive the account.';
comment on column audit_events.transaction is 'The feed shows only rows whose writers have all ended, so that it never skips one.';
comment on column audit_events.era is
  'Raised when the database moved to a server whose transaction ids are lower (a restored dump): sorts before them.';
comment on column audit_events.mac is 'HMAC over the former row''s and this row''s content.';

create function audit_events_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_events is append-only';
end
$$;
create trigger audit_events_stay before update or delete on audit_events
  for each row execute function audit_events_are_append_only();
create trigger audit_events_are_kept before truncate on audit_events
  for each statement execute function audit_events_are_append_only();
