-- Budgets that nodes share and that survive restarts (S-33).
create table rate_limits (
  subject text primary key,
  hits timestamptz[] not null,
  most integer not null,
  expires_at timestamptz not null,
  constraint a_budget_holds check (cardinality(hits) <= most)
);
create index rate_limits_by_age on rate_limits (expires_at);
comment on table rate_limits is 'Sliding windows: the instants that still count, for one subject.';
comment on column rate_limits.subject is 'Budget and keyed digest of what it is about; no address, number or IP.';
comment on column rate_limits.most is 'The constraint makes one hit too many impossible, however many writers race.';
