-- One row a customer of the portal; the row that every step of an account guards.
create table accounts (
  account_id text not null,
  version bigint not null default 1, -- Raised by every step: a step is written only over the version that it was decided on.
  epoch bigint not null default 1, -- Raised by every change of protection or password: older challenges and grants are void.
  email text not null,
  phone text,
  name text,
  locale text,
  time_zone text,
  password_hash text not null, -- PHC or a format that was imported; never a password.
  imported_hash bytea, -- SHA-256 of the hash text that was imported last: the same import again is no change, although the hash was renewed since.
  demo boolean not null default false,
  must_enrol boolean not null default false,
  reported_at timestamp with time zone, -- Its owner said "this wasn't me": protection is frozen.
  password_failures integer not null default 0,
  password_blocked_until timestamp with time zone, -- No password is judged before this (a delay, never a lock).
  enrolment_failures integer not null default 0, -- Consecutive wrong codes of set-up and change; never counted against the method in force.
  enrolment_blocked_until timestamp with time zone,
  created_at timestamp with time zone not null default statement_timestamp(),
  changed_at timestamp with time zone not null default statement_timestamp(),
  constraint accounts_pkey PRIMARY KEY (account_id),
  constraint account_id_is_short_and_plain CHECK ((account_id ~ '^[A-Za-z0-9._~:@-]{1,128}$'::text)),
  constraint email_is_one_bare_mailbox CHECK (((email ~ '^[^][:space:][:cntrl:]<>()@,:;"\\[]+@[^][:space:][:cntrl:]<>()@,:;"\\[]+$'::text) AND (octet_length(email) <= 254))),
  constraint epoch_starts_at_one CHECK ((epoch >= 1)),
  constraint failures_are_counted_up CHECK (((password_failures >= 0) AND (enrolment_failures >= 0))),
  constraint phone_is_e164 CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
  constraint version_starts_at_one CHECK ((version >= 1))
);

-- The same alarm within twelve hours is the same row with a counter.
create table alerts (
  id uuid not null,
  alarm text not null,
  count integer not null default 1,
  accounts jsonb not null default '[]'::jsonb,
  since timestamp with time zone not null default statement_timestamp(),
  at timestamp with time zone not null default statement_timestamp(),
  over_at timestamp with time zone,
  constraint alerts_pkey PRIMARY KEY (id)
);
CREATE INDEX alerts_newest_first ON public.alerts USING btree (alarm, at DESC);

-- The audit trail and the event feed of the portal. Rows outlive the account.
create table audit_events (
  position bigint not null generated always as identity,
  era integer not null default 0, -- Raised when the database moved to a server whose transaction ids are lower (a restored dump): sorts before them.
  transaction xid8 not null default pg_current_xact_id(), -- The feed shows only rows whose writers have all ended, so that it never skips one.
  id uuid not null,
  account_id text not null,
  sequence bigint not null,
  at timestamp with time zone not null,
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
  mac bytea not null, -- HMAC over the former row's and this row's content.
  constraint audit_events_pkey PRIMARY KEY ("position"),
  constraint actor_is_known CHECK ((actor = ANY (ARRAY['customer'::text, 'portal'::text, 'support'::text, 'system'::text]))),
  constraint audit_events_id_key UNIQUE (id),
  constraint one_row_a_place_in_the_chain UNIQUE (account_id, sequence)
);
CREATE INDEX audit_events_in_commit_order ON public.audit_events USING btree (era, transaction, "position");
CREATE TRIGGER audit_events_are_kept BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_events_stay BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();

-- Account id, step and verdict; no name, address, number or free text.
create table cases (
  id text not null,
  position bigint not null generated always as identity,
  account_id text not null,
  kind text not null,
  status text not null default 'opened'::text,
  step text,
  verdict text,
  protection text not null,
  claimed_by text, -- Slack's id of whoever of support has claimed it.
  opened_at timestamp with time zone not null default statement_timestamp(),
  changed_at timestamp with time zone not null default statement_timestamp(),
  constraint cases_pkey PRIMARY KEY (id),
  constraint cases_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['stuck'::text, 'lost'::text, 'reported'::text]))),
  constraint status_is_known CHECK ((status = ANY (ARRAY['opened'::text, 'claimed'::text, 'guided'::text, 'closed'::text])))
);
CREATE INDEX cases_by_age ON public.cases USING btree (changed_at) WHERE (status = 'closed'::text);
CREATE INDEX cases_newest_first ON public.cases USING btree ("position" DESC);
CREATE INDEX cases_of_an_account ON public.cases USING btree (account_id);
CREATE INDEX cases_open_newest_first ON public.cases USING btree ("position" DESC) WHERE (status <> 'closed'::text);
CREATE UNIQUE INDEX one_open_case_a_kind ON public.cases USING btree (account_id, kind) WHERE (status <> 'closed'::text);

