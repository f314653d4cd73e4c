import { Effect, Schema } from "effect"
import type { AccountState } from "../domain/AccountState.ts"
import {
  AccountId,
  ChallengeId,
  ChallengeStatus,
  Channel,
  EnrolmentId,
  GrantId,
  MethodId,
  NoticeLinkId,
  PortalLinkId,
  Purpose,
  ResetId,
  SessionId
} from "../domain/ids.ts"
import { NoticeKind } from "../domain/notices.ts"
import { ResetStatus } from "../domain/resets.ts"
import { Delivery } from "../domain/TwoFactor.ts"

/** PostgreSQL writes instants into JSON with microseconds and an offset; a step needs milliseconds. */
const Instant = Schema.DateFromString
const nullableInstant = Schema.NullOr(Instant)
const text = Schema.NullOr(Schema.String)

const Enrolment = Schema.Struct({
  id: EnrolmentId,
  method: MethodId,
  destination: Schema.String,
  enrolledAt: Instant,
  lastUsedAt: nullableInstant,
  failures: Schema.Int,
  blockedUntil: nullableInstant,
  suspendedAt: nullableInstant,
  endedAt: nullableInstant
})

const Challenge = Schema.Struct({
  id: ChallengeId,
  purpose: Purpose,
  method: MethodId,
  destination: Schema.String,
  epoch: Schema.Int,
  keyId: Schema.String,
  nonce: Schema.String,
  issue: Schema.Int,
  codeLength: Schema.Int,
  tries: Schema.Int,
  maxTries: Schema.Int,
  sends: Schema.Int,
  status: ChallengeStatus,
  acknowledged: text,
  noticeLinkId: Schema.NullOr(NoticeLinkId),
  issuedAt: Instant,
  expiresAt: Instant,
  closesAt: Instant,
  resendAfter: Instant,
  closedAt: nullableInstant,
  delivery: Schema.NullOr(Schema.toCodecJson(Delivery))
})

const Grant = Schema.Struct({
  id: GrantId,
  epoch: Schema.Int,
  madeAt: Instant,
  expiresAt: Instant,
  usedAt: nullableInstant
})

const Reset = Schema.Struct({
  id: ResetId,
  status: ResetStatus,
  reason: Schema.String,
  requestedBy: Schema.String,
  requestedAt: Instant,
  executesAt: Instant
})

const Account = Schema.Struct({
  accountId: AccountId,
  version: Schema.Int,
  epoch: Schema.Int,
  email: Schema.String,
  phone: text,
  name: text,
  locale: text,
  timeZone: text,
  demo: Schema.Boolean,
  mustEnrol: Schema.Boolean,
  reportedAt: nullableInstant,
  passwordFailures: Schema.Int,
  passwordBlockedUntil: nullableInstant,
  enrolmentFailures: Schema.Int,
  enrolmentBlockedUntil: nullableInstant,
  changedAt: Instant,
  enrolments: Schema.Array(Enrolment),
  challenges: Schema.Array(Challenge),
  grants: Schema.Array(Grant),
  formerContacts: Schema.Array(Schema.Struct({ channel: Channel, address: Schema.String, until: Instant })),
  reset: Schema.NullOr(Reset)
})

const Session = Schema.Struct({
  id: SessionId,
  epoch: Schema.Int,
  generation: Schema.Int,
  rotatedAt: Instant,
  grantId: Schema.NullOr(GrantId),
  returnUrl: text,
  seenAt: Instant,
  expiresAt: Instant
})
const Link = Schema.Struct({
  id: PortalLinkId,
  epoch: Schema.Int,
  grantId: Schema.NullOr(GrantId),
  returnUrl: text,
  expiresAt: Instant,
  usedAt: nullableInstant
})
const Notice = Schema.Struct({
  id: NoticeLinkId,
  epoch: Schema.Int,
  goodAtEpoch: Schema.Int,
  keyId: Schema.String,
  kind: NoticeKind,
  from: Schema.NullOr(MethodId),
  to: Schema.NullOr(MethodId),
  former: Schema.NullOr(EnrolmentId),
  reset: Schema.NullOr(Reset),
  at: Instant,
  expiresAt: Instant,
  reportedAt: nullableInstant,
  usedAt: nullableInstant
})
const read = <A, I>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownEffect(Schema.NullOr(schema))
  return (row: unknown) => Effect.orDie(decode(row))
}

/** The session or the link that somebody came by. */
export const readSession = read(Session)
export const readLink = read(Link)
/** The link of a notice that somebody followed. */
export const readNotice = read(Notice)

/** The one row of the read statement: everything about one account as JSON, made by the database at one instant. */
export const SnapshotRow = Schema.Struct({
  now: Instant,
  account: Schema.NullOr(Account),
  passwordHash: Schema.NullOr(Schema.RedactedFromValue(Schema.String)),
  importedHash: text,
  head: Schema.NullOr(Schema.Struct({ sequence: Schema.Int, mac: Schema.String })),
  hits: Schema.NullOr(Schema.Record(Schema.String, Schema.Array(Instant))),
  entrance: Schema.Unknown,
  notice: Schema.Unknown,
  slack: Schema.Unknown,
  earlier: Schema.NullOr(Schema.Struct({ scope: Schema.String, body: Schema.String, answer: Schema.Unknown }))
})
export const decodeSnapshotRow = Schema.decodeUnknownEffect(SnapshotRow)

/** The state that a row holds. */
export const stateOf = (account: typeof Account.Type, now: Date): AccountState => ({ ...account, now })
