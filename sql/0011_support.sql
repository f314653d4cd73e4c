-- What support works on, and what the operator's people are called for.
create table cases (
  id text primary key,
  position bigint generated always as identity,
  account_id text not null references accounts on delete cascade,
  kind text not null,
  status text not null default 'opened',
  step text,
  verdict text,
  protection text not null,
  claimed_by text,
  opened_at timestamptz not null default statement_timestamp(),
  changed_at timestamptz not null default statement_timestamp(),
  constraint kind_is_known check (kind in ('stuck', 'lost', 'reported')),
  constraint status_is_known check (status in ('opened', 'claimed', 'guided', 'closed'))
);
create unique index one_open_case_a_kind on cases (account_id, kind) where status <> 'closed';
create index cases_of_an_account on cases (account_id);
create index cases_open_newest_first on cases (position desc) where status <> 'closed';
create index cases_newest_first on cases (position desc);
create index cases_by_age on cases (changed_at) where status = 'closed';
comment on table cases is 'Account id, step and verdict; no name, address, number or free text.';
comment on column cases.claimed_by is 'Slack''s id of whoever of support has claimed it.';

create table alerts (
  id uuid primary key,
  alarm text not null,
  count integer not null default 1,
  accounts jsonb not null default '[]',
  since timestamptz not null default statement_timestamp(),
  at timestamptz not null default statement_timestamp(),
  over_at timestamptz
);
create index alerts_newest_first on alerts (alarm, at desc);
comment on table alerts is 'The same alarm within twelve hours is the same row with a counter.';

-- How far each follower of the event feed has come; moved in the transaction of what follows from the events.
create table feed_positions (
  follower text primary key,
  after text not null
);
