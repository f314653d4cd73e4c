import { DateTime } from "effect"
import type { Around } from "../../src/bot/messages/Message.ts"
import type { Case } from "../../src/domain/cases.ts"
import { AccountId, CaseId, ChallengeId, GuideId, SlackInvitationId } from "../../src/domain/ids.ts"
import type { SlackMessage, Standing } from "../../src/domain/slackMessages.ts"
import { pageWords } from "../../src/words/pages/catalogue.ts"
import { slackWords } from "../../src/words/slack/catalogue.ts"

const instant = (clock: string): DateTime.Utc => DateTime.makeUnsafe(`2026-11-24T${clock}Z`)

export const guideId = GuideId.make("7f0d3a52-9c1e-4b62-8a34-5d1f0c9b2e11")
export const challengeId = ChallengeId.make("2b9a6c40-51de-4f7b-9b0e-3c8d7a6e5f22")
const invitationId = SlackInvitationId.make("c4e1b7d8-0a2f-4c3d-b5e6-7f8091a2b333")
const caseId = CaseId.make("C-7F3K")

/** Who says it in the tests, in a language. */
export const aroundIn = (locale: string, more: Partial<Around> = {}): Around => ({
  words: slackWords(locale),
  pages: pageWords(locale),
  brand: "Harbor",
  command: "/2fa",
  publicUrl: new URL("https://login.harbor.example"),
  portalUrl: "https://portal.harbor.example/",
  supportEmail: "help@harbor.example",
  timeZone: "Asia/Kuala_Lumpur",
  number: "47",
  linkUrl: "https://login.harbor.example/slack/link/token",
  noticeUrl: "https://login.harbor.example/notice/token",
  ...more
})

/** An account in its simplest state, and what is different. */
export const standingOf = (account: string, more: Partial<Standing> = {}): Standing => ({
  accountId: AccountId.make(account),
  protection: "on",
  standard: "SMS",
  reported: false,
  mustEnrol: false,
  pending: null,
  resetAt: null,
  changedAt: instant("20:04:12"),
  canChange: true,
  canSetUp: false,
  ...more
})

/** A case that was just opened, and what is different. */
export const caseOf = (account: string, more: Partial<Case> = {}): Case => ({
  id: caseId,
  accountId: AccountId.make(account),
  kind: "stuck",
  status: "opened",
  step: "confirm",
  verdict: "deferred",
  protection: "off",
  claimedBy: null,
  openedAt: instant("20:04:12"),
  changedAt: instant("20:06:00"),
  ...more
})

