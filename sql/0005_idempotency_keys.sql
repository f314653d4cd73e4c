-- Answers that changed or counted something, for the portal that repeats a call (P6).
create table idempotency_keys (
  scope bytea primary key,
  body bytea not null,
  answer jsonb not null,
  account_id text not null,
  made_at timestamptz not null default statement_timestamp()
);
create index idempotency_keys_of_an_account on idempotency_keys (account_id);
create index idempotency_keys_by_age on idempotency_keys (made_at);
comment on table idempotency_keys is 'Written in the transaction of the effect; kept for 24 hours.';
comment on column idempotency_keys.scope is 'HMAC over API key, method, path and Idempotency-Key.';
comment on column idempotency_keys.body is 'HMAC over the body: it may hold a password or a code, so never a plain hash.';
comment on column idempotency_keys.answer is 'The account''s answer without secrets; bearer tokens are derived from ids again.';
