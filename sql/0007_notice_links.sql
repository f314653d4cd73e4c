-- The links of notices: what happened, and how its owner may object within 72 hours. No token is stored: it is derived.
create table notice_links (
  id uuid primary key,
  account_id text not null references accounts on delete cascade,
  epoch bigint not null,
  good_at_epoch bigint not null,
  key_id text not null,
  kind text not null,
  method_before text,
  method_after text,
  enrolment_before uuid,
  reset_id uuid,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  reported_at timestamptz,
  used_at timestamptz,
  constraint kind_is_known check (kind in ('set-up', 'changed', 'disabled', 'reset')),
  constraint a_link_of_a_reset_names_it check ((kind = 'reset') = (reset_id is not null)),
  constraint notice_link_lives_72_hours_or_as_long_as_its_reset_waits check (
    kind = 'reset' or expires_at <= made_at + interval '72 hours'
  ),
  constraint a_link_is_good_from_its_own_event_on check (good_at_epoch >= epoch)
);
create index notice_links_of_an_account on notice_links (account_id);
create index notice_links_by_age on notice_links (expires_at);
comment on table notice_links is 'One row an event that its owner is told of; every notice of the event has the same link.';
comment on column notice_links.epoch is 'Of the account after that event; the token is bound to it.';
comment on column notice_links.good_at_epoch is
  'Void as soon as the account has another epoch; only its own report takes the link along into the next one.';
comment on column notice_links.key_id is 'The key of the ring that its token is made with.';
comment on column notice_links.enrolment_before is
  'The method that the link can put back into force, with its destination; null where it can only report.';
comment on column notice_links.reported_at is 'A link reports once.';
comment on column notice_links.used_at is 'Set by what it was used for: an undo that was committed, or a reset that was stopped.';

alter table challenges add column notice_link_id uuid;
comment on column challenges.notice_link_id is 'The link that permitted this change back to the former method, instead of a grant.';
