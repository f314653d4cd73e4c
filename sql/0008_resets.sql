-- Lost phones: support asks for a reset, every address is told, and it takes effect after a wait unless somebody stops it.
create table resets (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  status text not null default 'waiting',
  reason text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  executes_at timestamptz not null,
  ended_at timestamptz,
  constraint status_is_known check (status in ('waiting', 'cancelled', 'executed')),
  constraint an_ended_reset_says_when check ((status = 'waiting') = (ended_at is null)),
  constraint a_reset_waits_before_it_is_executed check (status <> 'executed' or ended_at >= executes_at)
);
create unique index one_waiting_reset_an_account on resets (account_id) where status = 'waiting';
create index resets_due on resets (executes_at) where status = 'waiting';
create index resets_by_age on resets (ended_at) where status <> 'waiting';
comment on table resets is 'Purged a week after their end; the audit trail keeps who asked and why.';
comment on column resets.executes_at is 'Not before this (S-59); every address on file can stop it until then.';
