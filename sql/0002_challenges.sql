-- Codes that were asked for, and the proofs that right codes gave. No code is stored: it is derived when needed (S-27).
create table challenges (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  purpose text not null,
  slot text generated always as (case when purpose in ('setup', 'change') then 'protection' else purpose end) stored,
  method text not null,
  destination text not null,
  epoch bigint not null,
  key_id text not null,
  nonce bytea not null,
  issue integer not null,
  code_length integer not null,
  tries integer not null,
  max_tries integer not null,
  sends integer not null,
  status text not null,
  acknowledged text,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  closes_at timestamptz not null,
  resend_after timestamptz not null,
  closed_at timestamptz,
  constraint purpose_is_known check (purpose in ('sign-in', 'step-up', 'setup', 'change')),
  constraint status_is_known check (
    status in ('open', 'succeeded', 'cancelled', 'superseded', 'exhausted', 'expired', 'voided')
  ),
  constraint a_closed_challenge_says_when check ((status = 'open') = (closed_at is null)),
  constraint code_lives_at_most_10_minutes check (expires_at <= issued_at + interval '10 minutes'),
  constraint challenge_lives_at_most_60_minutes check (expires_at <= closes_at),
  constraint tries_stay_within_the_budget check (tries between 0 and max_tries and max_tries between 3 and 10),
  constraint an_open_challenge_has_tries_left check (status <> 'open' or tries < max_tries),
  constraint at_most_five_sends_a_challenge check (sends between 1 and 5),
  constraint a_code_has_six_digits_or_more check (code_length between 6 and 10)
);
create unique index one_open_challenge_a_slot on challenges (account_id, slot) where status = 'open';
create index challenges_of_an_account on challenges (account_id, issued_at);
create index closed_challenges_by_age on challenges (closes_at);
comment on table challenges is 'One code asked for, for one purpose; purged a day after it can no longer be used.';
comment on column challenges.issue is 'Raised when a lapsed code is replaced: another issue is another code.';
comment on column challenges.nonce is 'Random input of the derivation; worthless without the key outside the database.';
comment on column challenges.issued_at is 'Of the code that is alive, not of the challenge.';
comment on column challenges.acknowledged is 'Version of the strength sentence that the person was shown (S-02).';

create table grants (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  epoch bigint not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint grant_lives_at_most_15_minutes check (expires_at <= made_at + interval '15 minutes')
);
create index grants_of_an_account on grants (account_id, made_at);
create index grants_by_age on grants (expires_at);
comment on table grants is 'Proof of the current method (S-08); the token is derived from the id, never stored.';
comment on column grants.epoch is 'Void as soon as the account has another epoch.';