-- One code asked for, for one purpose; purged a day after it can no longer be used.
create table challenges (
  id uuid not null,
  account_id text not null,
  purpose text not null,
  slot text generated always as (
CASE
    WHEN (purpose = ANY (ARRAY['setup'::text, 'change'::text])) THEN 'protection'::text
    ELSE purpose
END) stored,
  method text not null,
  destination text not null,
  epoch bigint not null,
  key_id text not null,
  nonce bytea not null, -- Random input of the derivation; worthless without the key outside the database.
  issue integer not null, -- Raised when a lapsed code is replaced: another issue is another code.
  code_length integer not null,
  tries integer not null,
  max_tries integer not null,
  sends integer not null,
  status text not null,
  acknowledged text, -- Version of the strength sentence that the person was shown (S-02).
  issued_at timestamp with time zone not null, -- Of the code that is alive, not of the challenge.
  expires_at timestamp with time zone not null,
  closes_at timestamp with time zone not null,
  resend_after timestamp with time zone not null,
  closed_at timestamp with time zone,
  notice_link_id uuid, -- The link that permitted this change back to the former method, instead of a grant.
  constraint challenges_pkey PRIMARY KEY (id),
  constraint a_closed_challenge_says_when CHECK (((status = 'open'::text) = (closed_at IS NULL))),
  constraint a_code_has_six_digits_or_more CHECK (((code_length >= 6) AND (code_length <= 10))),
  constraint an_open_challenge_has_tries_left CHECK (((status <> 'open'::text) OR (tries < max_tries))),
  constraint at_most_five_sends_a_challenge CHECK (((sends >= 1) AND (sends <= 5))),
  constraint challenge_lives_at_most_60_minutes CHECK ((expires_at <= closes_at)),
  constraint challenges_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
  constraint code_lives_at_most_10_minutes CHECK ((expires_at <= (issued_at + '00:10:00'::interval))),
  constraint purpose_is_known CHECK ((purpose = ANY (ARRAY['sign-in'::text, 'step-up'::text, 'setup'::text, 'change'::text]))),
  constraint status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'succeeded'::text, 'cancelled'::text, 'superseded'::text, 'exhausted'::text, 'expired'::text, 'voided'::text]))),
  constraint tries_stay_within_the_budget CHECK ((((tries >= 0) AND (tries <= max_tries)) AND ((max_tries >= 3) AND (max_tries <= 10))))
);
CREATE INDEX challenges_of_an_account ON public.challenges USING btree (account_id, issued_at);
CREATE INDEX closed_challenges_by_age ON public.challenges USING btree (closes_at);
CREATE UNIQUE INDEX one_open_challenge_a_slot ON public.challenges USING btree (account_id, slot) WHERE (status = 'open'::text);

-- Every second factor that was ever bound to an account; the one in force has no ended_at.
create table enrolments (
  id uuid not null,
  account_id text not null,
  method text not null,
  destination text not null, -- Where its codes go: the address it was verified at, whatever the contact is now.
  enrolled_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  failures integer not null default 0, -- Consecutive wrong codes; only a right code sets it to 0 (S-21, S-24).
  blocked_until timestamp with time zone,
  suspended_at timestamp with time zone, -- Too many failures: nothing is sent or judged, and the account stays protected (S-22).
  ended_at timestamp with time zone,
  constraint enrolments_pkey PRIMARY KEY (id),
  constraint an_enrolment_ends_after_it_began CHECK ((ended_at >= enrolled_at)),
  constraint enrolments_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
  constraint failures_of_a_method_are_counted_up CHECK (((failures >= 0) AND (failures <= 100)))
);
CREATE INDEX enrolments_of_an_account ON public.enrolments USING btree (account_id, ended_at);
CREATE UNIQUE INDEX one_method_in_force_an_account ON public.enrolments USING btree (account_id) WHERE (ended_at IS NULL);

create table feed_positions (
  follower text not null,
  after text not null,
  constraint feed_positions_pkey PRIMARY KEY (follower)
);

-- Addresses that the portal replaced: still told of every change until then (72 hours).
create table former_contacts (
  account_id text not null,
  channel text not null,
  address text not null,
  until timestamp with time zone not null,
  constraint former_contacts_pkey PRIMARY KEY (account_id, channel, address),
  constraint channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
  constraint former_contacts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);