/** Every kind of message with several facts, under a name; `account` is the account that they are about. */
export const samples = (account: string): Readonly<Record<string, SlackMessage>> => {
  const accountId = AccountId.make(account)
  const at = instant("20:04:12")
  const pending = { challengeId, method: "EMAIL", expiresAt: instant("20:19:12") } as const
  const standing = standingOf(account)
  const locked = standingOf(account, { protection: "suspended", canChange: false })
  const frozen = standingOf(account, { reported: true, canChange: false, pending })
  const off = standingOf(account, { protection: "off", standard: "NONE", canChange: false, canSetUp: true })
  const onEmail = standingOf(account, { standard: "EMAIL" })
  const alert = { alarm: "delivery", count: 1, accounts: [accountId], since: at, at, overAt: null } as const
  const guide = { _tag: "guide", guideId, reached: 0, challengeId: null, ended: false } as const
  const notice = { _tag: "notice", accountId, method: null, at, link: null } as const
  const journey = {
    _tag: "journey",
    accountId,
    standard: "NONE",
    from: "SMS",
    by: "customer",
    startedAt: at,
    at
  } as const
  const later = instant("20:31:00")
  const reach = { at, canResendAt: instant("20:04:42"), method: "EMAIL" } as const
  return {
    guide_begun_now: guide,
    guide_at_the_code: { ...guide, reached: 8, challengeId },
    guide_done: { ...guide, reached: 11, ended: true },
    guide_replaced: { ...guide, reached: 3, ended: true },
    number: { _tag: "number", invitationId },
    linked: { _tag: "linked", accountId },
    notice_enabled: { ...notice, about: "enabled", method: "EMAIL" },
    notice_changed: { ...notice, about: "changed", method: "EMAIL" },
    notice_disabled: { ...notice, about: "disabled", method: "SMS" },
    notice_locked: { ...notice, about: "locked" },
    notice_reported: { ...notice, about: "reported" },
    notice_undone: { ...notice, about: "undone" },
    notice_reset: { ...notice, about: "reset" },
    case: { _tag: "case", case: caseOf(account), canGuide: true },
    case_claimed: {
      _tag: "case",
      case: caseOf(account, { status: "claimed", claimedBy: "U024BE7LH", kind: "lost", step: null, verdict: null }),
      canGuide: false
    },
    case_closed: { _tag: "case", case: caseOf(account, { status: "closed", kind: "reported" }), canGuide: true },
    case_line_again: { _tag: "case_line", caseId, about: "again", at },
    case_line_locked: { _tag: "case_line", caseId, about: "locked", at },
    case_line_reported: { _tag: "case_line", caseId, about: "reported", at },
    alert: { _tag: "alert", alert },
    alert_again: { _tag: "alert", alert: { ...alert, alarm: "lock-out", count: 3, at: later } },
    alert_over: { _tag: "alert", alert: { ...alert, alarm: "outage-mail", accounts: [], overAt: later } },
    alert_slack: { _tag: "alert", alert: { ...alert, alarm: "outage-slack", accounts: [] } },
    journey_off: journey,
    journey_off_by_portal: { ...journey, from: null, by: "portal" },
    journey_again: { ...journey, standard: "EMAIL", at: later },
    journey_changed: { ...journey, standard: "EMAIL" },
    journey_now: { ...journey, standard: "EMAIL", from: null },
    journey_again_by_portal: { ...journey, standard: "EMAIL", at: later, by: "portal" },
    reset_requested: { _tag: "reset", accountId, stage: "requested", at },
    reset_cancelled: { _tag: "reset", accountId, stage: "cancelled", at },
    reset_executed: { _tag: "reset", accountId, stage: "executed", at },
    nudge_stuck: { _tag: "nudge", caseId, kind: "stuck" },
    nudge_lost: { _tag: "nudge", caseId, kind: "lost" },
    nudge_reported: { _tag: "nudge", caseId, kind: "reported" },
    help: { _tag: "help", support: false, linked: false },
    help_support: { _tag: "help", support: true, linked: true },
    unknown_word: { _tag: "unknown_word", nearest: null },
    unknown_word_near: { _tag: "unknown_word", nearest: "status" },
    status: { _tag: "status", standing },
    status_pending: { _tag: "status", standing: { ...standing, pending } },
    status_locked: { _tag: "status", standing: locked },
    status_frozen: { _tag: "status", standing: frozen },
    status_off: { _tag: "status", standing: off },
    status_must_enrol: { _tag: "status", standing: { ...off, mustEnrol: true } },
    not_linked: { _tag: "not_linked" },
    steps: { _tag: "steps" },
    guide_begun: { _tag: "guide_begun" },
    other_way: { _tag: "other_way", method: "SMS" },
    status_reset_waiting: { _tag: "status", standing: { ...standing, resetAt: instant("22:00:00") } },
    guide_refused_locked: { _tag: "guide_refused", standing: locked },
    guide_refused_frozen: { _tag: "guide_refused", standing: frozen },
    guide_refused_on_email: { _tag: "guide_refused", standing: onEmail },
    lost: { _tag: "lost", standing },
    lost_not_linked: { _tag: "lost", standing: null },
    why: {
      _tag: "why",
      accountId,
      events: [
        { type: "method.disabled", at: later, actor: "portal", method: "SMS", refused: false },
        { type: "code.requested", at, actor: "customer", method: "SMS", refused: false },
        { type: "signed_in", at, actor: "customer", refused: false }
      ]
    },
    why_nothing: { _tag: "why", accountId, events: [] },
    link_offer: { _tag: "link_offer", invitationId, expiresAt: instant("20:14:12") },
    already_linked: { _tag: "already_linked", accountId },
    unlinked: { _tag: "unlinked", accountId },
    delivery: { _tag: "delivery", delivery: { ...reach, state: "handed_over" }, challengeId },
    delivery_queued: { _tag: "delivery", delivery: { ...reach, state: "queued" }, challengeId },
    delivery_deferred: { _tag: "delivery", delivery: { ...reach, state: "deferred" }, challengeId: null },
    delivery_failed: { _tag: "delivery", delivery: { ...reach, state: "failed", method: "SMS" }, challengeId },
    delivery_none: { _tag: "delivery", delivery: null, challengeId: null },
    case_opened: { _tag: "case_opened", caseId, step: "disable", isNew: true },
    case_opened_again: { _tag: "case_opened", caseId, step: null, isNew: false },
    secret_seen: { _tag: "secret_seen", cancelled: true },
    secret_seen_not_linked: { _tag: "secret_seen", cancelled: false },
    not_for_you: { _tag: "not_for_you" },
    cases: {
      _tag: "cases",
      cases: [caseOf(account), caseOf(account, { step: null, status: "guided", kind: "reported" })]
    },
    cases_none: { _tag: "cases", cases: [] },
    cases_many: { _tag: "cases", cases: Array.from({ length: 60 }, () => caseOf(account)) },
    case_shown: { _tag: "case_shown", case: caseOf(account, { status: "guided" }), canGuide: true },
    no_such_case: { _tag: "no_such_case" },
    case_moved_on: { _tag: "case_moved_on", case: caseOf(account, { status: "closed", claimedBy: "U024BE7LH" }) },
    found: {
      _tag: "found",
      standing: { ...standing, pending },
      lastStep: { type: "code.requested", at, actor: "customer", method: "EMAIL", refused: false }
    },
    found_locked: { _tag: "found", standing: { ...locked, reported: true }, lastStep: null },
    found_off: { _tag: "found", standing: { ...off, mustEnrol: true }, lastStep: null },
    not_found: { _tag: "not_found" },
    nudged: { _tag: "nudged", caseId },
    cannot_reach: { _tag: "cannot_reach", caseId },
    slow_down: { _tag: "slow_down" },
    unavailable: { _tag: "unavailable", reference: "E-7F3K" }
  }
}
