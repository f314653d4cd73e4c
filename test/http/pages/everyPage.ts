import { article } from "../../../src/domain/article.ts"
import type { MethodId } from "../../../src/domain/ids.ts"
import { activityPage } from "../../../src/http/pages/activity.ts"
import { changePage } from "../../../src/http/pages/change.ts"
import { choosePage } from "../../../src/http/pages/choose.ts"
import { disablePage } from "../../../src/http/pages/disable.ts"
import { donePage } from "../../../src/http/pages/done.ts"
import { enterOverPage, enterPage } from "../../../src/http/pages/enter.ts"
import { frozenPage } from "../../../src/http/pages/frozen.ts"
import { guidePage } from "../../../src/http/pages/guide.ts"
import type { Frame, Problem } from "../../../src/http/pages/layout.ts"
import { lostPage } from "../../../src/http/pages/lost.ts"
import { managePage } from "../../../src/http/pages/manage.ts"
import {
  misusePage,
  notFoundPage,
  sessionEndedPage,
  signedOutPage,
  unavailablePage
} from "../../../src/http/pages/messages.ts"
import { noticePage } from "../../../src/http/pages/notice.ts"
import { overviewPage } from "../../../src/http/pages/overview.ts"
import { setUpPage } from "../../../src/http/pages/setUp.ts"
import {
  slackLinkedPage,
  slackLinkPage,
  slackOverPage,
  slackSignInPage,
  slackWrongNumberPage
} from "../../../src/http/pages/slackLink.ts"
import { closedPage, verifyPage } from "../../../src/http/pages/verify.ts"
import type { Html } from "../../../src/words/html.ts"
import type { PageRefusal, Refused } from "../../../src/words/pages/PageWords.ts"
import {
  account,
  awaiting,
  challenge,
  destinationOf,
  events,
  frozen,
  invited,
  later,
  linking,
  notice,
  nothingCan,
  resetNotice,
  resetWaiting,
  suspended,
  toFollowers,
  toStrangers
} from "./facts.ts"

/** A refusal beside its field, in the words of the page. */
const refused = (
  { words }: Frame,
  field: string | undefined,
  says: PageRefusal,
  about: Partial<Refused> = {}
): Problem => ({
  field,
  message: words.refusals[says]({ inForce: "SMS", codeLength: 6, ...about })
})
const both: ReadonlyArray<MethodId> = ["SMS", "EMAIL"]
const link = "/notice/token"
const command = "/2fa"