-- Proof of the current method (S-08); the token is derived from the id, never stored.
create table grants (
  id uuid not null,
  account_id text not null,
  epoch bigint not null, -- Void as soon as the account has another epoch.
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint grants_pkey PRIMARY KEY (id),
  constraint grant_lives_at_most_15_minutes CHECK ((expires_at <= (made_at + '00:15:00'::interval))),
  constraint grants_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE INDEX grants_by_age ON public.grants USING btree (expires_at);
CREATE INDEX grants_of_an_account ON public.grants USING btree (account_id, made_at);

-- Written in the transaction of the effect; kept for 24 hours.
create table idempotency_keys (
  scope bytea not null, -- HMAC over API key, method, path and Idempotency-Key.
  body bytea not null, -- HMAC over the body: it may hold a password or a code, so never a plain hash.
  answer jsonb not null, -- The account's answer without secrets; bearer tokens are derived from ids again.
  account_id text not null,
  made_at timestamp with time zone not null default statement_timestamp(),
  constraint idempotency_keys_pkey PRIMARY KEY (scope)
);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (made_at);
CREATE INDEX idempotency_keys_of_an_account ON public.idempotency_keys USING btree (account_id);

-- The files of sql/ that made this database, in the form in which they were applied.
create table migrations (
  number integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default statement_timestamp(),
  constraint migrations_pkey PRIMARY KEY (number)
);

-- One row an event that its owner is told of; every notice of the event has the same link.
create table notice_links (
  id uuid not null,
  account_id text not null,
  epoch bigint not null, -- Of the account after that event; the token is bound to it.
  good_at_epoch bigint not null, -- Void as soon as the account has another epoch; only its own report takes the link along into the next one.
  key_id text not null, -- The key of the ring that its token is made with.
  kind text not null,
  method_before text,
  method_after text,
  enrolment_before uuid, -- The method that the link can put back into force, with its destination; null where it can only report.
  reset_id uuid,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  reported_at timestamp with time zone, -- A link reports once.
  used_at timestamp with time zone, -- Set by what it was used for: an undo that was committed, or a reset that was stopped.
  constraint notice_links_pkey PRIMARY KEY (id),
  constraint a_link_is_good_from_its_own_event_on CHECK ((good_at_epoch >= epoch)),
  constraint a_link_of_a_reset_names_it CHECK (((kind = 'reset'::text) = (reset_id IS NOT NULL))),
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['set-up'::text, 'changed'::text, 'disabled'::text, 'reset'::text]))),
  constraint notice_link_lives_72_hours_or_as_long_as_its_reset_waits CHECK (((kind = 'reset'::text) OR (expires_at <= (made_at + '72:00:00'::interval)))),
  constraint notice_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE INDEX notice_links_by_age ON public.notice_links USING btree (expires_at);
CREATE INDEX notice_links_of_an_account ON public.notice_links USING btree (account_id);

-- Written in the transaction of its cause; claimed with a lease; sent at least once, with the same Message-ID and text.
create table outbox (
  id uuid not null,
  account_id text not null,
  channel text not null,
  address text not null,
  lane text not null generated always as (
CASE
    WHEN (channel = 'email'::text) THEN lower(split_part(address, '@'::text, '-1'::integer))
    ELSE address
END) stored, -- What has one share of the places of a courier: the domain of a mail address, or the number.
  letter jsonb not null, -- Facts only: a code is derived in the moment of sending.
  name text,
  locale text,
  time_zone text,
  challenge_id uuid,
  queued_at timestamp with time zone not null default statement_timestamp(),
  position bigint not null generated always as identity,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null, -- Never handed over after this; given up then, with the reason in detail.
  state text not null default 'queued'::text, -- obsolete: no longer true or wanted when it was due.
  state_at timestamp with time zone not null default statement_timestamp(),
  detail text,
  attempts integer not null default 0,
  leased_until timestamp with time zone,
  lease uuid,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint a_lease_has_an_end CHECK (((lease IS NULL) = (leased_until IS NULL))),
  constraint channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
  constraint only_a_letter_on_its_way_is_leased CHECK (((lease IS NULL) OR (state = ANY (ARRAY['queued'::text, 'deferred'::text])))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'deferred'::text, 'handed_over'::text, 'failed'::text, 'obsolete'::text])))
);
CREATE INDEX outbox_by_age ON public.outbox USING btree (state_at) WHERE (state <> ALL (ARRAY['queued'::text, 'deferred'::text]));
CREATE INDEX outbox_due ON public.outbox USING btree (not_before, "position") WHERE (state = ANY (ARRAY['queued'::text, 'deferred'::text]));
CREATE INDEX outbox_due_by_lane ON public.outbox USING btree (channel, lane, not_before, "position") WHERE (state = ANY (ARRAY['queued'::text, 'deferred'::text]));
CREATE INDEX outbox_of_a_challenge ON public.outbox USING btree (challenge_id, "position") WHERE (challenge_id IS NOT NULL);
CREATE INDEX outbox_of_an_account ON public.outbox USING btree (account_id) WHERE (state <> ALL (ARRAY['queued'::text, 'deferred'::text]));
CREATE INDEX outbox_to_an_address ON public.outbox USING btree (account_id, channel, address, "position") WHERE (state = ANY (ARRAY['queued'::text, 'deferred'::text]));

