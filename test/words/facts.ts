import { DateTime } from "effect"
import { ChallengeId } from "../../src/domain/ids.ts"
import type { Letter, Message } from "../../src/domain/letters.ts"
import type { Sender } from "../../src/words/Sender.ts"

/** The sender of the golden mails. */
export const harbor: Sender = {
  brand: "Harbor",
  publicUrl: "https://login.harbor.example",
  portalUrl: "https://portal.harbor.example",
  supportEmail: "help@harbor.example"
}

export const at = DateTime.makeUnsafe("2026-11-24T20:04:12Z")

const client = {
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
}
const about = { accountId: "alex", at, client }

export const challengeId = ChallengeId.make("01890a5d-ac96-774b-bcce-b302099a8057")

/** One letter of each kind; a new kind does not compile until it is here. */
export const letters: { readonly [Tag in Letter["_tag"]]: Extract<Letter, { readonly _tag: Tag }> } = {
  code: {
    _tag: "code",
    ...about,
    challengeId,
    issue: 1,
    purpose: "setup",
    method: "EMAIL",
    expiresAt: DateTime.makeUnsafe("2026-11-24T20:14:12Z")
  },
  changed: { _tag: "changed", ...about, from: "SMS", to: "EMAIL" },
  replaced: { _tag: "replaced", ...about, from: "SMS", to: "EMAIL" },
  disabled: { _tag: "disabled", ...about, method: "SMS" },
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
  }
}

export const allLetters: ReadonlyArray<Letter> = Object.values(letters)

/** A message with this letter, to Alex in Kuala Lumpur. */
export const messageOf = (letter: Letter, more: Partial<Message> = {}): Message => ({
  id: "01890a5d-ac96-774b-bcce-b302099a8058",
  accountId: letter.accountId,
  channel: "email",
  address: "alex@customer.example",
  letter,
  name: "Alex Tan",
  locale: "en-MY",
  timeZone: "Asia/Kuala_Lumpur",
  challengeId: letter._tag === "code" ? letter.challengeId : null,
  notBefore: new Date("2026-11-24T20:04:12Z"),
  notAfter: new Date("2026-11-24T20:14:12Z"),
  ...more
})