/** Each page in each of its states; the end-to-end tests bring a person to them, the tests here read them as values. */
export const everyPage: Readonly<Record<string, (asked: Frame) => Html>> = {
  "overview, on": (asked) => overviewPage(asked, { twoFactor: account("SMS") }),
  "overview, off": (asked) => overviewPage(asked, { twoFactor: account(undefined), banner: "turned-off" }),
  "overview, seen in Slack": (asked) => overviewPage(asked, { twoFactor: account("SMS"), slackUsers: 2 }),
  "overview, removed from Slack": (asked) => overviewPage(asked, { twoFactor: account("SMS"), banner: "unlinked" }),
  "overview, updated": (asked) => overviewPage(asked, { twoFactor: account("EMAIL"), banner: "updated" }),
  "overview, setting up": (asked) => overviewPage(asked, { twoFactor: awaiting(undefined, "setup") }),
  "overview, changing": (asked) => overviewPage(asked, { twoFactor: awaiting("SMS", "change") }),
  "overview, suspended": (asked) => overviewPage(asked, { twoFactor: suspended }),
  "overview, frozen": (asked) => overviewPage(asked, { twoFactor: frozen("SMS") }),
  "overview, frozen while off": (asked) => overviewPage(asked, { twoFactor: frozen(undefined) }),
  "overview, has to enrol": (asked) => overviewPage(asked, { twoFactor: account(undefined, { mustEnrol: true }) }),
  "overview, reset waiting": (asked) => overviewPage(asked, { twoFactor: resetWaiting }),
  frozen: (asked) => frozenPage(asked, frozen("SMS"), { hasProof: true }),
  "frozen, without proof": (asked) => frozenPage(asked, frozen("SMS"), { hasProof: false }),
  manage: (asked) => managePage(asked, account("SMS")),
  disable: (asked) => disablePage(asked, account("SMS"), { hasProof: true }),
  "disable, wrong password": (asked) =>
    disablePage(asked, account("SMS"), { hasProof: true, problem: refused(asked, "password", "password_incorrect") }),
  "disable, without proof": (asked) => disablePage(asked, account("SMS"), { hasProof: false }),
  choose: (asked) => choosePage(asked, both),
  "set up e-mail": (asked) => setUpPage(asked, { method: "EMAIL", registered: destinationOf.EMAIL }),
  "set up SMS": (asked) => setUpPage(asked, { method: "SMS", registered: destinationOf.SMS }),
  "set up SMS, no number": (asked) => setUpPage(asked, { method: "SMS", registered: null }),
  "set up SMS, not a number": (asked) =>
    setUpPage(asked, {
      method: "SMS",
      registered: destinationOf.SMS,
      typed: "12",
      problem: refused(asked, "destination", "phone_malformed")
    }),
  change: (asked) =>
    changePage(asked, { twoFactor: account("SMS"), offered: both, hasProof: true, phone: destinationOf.SMS }),
  "change, the same": (asked) =>
    changePage(asked, {
      twoFactor: account("SMS"),
      offered: both,
      hasProof: true,
      phone: null,
      chosen: "SMS",
      problem: refused(asked, "method", "same_method")
    }),
  "change, awaited": (asked) =>
    changePage(asked, { twoFactor: awaiting("SMS", "change"), offered: both, hasProof: true, phone: null }),
  "change, without proof": (asked) =>
    changePage(asked, { twoFactor: account("SMS"), offered: both, hasProof: false, phone: destinationOf.SMS }),
  "verify, sent": (asked) =>
    verifyPage(asked, { challenge: challenge("change", { resendAfter: later(12) }), twoFactor: account("SMS") }),
  "verify, set-up": (asked) => verifyPage(asked, { challenge: challenge("setup"), twoFactor: account(undefined) }),
  "verify, step-up": (asked) =>
    verifyPage(asked, {
      challenge: challenge("step-up", { method: "SMS", destination: destinationOf.SMS }),
      twoFactor: account("SMS"),
      next: "disable"
    }),
  "verify, slow": (asked) =>
    verifyPage(asked, {
      challenge: challenge("change", { delivery: { state: "deferred", at: later(-10), detail: null } }),
      twoFactor: account("SMS")
    }),
  "verify, bounced": (asked) =>
    verifyPage(asked, {
      challenge: challenge("change", {
        delivery: { state: "failed", at: later(-10), detail: "The mail server says that this address does not exist" }
      }),
      twoFactor: account("SMS")
    }),
  "verify, wrong": (asked) =>
    verifyPage(asked, {
      challenge: challenge("change"),
      twoFactor: account("SMS"),
      problem: refused(asked, "code", "code_incorrect", { attemptsRemaining: 3 })
    }),
  "verify, expired": (asked) =>
    verifyPage(asked, {
      challenge: challenge("change", { issuedAt: later(-660), expiresAt: later(-60) }),
      twoFactor: account("SMS")
    }),
  "verify, of a notice": (asked) =>
    verifyPage(toFollowers(asked), {
      challenge: challenge("change", { method: "SMS", destination: destinationOf.SMS }),
      twoFactor: account("EMAIL"),
      base: `${link}/verify`
    }),
  "closed, used up": (asked) =>
    closedPage(asked, {
      challenge: challenge("change", { status: "exhausted", attemptsRemaining: 0 }),
      twoFactor: account("SMS"),
      problem: refused(asked, undefined, "too_many_attempts", { until: { clock: "04:20", seconds: 900 } })
    }),
  "closed, cancelled": (asked) =>
    closedPage(asked, { challenge: challenge("setup", { status: "cancelled" }), twoFactor: account(undefined) }),
  done: (asked) => donePage(asked, { challenge: challenge("setup", { status: "succeeded" }) }),
  "done elsewhere": (asked) =>
    donePage(asked, { challenge: challenge("change", { status: "succeeded" }), already: "04:06" }),
  activity: (asked) => activityPage(asked, { events, older: "1" }),
  "activity, none": (asked) => activityPage(asked, { events: [], older: null }),
  enter: (asked) => enterPage(toStrangers(asked), { presses: true }),
  "enter, over": (asked) => enterOverPage(toStrangers(asked)),
  "notice of a change": (asked) => noticePage(toFollowers(asked), link, notice()),
  "notice, wrong password": (asked) =>
    noticePage(toFollowers(asked), link, notice(), { problem: refused(asked, "password", "password_incorrect") }),
  "notice of a disable": (asked) =>
    noticePage(
      toFollowers(asked),
      link,
      notice({ kind: "disabled", to: null, can: { ...nothingCan, report: true, turnBackOn: true } })
    ),
  "notice, reported": (asked) =>
    noticePage(toFollowers(asked), link, notice({ reportedAt: later(0), can: { ...nothingCan, goBack: true } }), {
      done: "reported"
    }),
  "notice, used": (asked) => noticePage(toFollowers(asked), link, notice({ status: "used", can: nothingCan })),
  "notice, void": (asked) => noticePage(toFollowers(asked), link, notice({ status: "void", can: nothingCan })),
  "notice, expired": (asked) => noticePage(toFollowers(asked), link, notice({ status: "expired", can: nothingCan })),
  "notice of a reset": (asked) => noticePage(toFollowers(asked), link, resetNotice("waiting")),
  "notice of a reset, executed": (asked) => noticePage(toFollowers(asked), link, resetNotice("executed")),
  "Slack, asked": (asked) => slackLinkPage(asked, linking()),
  "Slack, without proof": (asked) =>
    slackLinkPage(asked, linking({ proves: { method: "SMS", destination: destinationOf.SMS } })),
  "Slack, numbers": (asked) => slackLinkPage(asked, linking({ choices: ["17", "42", "85"] })),
  "Slack, no number picked": (asked) =>
    slackLinkPage(
      asked,
      linking({
        choices: ["17", "42", "85"],
        problem: { field: "number", message: asked.words.slackLink.missing }
      })
    ),
  "Slack, too many tries": (asked) =>
    slackLinkPage(
      asked,
      linking({
        choices: ["17", "42", "85"],
        problem: refused(asked, undefined, "rate_limited", { until: { clock: "04:20", seconds: 900 } })
      })
    ),
  "Slack, linked": (asked) => slackLinkedPage(asked, { invited, command }),
  "Slack, another number": (asked) => slackWrongNumberPage(asked, { command }),
  "Slack, over": (asked) => slackOverPage(asked, { command }),
  "Slack, not signed in": (asked) => slackSignInPage(toStrangers(asked), { command }),
  "signed out": (asked) => signedOutPage(toStrangers(asked)),
  "session ended": (asked) => sessionEndedPage(toStrangers(asked)),
  "not found": (asked) => notFoundPage(asked, "E-7F3K"),
  misuse: (asked) => misusePage(asked, "E-7F3K"),
  unavailable: (asked) => unavailablePage(asked, "/account/security/change", "E-7F3K"),
  guide: (asked) =>
    guidePage(asked, (step) =>
      step === article[0].id ? { path: "/docs/guide/menu.png", width: 8, height: 8 } : undefined
    ),
  lost: (asked) => lostPage(asked, 86_400)
}