-- One-time links from the portal to the hosted pages; opened once, by POST.
create table portal_links (
  id uuid not null,
  account_id text not null,
  epoch bigint not null,
  grant_id uuid, -- Proof that the portal gave along: consumed when the link is opened, the session then has its own.
  return_url text,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint portal_links_pkey PRIMARY KEY (id),
  constraint portal_link_lives_at_most_a_minute CHECK ((expires_at <= (made_at + '00:01:00'::interval))),
  constraint portal_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE INDEX portal_links_by_age ON public.portal_links USING btree (expires_at);
CREATE INDEX portal_links_of_an_account ON public.portal_links USING btree (account_id);

-- Sliding windows: the instants that still count, for one subject.
create table rate_limits (
  subject text not null, -- Budget and keyed digest of what it is about; no address, number or IP.
  hits timestamp with time zone[] not null,
  most integer not null, -- The constraint makes one hit too many impossible, however many writers race.
  expires_at timestamp with time zone not null,
  constraint rate_limits_pkey PRIMARY KEY (subject),
  constraint a_budget_holds CHECK ((cardinality(hits) <= most))
);
CREATE INDEX rate_limits_by_age ON public.rate_limits USING btree (expires_at);

-- Purged a week after their end; the audit trail keeps who asked and why.
create table resets (
  id uuid not null,
  account_id text not null,
  status text not null default 'waiting'::text,
  reason text not null,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  executes_at timestamp with time zone not null, -- Not before this (S-59); every address on file can stop it until then.
  ended_at timestamp with time zone,
  constraint resets_pkey PRIMARY KEY (id),
  constraint a_reset_waits_before_it_is_executed CHECK (((status <> 'executed'::text) OR (ended_at >= executes_at))),
  constraint an_ended_reset_says_when CHECK (((status = 'waiting'::text) = (ended_at IS NULL))),
  constraint resets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
  constraint status_is_known CHECK ((status = ANY (ARRAY['waiting'::text, 'cancelled'::text, 'executed'::text])))
);
CREATE UNIQUE INDEX one_waiting_reset_an_account ON public.resets USING btree (account_id) WHERE (status = 'waiting'::text);
CREATE INDEX resets_by_age ON public.resets USING btree (ended_at) WHERE (status <> 'waiting'::text);
CREATE INDEX resets_due ON public.resets USING btree (executes_at) WHERE (status = 'waiting'::text);

-- People on the hosted pages; over after 24 hours, an hour without a request, or a change elsewhere.
create table sessions (
  id uuid not null,
  account_id text not null,
  epoch bigint not null, -- Over as soon as the account has another epoch, but for the session that acted.
  generation integer not null default 1, -- Raised when the token rotates; the former one leads here for ten seconds more.
  rotated_at timestamp with time zone not null,
  grant_id uuid, -- The proof of the current method that this session holds, to be spent once.
  return_url text,
  made_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint generations_count_up CHECK ((generation >= 1)),
  constraint session_lives_at_most_a_day CHECK ((expires_at <= (made_at + '24:00:00'::interval))),
  constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_age ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_of_an_account ON public.sessions USING btree (account_id);

create table slack_guides (
  id uuid not null,
  account_id text not null,
  enterprise text not null,
  team text not null,
  slack_user text not null,
  reached integer not null default 0,
  begun_at timestamp with time zone not null default statement_timestamp(),
  changed_at timestamp with time zone not null default statement_timestamp(),
  ended_at timestamp with time zone,
  constraint slack_guides_pkey PRIMARY KEY (id),
  constraint slack_guides_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX one_open_guide_a_slack_user ON public.slack_guides USING btree (enterprise, team, slack_user) WHERE (ended_at IS NULL);
CREATE INDEX slack_guides_by_age ON public.slack_guides USING btree (changed_at);
CREATE INDEX slack_guides_of_an_account ON public.slack_guides USING btree (account_id);
CREATE INDEX slack_guides_open ON public.slack_guides USING btree (account_id) WHERE (ended_at IS NULL);

-- The numbers to match are derived from the id, and stored nowhere.
create table slack_invitations (
  id uuid not null,
  enterprise text not null,
  team text not null,
  slack_user text not null,
  display_name text not null, -- For the page that asks; the row is deleted within the hour.
  workspace text not null,
  key_id text not null,
  made_at timestamp with time zone not null default statement_timestamp(),
  expires_at timestamp with time zone not null,
  account_id text,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  constraint slack_invitations_pkey PRIMARY KEY (id),
  constraint invitation_lives_at_most_15_minutes CHECK ((expires_at <= (made_at + '00:15:00'::interval))),
  constraint slack_invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
  constraint whoever_opens_it_is_known CHECK (((account_id IS NULL) = (opened_at IS NULL)))
);
CREATE UNIQUE INDEX one_open_invitation_a_slack_user ON public.slack_invitations USING btree (enterprise, team, slack_user) WHERE (closed_at IS NULL);
CREATE INDEX slack_invitations_by_age ON public.slack_invitations USING btree (made_at);
CREATE INDEX slack_invitations_of_an_account ON public.slack_invitations USING btree (account_id) WHERE (account_id IS NOT NULL);

-- When the next message may go to a recipient, for all nodes.
create table slack_lanes (
  recipient text not null,
  free_at timestamp with time zone not null,
  constraint slack_lanes_pkey PRIMARY KEY (recipient)
);

-- Made by signing in at the portal, never by an equal e-mail address.
create table slack_links (
  enterprise text not null, -- Empty outside Enterprise Grid.
  team text not null,
  slack_user text not null,
  account_id text not null,
  linked_at timestamp with time zone not null default statement_timestamp(),
  constraint a_slack_user_sees_one_account PRIMARY KEY (enterprise, team, slack_user),
  constraint slack_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
CREATE INDEX slack_links_of_an_account ON public.slack_links USING btree (account_id);

-- Facts only. Written at least once and seen once: after a lost answer the channel is searched for the id.
create table slack_messages (
  id uuid not null,
  position bigint not null generated always as identity,
  subject text not null,
  recipient text not null, -- A channel, or a user for their direct messages; one message a second each.
  thread_of text,
  account_id text,
  message jsonb not null,
  locale text,
  time_zone text,
  version integer not null default 1,
  written integer not null default 0,
  channel text,
  ts text,
  queued_at timestamp with time zone not null default statement_timestamp(),
  not_before timestamp with time zone not null default statement_timestamp(),
  not_after timestamp with time zone not null,
  state text not null default 'queued'::text,
  detail text,
  attempts integer not null default 0,
  in_doubt_since timestamp with time zone, -- A try began then whose answer is not known: it may be there already.
  lease uuid,
  leased_until timestamp with time zone,
  constraint slack_messages_pkey PRIMARY KEY (id),
  constraint a_lease_has_an_end CHECK (((lease IS NULL) = (leased_until IS NULL))),
  constraint one_message_a_subject UNIQUE (subject),
  constraint only_a_message_on_its_way_is_leased CHECK (((lease IS NULL) OR (state = 'queued'::text))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'written'::text, 'failed'::text]))),
  constraint what_is_written_has_its_place CHECK (((written = 0) OR ((channel IS NOT NULL) AND (ts IS NOT NULL))))
);
CREATE INDEX slack_messages_by_age ON public.slack_messages USING btree (queued_at);
CREATE INDEX slack_messages_by_recipient ON public.slack_messages USING btree (recipient, "position" DESC) WHERE (channel IS NOT NULL);
CREATE INDEX slack_messages_due ON public.slack_messages USING btree (recipient, not_before, "position") WHERE (state = 'queued'::text);
CREATE INDEX slack_messages_of_an_account ON public.slack_messages USING btree (account_id, "position" DESC) WHERE (account_id IS NOT NULL);

create table slack_requests (
  key text not null,
  at timestamp with time zone not null default statement_timestamp(),
  constraint slack_requests_pkey PRIMARY KEY (key)
);
CREATE INDEX slack_requests_by_age ON public.slack_requests USING btree (at);

CREATE OR REPLACE FUNCTION public.audit_events_are_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'audit_events is append-only';
end
$function$
;
