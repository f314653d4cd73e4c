import type { MethodId } from "../../domain/ids.ts"
import { clockOnce, dayFirstOnce, dayFirstOnceShort } from "../time.ts"
import { enSupport } from "./enSupport.ts"
import type { SlackWords } from "./SlackWords.ts"

const by: Record<MethodId, string> = { SMS: "text message", EMAIL: "email" }

const wasYou = "If this was you, there is nothing to do."

/** English. */
export const en: SlackWords = {
  language: "en-GB",
  when: dayFirstOnce,
  whenShort: dayFirstOnceShort,
  clock: clockOnce,
  commands: {
    help: { usage: "help", help: "This list." },
    status: { usage: "status", help: "How your account is protected." },
    change: { usage: "change [method]", help: "A checklist that leads you to another method, step by step." },
    lost: { usage: "lost", help: "What to do when your phone or mailbox is lost." },
    why: { usage: "why", help: "The last five things that happened to your protection." },
    link: { usage: "link", help: "Link this Slack user with your account, at the portal." },
    unlink: { usage: "unlink", help: "Remove that link." },
    cases: { usage: "cases", help: "The cases that are not closed." },
    case: { usage: "case C-7F3K", help: "One case, with its buttons." },
    find: { usage: "find <account id>", help: "How an account stands, without addresses." },
    nudge: { usage: "nudge C-7F3K", help: "Ask the customer whether they still need help." }
  },
  by: { portal: "by the portal", support: "by support", system: "by itself" },
  account: (account) => `Account ${account}`,
  neverType: "Never type a code or password into Slack. Codes and passwords are entered at the portal only.",
  contact: (brand) => `Contact ${brand} support.`,
  supportAt: (brand) => `${brand} support`,
  oneMoment: "One moment…",
  close: "Close",
  buttons: {
    open: "Open this step",
    codeNotArrived: "The code has not arrived",
    stuck: "I'm stuck",
    tellSupport: "Tell support",
    link: "Link my account",
    openPortal: "Open the portal",
    enterCode: "Enter the code",
    ways: "See the ways",
    status: "Check again"
  },
  guide: {
    marks: { waiting: "waiting", here: "you are here", done: "done" },
    done: "All steps are done. Your security standard has been updated, and a mail confirms it.",
    replaced: "A newer checklist took the place of this one. Nothing was changed by that.",
    begun: "Your checklist is in your direct messages with this bot. It ticks itself as you go through the portal.",
    refused: "No checklist was begun, and nothing was changed.",
    alreadyEmail: "Your codes come by email already, and that is where the checklist leads.",
    otherWay: (method) =>
      `The checklist leads from text messages to email. To change to ${method}, use *Change method* at the portal: the method that you have stays on until the new one is proved.`
  },
  steps: {
    noMarks: (command) =>
      `This Slack user is not linked with an account, so these steps do not tick themselves. To link it, type ${command}.`
  },
  status: {
    heading: "How your account is protected",
    on: (method) => `Two-factor authentication is on. Your codes come by ${by[method]}.`,
    pending: (method, until) => `Your new method, codes by ${by[method]}, waits for its code until ${until}.`,
    reset: (when) =>
      `Support was asked to reset your two-factor authentication. It takes effect ${when}, unless you stop it at the portal.`
  },
  home: {
    hello: (brand) =>
      `This bot guides you through ${brand} Account Security and tells you what happens to your account. Every change is made at the portal.`,
    words: "What you can type in any channel"
  },
  lost: {
    tell: "If none of these helps, press *Tell support*. That opens a case: support sees your account id and how it is protected, no address and no number. Nothing is changed by that.",
    linkFirst: (command) =>
      `This Slack user is not linked with an account, so nothing can be asked of support from here. If you can still sign in, link it first with ${command}.`
  },
  linking: {
    heading: "Link your account",
    offer: (until) =>
      `Press *Open the portal* and sign in there with your second factor. The link is good for ten minutes, until ${until}, and works once.`,
    afterwards:
      "When you have opened it, this bot sends you a number by direct message. Pick the same number at the portal.",
    number: (number) => `Pick this number at the portal: *${number}*`,
    notAsked: "If you did not ask for this, pick none: then nothing is linked.",
    linked: (account) => `This Slack user is linked with account ${account} now.`,
    seen: "You see its status here and are told when its protection changes. Nothing can be changed from Slack.",
    undo: (command) => `To remove the link, type ${command}.`,
    already: (account) => `This Slack user is linked with account ${account} already. Nothing was changed.`,
    unlinked: (account) =>
      `This Slack user is no longer linked with account ${account}: its status is not shown here any more, and no notices come here. The protection of the account stays as it was.`,
    again: (command) => `To link it again, type ${command}.`,
    notLinked:
      "This Slack user is not linked with an account, so there is nothing to show. Nothing was changed. Link your account first: that is done at the portal, signed in."
  },
  notice: {
    next: {
      enabled: wasYou,
      changed: wasYou,
      disabled: `${wasYou} Your account is protected by its password only, until two-factor authentication is set up again.`,
      locked:
        "Until further notice no code is sent and none is accepted. Two-factor authentication still protects your account. To sign in again, contact support.",
      reported: "All further changes are stopped. Signing in still works.",
      undone: wasYou,
      reset: "If you asked for it, there is nothing to do."
    },
    page: "If it was not you, say so on the page behind the button. Opening it changes nothing by itself.",
    noPage: "If it was not you, look at Account Security now and contact support."
  },
  delivery: {
    none: "No code is on its way: none was asked for, or its time is over. Nothing was changed.",
    startAtPortal: "Ask for a code at the portal, with your password.",
    again: (clock) => `You can ask for another one on that page, from ${clock} on.`
  },
  caseOpened: {
    fresh: (caseId) => `Support knows now. Your case is *${caseId}*.`,
    again: (caseId) => `Your case *${caseId}* is open already. Support sees that you asked again.`,
    at: (step) => `Where you are: ${step}.`,
    sees: "Support sees your account id, your step and where your code stands; no address and no number. Nobody at support asks you for a code or a password."
  },
  nudge: {
    asks: {
      stuck: (caseId) => `Support asks: are you still stuck? Your case is *${caseId}*.`,
      lost: (caseId) => `Support asks: is your phone or mailbox still lost? Your case is *${caseId}*.`,
      reported: (caseId) =>
        `Support asks: do you still need help with a change that was not yours? Your case is *${caseId}*.`
    },
    next: "If all is well, there is nothing to do. If not, go on under Account Security, or contact support and name the case."
  },
  help: { heading: "What you can type", support: "For support" },
  unknown: {
    what: "There is no such word, so nothing was done.",
    nearest: (command) => `Did you mean ${command}?`,
    all: (command) => `All words: ${command}`
  },
  secret: {
    what: "That looks like a code or a password.",
    nobody: (brand) => `Nobody at ${brand} ever asks for one, here or anywhere else.`,
    notKept: "It was not kept.",
    cancelled: "To be safe, all open codes of your account were cancelled. Your method stays as it was.",
    notCancelled: "No code was cancelled from here.",
    next: "Delete your message. If it was a password, change it. Then start again at the portal."
  },
  notForYou: (command) => `That is for support, so nothing was done. What you can type: ${command}`,
  slowDown:
    "That was a lot at once, so your last request was not carried out. Nothing was changed. Try again in a minute.",
  support: enSupport
}
