-- Customers as the portal registered them, their second factors, and how often guessing has failed.
create table accounts (
  account_id text primary key,
  version bigint not null default 1,
  epoch bigint not null default 1,
  email text not null,
  phone text,
  name text,
  locale text,
  time_zone text,
  password_hash text not null,
  imported_hash bytea,
  demo boolean not null default false,
  must_enrol boolean not null default false,
  reported_at timestamptz,
  password_failures integer not null default 0,
  password_blocked_until timestamptz,
  enrolment_failures integer not null default 0,
  enrolment_blocked_until timestamptz,
  created_at timestamptz not null default statement_timestamp(),
  changed_at timestamptz not null default statement_timestamp(),
  constraint account_id_is_short_and_plain check (account_id ~ '^[A-Za-z0-9._~:@-]{1,128}$'),
  constraint version_starts_at_one check (version >= 1),
  constraint epoch_starts_at_one check (epoch >= 1),
  constraint email_is_one_bare_mailbox check (
    email ~ '^[^][:space:][:cntrl:]<>()@,:;"\\[]+@[^][:space:][:cntrl:]<>()@,:;"\\[]+$' and octet_length(email) <= 254
  ),
  constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint failures_are_counted_up check (password_failures >= 0 and enrolment_failures >= 0)
);
comment on table accounts is 'One row a customer of the portal; the row that every step of an account guards.';
comment on column accounts.version is 'Raised by every step: a step is written only over the version that it was decided on.';
comment on column accounts.epoch is 'Raised by every change of protection or password: older challenges and grants are void.';
comment on column accounts.password_hash is 'PHC or a format that was imported; never a password.';
comment on column accounts.imported_hash is
  'SHA-256 of the hash text that was imported last: the same import again is no change, although the hash was renewed since.';
comment on column accounts.password_blocked_until is 'No password is judged before this (a delay, never a lock).';
comment on column accounts.enrolment_failures is 'Consecutive wrong codes of set-up and change; never counted against the method in force.';
comment on column accounts.reported_at is 'Its owner said "this wasn''t me": protection is frozen.';

create table former_contacts (
  account_id text not null references accounts on delete cascade,
  channel text not null,
  address text not null,
  until timestamptz not null,
  primary key (account_id, channel, address),
  constraint channel_is_known check (channel in ('email', 'sms'))
);
comment on table former_contacts is 'Addresses that the portal replaced: still told of every change until then (72 hours).';

create table enrolments (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  method text not null,
  destination text not null,
  enrolled_at timestamptz not null,
  last_used_at timestamptz,
  failures integer not null default 0,
  blocked_until timestamptz,
  suspended_at timestamptz,
  ended_at timestamptz,
  constraint failures_of_a_method_are_counted_up check (failures between 0 and 100),
  constraint an_enrolment_ends_after_it_began check (ended_at >= enrolled_at)
);
create unique index one_method_in_force_an_account on enrolments (account_id) where ended_at is null;
create index enrolments_of_an_account on enrolments (account_id, ended_at);
comment on table enrolments is 'Every second factor that was ever bound to an account; the one in force has no ended_at.';
comment on column enrolments.destination is 'Where its codes go: the address it was verified at, whatever the contact is now.';
comment on column enrolments.failures is 'Consecutive wrong codes; only a right code sets it to 0 (S-21, S-24).';
comment on column enrolments.suspended_at is 'Too many failures: nothing is sent or judged, and the account stays protected (S-22).';
