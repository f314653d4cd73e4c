import { DateTime } from "effect"
import { AccountId, ChallengeId, EnrolmentId, type MethodId, type Purpose, ResetId } from "../../../src/domain/ids.ts"
import { allowed } from "../../../src/domain/state.ts"
import { type Challenge, type Event, EventType, type TwoFactor } from "../../../src/domain/TwoFactor.ts"
import type { Frame } from "../../../src/http/pages/layout.ts"
import type { Notice } from "../../../src/http/pages/notice.ts"
import type { Invited, SlackLinking } from "../../../src/http/pages/slackLink.ts"
import { en } from "../../../src/words/pages/en.ts"

/** The moment at which all pages here are shown: five past four in Kuala Lumpur. */
export const now = new Date("2026-11-24T20:05:00.000Z")

/** An instant so many seconds after that moment. */
export const later = (seconds: number): DateTime.Utc =>
  DateTime.fromDateUnsafe(new Date(now.getTime() + seconds * 1000))

/** What a person named Alex sees, in English. */
export const frame: Frame = {
  words: en,
  brand: "Harbor",
  now,
  person: { accountId: "alex", name: "Alex Tan", timeZone: "Asia/Kuala_Lumpur" },
  csrf: "the-token-of-the-session",
  once: "the-nonce-of-this-page",
  returnUrl: "https://portal.example/account",
  supportEmail: "help@harbor.example",
  assets: { css: "/assets/style.css", js: "/assets/script.js" }
}

/** The same for somebody who is not known. */
export const toStrangers = (asked: Frame): Frame => ({ ...asked, person: null, csrf: "" })

/** The same behind the link of a notice: it names an account, and nobody is signed in. */
export const toFollowers = (asked: Frame): Frame => ({
  ...asked,
  person: asked.person === null ? null : { ...asked.person, name: null },
  csrf: ""
})

const id = "00000000-0000-4000-8000-00000000000a"
/** Where codes go, masked. */
export const destinationOf: Record<MethodId, string> = { SMS: "••• ••43", EMAIL: "a•••@e•••.test" }

/** An account with this method in force, or with none. */
export const account = (method: MethodId | undefined, more: Partial<TwoFactor> = {}): TwoFactor => ({
  accountId: AccountId.make("alex"),
  status: method === undefined ? "disabled" : "enabled",
  securityStandard: method ?? "NONE",
  methods:
    method === undefined
      ? []
      : [
          {
            id: EnrolmentId.make(id),
            method,
            destination: destinationOf[method],
            enrolledAt: later(-86_400),
            lastUsedAt: null,
            assurance: { aal: 1, restricted: method === "SMS" }
          }
        ],
  lock: null,
  mustEnrol: false,
  allowed: allowed(method === undefined ? "off" : "on", false, undefined),
  pending: null,
  reset: null,
  changedAt: later(-86_400),
  epoch: 3,
  ...more
})

/** The same, while a code to another method is awaited. */
export const awaiting = (method: MethodId | undefined, purpose: "setup" | "change"): TwoFactor =>
  account(method, {
    allowed: allowed(method === undefined ? "off" : "on", false, purpose),
    pending: { challengeId: ChallengeId.make(id), purpose, method: "EMAIL", expiresAt: later(540) }
  })

/** The same, frozen by its owner. */
export const frozen = (method: MethodId | undefined): TwoFactor =>
  account(method, {
    lock: { reason: "reported", since: later(-60), until: null },
    allowed: allowed(method === undefined ? "off" : "on", true, undefined)
  })

/** The same after too many wrong codes. */
export const suspended: TwoFactor = account("SMS", {
  lock: { reason: "too_many_failures", since: later(-60), until: null },
  allowed: allowed("suspended", false, undefined)
})

/** The same while a reset by support waits. */
export const resetWaiting: TwoFactor = account("SMS", {
  reset: { id: ResetId.make(id), executesAt: later(86_400), requestedBy: "Dana of support" }
})

/** A code by e-mail, sent 48 seconds ago and handed over at once. */
export const challenge = (purpose: Purpose, more: Partial<Challenge> = {}): Challenge => ({
  id: ChallengeId.make(id),
  accountId: AccountId.make("alex"),
  purpose,
  method: "EMAIL",
  destination: destinationOf.EMAIL,
  codeLength: 6,
  status: "open",
  issuedAt: later(-48),
  expiresAt: later(552),
  closesAt: later(1752),
  resendAfter: later(-18),
  attemptsRemaining: 5,
  delivery: { state: "handed_over", at: later(-48), detail: null },
  ...more
})

/** The link of a notice that e-mail took the place of SMS. */
export const notice = (more: Partial<Notice> = {}): Notice => ({
  kind: "changed",
  at: later(-3600),
  from: "SMS",
  to: "EMAIL",
  maskedEmail: destinationOf.EMAIL,
  status: "open",
  can: { report: true, turnBackOn: false, goBack: true, stopReset: false },
  reportedAt: null,
  former: { method: "SMS", destination: destinationOf.SMS },
  reset: null,
  ...more
})

/** A link by which nothing can be done. */
export const nothingCan = { report: false, turnBackOn: false, goBack: false, stopReset: false }

/** The link of a notice that support was asked for a reset. */
export const resetNotice = (status: "waiting" | "cancelled" | "executed", requestedBy = "Dana of support"): Notice =>
  notice({
    kind: "reset",
    from: null,
    to: null,
    former: null,
    status: status === "waiting" ? "open" : "void",
    can: { ...nothingCan, stopReset: status === "waiting" },
    reset: { executesAt: later(82_800), requestedBy, status }
  })

/** Somebody in Slack who wants to be linked. */
export const invited: Invited = { user: "U0CASEY", displayName: "Casey", workspace: "Harbor Town" }

/** Their invitation, opened by somebody whose session holds a proof. */
export const linking = (more: Partial<SlackLinking> = {}): SlackLinking => ({
  token: "token",
  invited,
  expiresAt: later(300),
  proves: undefined,
  choices: [],
  command: "/2fa",
  ...more
})

const event = (type: EventType, place: number): Event => ({
  id: String(place),
  type,
  at: later(-60 * place),
  accountId: AccountId.make("alex"),
  epoch: 3,
  actor: "customer",
  method: "EMAIL",
  purpose: "change",
  outcome: "succeeded",
  client: { userAgent: "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0" }
})

/** One event of each type. */
export const events: ReadonlyArray<Event> = EventType.literals.map(event)
