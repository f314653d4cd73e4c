-- The way from the portal to the hosted pages, and the sessions there (S-48 to S-50). No token is stored: it is derived.
create table portal_links (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  epoch bigint not null,
  grant_id uuid,
  return_url text,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint portal_link_lives_at_most_a_minute check (expires_at <= made_at + interval '60 seconds')
);
create index portal_links_of_an_account on portal_links (account_id);
create index portal_links_by_age on portal_links (expires_at);
comment on table portal_links is 'One-time links from the portal to the hosted pages; opened once, by POST.';
comment on column portal_links.grant_id is 'Proof that the portal gave along: consumed when the link is opened, the session then has its own.';

create table sessions (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  epoch bigint not null,
  generation integer not null default 1,
  rotated_at timestamptz not null,
  grant_id uuid,
  return_url text,
  made_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  constraint session_lives_at_most_a_day check (expires_at <= made_at + interval '24 hours'),
  constraint generations_count_up check (generation >= 1)
);
create index sessions_of_an_account on sessions (account_id);
create index sessions_by_age on sessions (expires_at);
comment on table sessions is 'People on the hosted pages; over after 24 hours, an hour without a request, or a change elsewhere.';
comment on column sessions.epoch is 'Over as soon as the account has another epoch, but for the session that acted.';
comment on column sessions.generation is 'Raised when the token rotates; the former one leads here for ten seconds more.';
comment on column sessions.grant_id is 'The proof of the current method that this session holds, to be spent once.';
