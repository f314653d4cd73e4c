import type { MethodId } from "../../domain/ids.ts"
import type { SupportWords } from "./SupportWords.ts"

const by: Record<MethodId, string> = { SMS: "SMS", EMAIL: "email" }

/** English. */
export const enSupport: SupportWords = {
  labels: {
    account: "Account",
    step: "Step",
    delivery: "Code message",
    protection: "Protection",
    method: "Method",
    status: "Status",
    claimedBy: "Claimed by",
    opened: "Opened",
    changed: "Last change",
    pending: "Pending",
    last: "Last step"
  },
  kinds: { stuck: "Stuck", lost: "Phone or mailbox lost", reported: "A change was not theirs" },
  statuses: { opened: "Open", claimed: "Claimed", guided: "Checklist sent", closed: "Closed" },
  verdicts: {
    queued: "Waiting to be sent",
    handed_over: "Handed over",
    deferred: "Not taken yet, being tried again",
    failed: "Failed"
  },
  protections: { off: "Off: password only", on: "On", suspended: "Code entry paused" },
  actions: { claim: "Claim", guide: "Send guide", close: "Close" },
  noStep: "No checklist",
  noCode: "No code asked for",
  noMethod: "None",
  nothingYet: "Nothing yet",
  frozen: "frozen by its owner",
  mustEnrol: "was reset, must be set up again",
  pending: (method, until) => `Codes by ${by[method]}, until ${until}`,
  lines: {
    again: "The customer asks again. Please claim the case or send the checklist.",
    locked:
      "Code entry was paused on this account after too many wrong codes. Its owner cannot sign in and needs you: check who they are, then start a reset.",
    reported:
      "The owner says that a change was not theirs, so changes are stopped. Please claim the case and reach them through a contact that you have on file."
  },
  alarms: {
    delivery: {
      heading: "Messages could not be delivered",
      body: "Codes or notices were refused for good, or their time was over. The accounts' other addresses were told of lost notices. Check the mail server and the text message service."
    },
    "lock-out": {
      heading: "Code entry was paused",
      body: "Too many wrong codes were entered in a row. Somebody may be guessing; protection holds."
    },
    "outage-mail": {
      heading: "The mail server does not answer",
      body: "Mails wait and are sent as soon as it is back, as long as they are of use. Check the mail server."
    },
    "outage-slack": {
      heading: "Slack does not answer",
      body: "Messages of this bot wait and are written as soon as it is back."
    }
  },
  raised: (count, since, at) =>
    count === 1 ? `Raised once, ${at}.` : `Raised ${count} times: first ${since}, last ${at}.`,
  lastAccounts: "Last accounts",
  over: (at) => `Over since ${at}.`,
  journey: {
    off: (account, from) =>
      `Two-factor authentication${from === null ? "" : ` by ${by[from]}`} was turned off for account ${account}`,
    waiting: "not set up again yet",
    again: (standard, at) => `set up again: ${standard}, ${at}`,
    changed: (account, from, to) => `Account ${account} changed its method: ${from} to ${to}`,
    now: (account, to) => `The method of account ${account} is ${to} now`
  },
  reset: {
    requested: (account) =>
      `A reset of two-factor authentication was asked for account ${account}. It waits, and its owner can stop it.`,
    cancelled: (account) => `The reset of two-factor authentication for account ${account} was stopped.`,
    executed: (account) =>
      `The reset for account ${account} was carried out: two-factor authentication is off until its owner sets it up again.`
  },
  cases: {
    heading: "Cases that are not closed",
    none: "No case is open.",
    more: (count) => `And ${count} more, which are older.`,
    one: (command) => `One case with its buttons: ${command}`
  },
  noSuchCase: (example) => `There is no such case, so nothing was done. Cases are named like ${example}.`,
  movedOn: (caseId) => `Case *${caseId}* has moved on in the meantime, so nothing was done. This is how it stands now.`,
  notFound: "There is no account with that id. Ids are compared letter by letter, capitals included.",
  nudged: (caseId) => `The customer of *${caseId}* was asked by direct message whether they still need help.`,
  cannotReach: (caseId) =>
    `No Slack user is linked with the account of *${caseId}*, so nothing was sent. Reach the customer another way.`,
  linkRefused: "Wrong number for a link with Slack",
  events: {
    "account.imported": "Account registered",
    "account.contact_changed": "Contact details changed",
    "account.deleted": "Account deleted",
    signed_in: "Signed in",
    "code.requested": "Code asked for",
    "code.accepted": "Right code entered",
    "code.rejected": "Wrong code entered",
    "password.rejected": "Wrong password entered",
    "challenge.closed": "Code no longer valid",
    "method.enabled": "Two-factor authentication turned on",
    "method.changed": "Method changed",
    "method.disabled": "Two-factor authentication turned off",
    "method.suspended": "Code entry paused",
    "protection.reported": "Change reported as not theirs",
    "protection.undone": "Change undone, or report taken back",
    "delivery.failed": "Message not delivered",
    "reset.requested": "Reset asked for",
    "reset.cancelled": "Reset stopped",
    "reset.executed": "Reset carried out",
    "slack.linked": "Slack user linked",
    "slack.unlinked": "Slack user unlinked"
  }
}
