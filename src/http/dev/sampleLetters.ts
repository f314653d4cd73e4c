import { DateTime } from "effect"
import { AccountId, CaseId, ChallengeId } from "../../domain/ids.ts"
import type { CustomerLetter, Letter, Message, NoticeLink, SupportLetter } from "../../domain/letters.ts"
import type { Sender } from "../../words/Sender.ts"

/** The sender of the samples. */
export const harbor: Sender = {
  brand: "Harbor",
  publicUrl: "https://login.harbor.example",
  portalUrl: "https://portal.harbor.example",
  supportEmail: "help@harbor.example"
}

/** When all of it happened. */
export const at = DateTime.makeUnsafe("2026-11-24T20:04:12Z")

const client = {
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
}
const about = { accountId: "alex", at, client }
const link: NoticeLink = { id: "01890a5d-ac96-774b-bcce-b302099a8059", epoch: 7, keyId: "sample" }

export const challengeId = ChallengeId.make("01890a5d-ac96-774b-bcce-b302099a8057")

type Staged = Extract<CustomerLetter, { readonly stage: string }>
type Kinds = {
  readonly [Tag in Exclude<CustomerLetter["_tag"], Staged["_tag"]>]: Extract<Letter, { readonly _tag: Tag }>
}
type Stages<Tag extends Staged["_tag"]> = {
  readonly [Stage in Extract<Staged, { readonly _tag: Tag }>["stage"] as `${Tag}_${Stage}`]: Extract<
    Staged,
    { readonly _tag: Tag }
  > & { readonly stage: Stage }
}

/** One letter of each kind to a customer; a new kind does not compile until it is here. */
export const letters = {
  code: {
    _tag: "code",
    ...about,
    challengeId,
    issue: 1,
    purpose: "setup",
    method: "EMAIL",
    expiresAt: DateTime.makeUnsafe("2026-11-24T20:14:12Z")
  },
  changed: { _tag: "changed", ...about, link, from: "SMS", to: "EMAIL" },
  replaced: { _tag: "replaced", ...about, link, from: "SMS", to: "EMAIL" },
  disabled: { _tag: "disabled", ...about, link, method: "SMS" },
  unfinished: { _tag: "unfinished", accountId: "alex", at },
  suspended: { _tag: "suspended", ...about, method: "SMS" },
  tries: { _tag: "tries", ...about, purpose: "sign-in" },
  proved_after_failures: { _tag: "proved_after_failures", ...about, purpose: "sign-in", failures: 4 },
  contact: { _tag: "contact", ...about, changed: ["email", "phone", "password"] },
  undelivered: {
    _tag: "undelivered",
    accountId: "alex",
    at,
    channel: "email",
    address: "m•••@e•••.test",
    about: "changed"
  },
  reset_requested: {
    _tag: "reset",
    accountId: "alex",
    at,
    link,
    stage: "requested",
    requestedBy: "Casey Lim, service desk",
    executesAt: DateTime.makeUnsafe("2026-11-25T20:04:12Z")
  },
  reset_cancelled: {
    _tag: "reset",
    accountId: "alex",
    at,
    stage: "cancelled",
    requestedBy: "Casey Lim, service desk"
  },
  reset_executed: { _tag: "reset", accountId: "alex", at, stage: "executed", requestedBy: "Casey Lim, service desk" },
  slack_linked: { _tag: "slack", ...about, stage: "linked", slackUser: "casey" },
  slack_unlinked: { _tag: "slack", accountId: "alex", at, stage: "unlinked", slackUser: "casey" }
} as const satisfies Kinds & Stages<"reset"> & Stages<"slack">

/** One letter of each kind to support. */
export const supportLetters = {
  case: {
    _tag: "case",
    ...about,
    case: {
      id: CaseId.make("C-7F3K"),
      accountId: AccountId.make("alex"),
      kind: "stuck",
      status: "opened",
      step: "confirm",
      verdict: "deferred",
      protection: "off",
      claimedBy: null,
      openedAt: at,
      changedAt: DateTime.makeUnsafe("2026-11-24T20:06:30Z")
    }
  },
  alert: {
    _tag: "alert",
    ...about,
    alert: {
      alarm: "delivery",
      count: 3,
      accounts: [AccountId.make("alex"), AccountId.make("sam")],
      since: at,
      at: DateTime.makeUnsafe("2026-11-24T21:15:00Z"),
      overAt: null
    }
  }
} as const satisfies { readonly [Tag in SupportLetter["_tag"]]: Extract<Letter, { readonly _tag: Tag }> }

/** The name of a sample to a customer. */
export type SampleName = keyof typeof letters

/** All of them with their names, in the order in which people meet them. */
export const samples: ReadonlyArray<readonly [name: SampleName, letter: CustomerLetter]> = (
  Object.keys(letters) as Array<SampleName>
).map((name) => [name, letters[name]])

/** The name of a sample to support. */
export type SupportSampleName = keyof typeof supportLetters

/** All of them with their names. */
export const supportSamples: ReadonlyArray<readonly [name: SupportSampleName, letter: SupportLetter]> = (
  Object.keys(supportLetters) as Array<SupportSampleName>
).map((name) => [name, supportLetters[name]])

/** What the sender adds in the moment of sending: a code, or the page behind a notice. */
export const sentWith = (letter: Letter): { readonly code?: string; readonly undoUrl?: string } => {
  if (letter._tag === "code") return { code: "482913" }
  const token = "hJx3bQ0yT2mWm1nq5f0rKA.Zq3mV0tBqk7JxYw2c9LhTg"
  return "link" in letter ? { undoUrl: `${harbor.publicUrl}/notice/${token}` } : {}
}

/** Names that break careless mails. */
export const people = {
  plain: "Alex Tan",
  long: "Nur Alia Batrisyia Sofea binti Muhammad Hairul Izzuddin Shah al-Haj",
  rtl: "محمد عبد الرحمن بن إسماعيل",
  emoji: "Aisyah 🌸👩‍👩‍👧 林美玲",
  hostile: `<script>alert("x")</script><b onclick='x'>&amp;`
} as const

/** The name of one of them. */
export type PersonName = keyof typeof people

/** A message with this letter, to Alex in Kuala Lumpur. */
export const messageOf = (letter: Letter, more: Partial<Message> = {}): Message => ({
  id: "01890a5d-ac96-774b-bcce-b302099a8058",
  accountId: letter.accountId,
  channel: "email",
  address: "alex@customer.example",
  letter,
  name: people.plain,
  locale: "en-MY",
  timeZone: "Asia/Kuala_Lumpur",
  challengeId: letter._tag === "code" ? letter.challengeId : null,
  notBefore: new Date("2026-11-24T20:04:12Z"),
  notAfter: new Date("2026-11-24T20:14:12Z"),
  ...more
})
