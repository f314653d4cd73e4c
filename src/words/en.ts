import type { MethodId, Purpose } from "../domain/ids.ts"
import type { CustomerLetter } from "../domain/letters.ts"
import type { ContactPart, Words } from "./Words.ts"
import { clockOnce, dayFirst, dayFirstOnce, dayFirstOnceShort, dayFirstShort } from "./time.ts"

const byWhat: Record<MethodId, string> = { SMS: "SMS", EMAIL: "email" }
const codes: Record<MethodId, string> = { SMS: "SMS codes", EMAIL: "Email codes" }
const place: Record<MethodId, string> = { SMS: "number", EMAIL: "address" }
const parts: Record<ContactPart, string> = { email: "email address", phone: "phone number", password: "password" }

const updated = (method: MethodId): string => `Your security standard has been updated to ${method}`

const replacedBy = (from: MethodId, to: MethodId): string =>
  from === to ? `${codes[from]} go to another ${place[from]} now` : `${codes[from]} were replaced by ${byWhat[to]}`

const enter: Record<Purpose, (method: MethodId) => string> = {
  "sign-in": () => "Enter this code to sign in.",
  "step-up": () => "Enter this code to confirm that it is you.",
  setup: (method) => `Enter this code to turn on two-factor authentication by ${byWhat[method]}.`,
  change: (method) => `Enter this code to change your security standard to ${method}.`
}

const enterShort: Record<Purpose, string> = {
  "sign-in": "to sign in",
  "step-up": "to confirm it is you",
  setup: "to turn on two-factor",
  change: "to change two-factor"
}

const during: Record<Purpose, string> = {
  "sign-in": "a sign-in",
  "step-up": "a security check",
  setup: "setting up two-factor authentication",
  change: "changing two-factor authentication"
}

const proved: Record<Purpose, string> = {
  "sign-in": "Someone signed in",
  "step-up": "Someone passed a security check",
  setup: "Someone turned on two-factor authentication",
  change: "Someone changed your security standard"
}

const abouts: Readonly<Record<string, string>> = {
  changed: "a change of your security standard",
  replaced: "a change of your security standard",
  disabled: "two-factor authentication being turned off",
  unfinished: "two-factor authentication being off",
  suspended: "code entry being paused",
  tries: "wrong codes after a right password",
  proved_after_failures: "a right code after several wrong ones",
  contact: "a change of your contact details",
  reset: "a reset of your two-factor authentication by support",
  slack: "a Slack user and your two-factor status"
} satisfies Record<Exclude<CustomerLetter["_tag"], "code" | "undelivered">, string>

const shownTo = (slackUser: string): string => (slackUser === "" ? "A Slack user" : `Slack user @${slackUser}`)

const linked = (slackUser: string): string => `${shownTo(slackUser)} can now see your two-factor status`
const unlinked = (slackUser: string): string => `${shownTo(slackUser)} can no longer see your two-factor status`

const opening = "Opening the page changes nothing by itself."
const ifNotYou = "If this was not you,"

const list = (items: ReadonlyArray<string>, type: "conjunction" | "disjunction" = "conjunction"): string =>
  new Intl.ListFormat("en-GB", { type }).format(items)

/** English. */
export const en: Words = {
  language: "en-GB",
  greeting: { named: ["Hello ", ","], unnamed: "Hello," },
  labels: { account: "Account", when: "When", where: "From", askedBy: "Asked by", takesEffect: "Takes effect" },
  when: dayFirst,
  whenShort: dayFirstShort,
  where: ({ browser, system }) => (browser === null ? system : system === null ? browser : `${browser} on ${system}`),
  account: (accountId) => `Account ${accountId}`,
  neverAsk: "We never ask for this code by phone, chat or e-mail.",
  neverAskShort: "We never ask for codes.",
  codesAreYours: "A verification code is for you alone.",
  notYou: ({ brand, supportEmail, portalUrl }) => {
    const ways = [supportEmail === null ? [] : [`at ${supportEmail}`], portalUrl === null ? [] : [`at ${portalUrl}`]]
    const where = list(ways.flat(), "disjunction")
    return `If this was not you, contact ${brand} support${where === "" ? "" : ` ${where}`} at once.`
  },
  notYouShort: ({ brand, supportEmail, portalUrl }) =>
    supportEmail === null && portalUrl !== null
      ? `Not you? Go to ${new URL(portalUrl).host}.`
      : `Not you? Contact ${supportEmail ?? `${brand} support`}.`,
  alsoContact: ({ brand, supportEmail }) =>
    `You can also contact ${brand} support${supportEmail === null ? "" : ` at ${supportEmail}`}.`,
  notYouLinkShort: (url) => `Not you? ${url}`,
  notYouCode: ({ brand, supportEmail }) =>
    `If you did not ask for it, somebody may know your password: give the code to nobody, change your password and ` +
    `contact ${brand} support${supportEmail === null ? "" : ` at ${supportEmail}`}.`,
  footer: (brand) => `${brand} sends this message by itself to protect your account. Replies are not read.`,
  mails: {
    code: ({ brand, purpose, method }) => ({
      subject: `Your ${brand} verification code`,
      paragraphs: [enter[purpose](method)]
    }),
    codeLives: (until) => `It works once, until ${dayFirstOnce(until)}.`,
    changed: ({ from, to }) => ({
      subject: updated(to),
      paragraphs: [
        `${updated(to)}.`,
        `Two-factor authentication is on: signing in takes your password and a code that we send by ${byWhat[to]}.`,
        ...(from === null || from === to ? [] : [`${codes[from]} no longer work for your account.`])
      ],
      link: { intro: `${ifNotYou} say so on this page within 72 hours. ${opening}`, label: "This wasn't me" }
    }),
    replaced: ({ from, to }) => ({
      subject: replacedBy(from, to),
      paragraphs: [
        `${replacedBy(from, to)}.`,
        `Codes for your account are no longer sent to this ${place[from]}, and none that was sent here works any more.`
      ],
      link: {
        intro:
          `${ifNotYou} review it within 72 hours: you can say so, or have codes sent here again with your password ` +
          `and a code. ${opening}`,
        label: "Review this"
      }
    }),
    disabled: ({ method }) => ({
      subject: "Two-factor authentication was turned off",
      paragraphs: [
        `Two-factor authentication was turned off. Codes came by ${byWhat[method]} until now.`,
        "Your account is protected by its password only, until two-factor authentication is set up again under Account Security."
      ],
      link: {
        intro: `${ifNotYou} review it within 72 hours: you can say so, or turn it back on with your password. ${opening}`,
        label: "Review this"
      }
    }),
    unfinished: () => ({
      subject: "Your account is protected by its password only",
      paragraphs: [
        "Two-factor authentication was turned off and has not been set up again.",
        "To protect your account, open My Account, then Account Security, and choose Setup Two-Factor Authentication."
      ]
    }),
    suspended: ({ method }) => ({
      subject: "We paused code entry on your account",
      paragraphs: [
        `Too many wrong codes were entered in a row. Until further notice no code is sent by ${byWhat[method]} and none is accepted.`,
        "Your account stays protected. To sign in again, contact support."
      ]
    }),
    tries: ({ purpose }) => ({
      subject: "Someone knows your password and entered wrong codes",
      paragraphs: [
        `The password was right, then several wrong codes were entered, during ${during[purpose]}.`,
        "If that was you, there is nothing to do. If not, change your password now: two-factor authentication kept them out."
      ]
    }),
    provedAfterFailures: ({ purpose, failures }) => ({
      subject: `${proved[purpose]} after several wrong codes`,
      paragraphs: [
        `The right code was entered during ${during[purpose]}. Wrong codes before it: ${failures}.`,
        "If that was you, there is nothing to do. If not, somebody reads your codes: change your password now."
      ]
    }),
    contact: ({ changed }) => ({
      subject: "The contact details of your account were changed",
      paragraphs: [
        `What is different now: ${list(changed.map((part) => parts[part]))}.`,
        "Two-factor authentication stays as it was: codes go where they went before."
      ]
    }),
    undelivered: ({ channel, address, about }) => ({
      subject: `We could not reach you at ${address}`,
      paragraphs: [
        `A message to ${address} could not be delivered by ${channel === "sms" ? "SMS" : "email"}. ` +
          `It was about ${abouts[about] ?? "the security of your account"}.`,
        "Please check that this contact is still yours, and correct it in your account if it is not."
      ]
    }),
    resetRequested: () => ({
      subject: "Support was asked to reset your two-factor authentication",
      paragraphs: [
        "Support was asked to reset your two-factor authentication. Unless it is stopped, two-factor authentication is turned off at the time below.",
        "Until then nothing changes: codes go where they went before. Afterwards you sign in with your password and set up two-factor authentication anew."
      ],
      link: { intro: `If you did not ask for this, stop it. ${opening}`, label: "Stop it" }
    }),
    resetCancelled: () => ({
      subject: "The reset of your two-factor authentication was stopped",
      paragraphs: [
        "Support was asked to reset your two-factor authentication. That was stopped and will not happen.",
        "Two-factor authentication stays as it was: codes go where they went before."
      ]
    }),
    resetExecuted: () => ({
      subject: "Your two-factor authentication was reset",
      paragraphs: [
        "The reset that support was asked for has taken effect: two-factor authentication is off, and no code that was sent before works any more.",
        "Sign in with your password. You are then asked to set up two-factor authentication anew before anything else."
      ]
    }),
    slackLinked: ({ slackUser }) => ({
      subject: linked(slackUser),
      paragraphs: [
        `${linked(slackUser)}: in Slack they can ask how your account is protected and what happened last, and they are told there when it changes.`,
        "Slack can never change your protection or take a code. No code and no password belongs in Slack.",
        "It can be ended at any time with the word unlink in Slack."
      ]
    }),
    slackUnlinked: ({ slackUser }) => ({
      subject: unlinked(slackUser),
      paragraphs: [
        `${unlinked(slackUser)} and is not told about changes of it any more.`,
        "Your protection stays as it was: Slack can never change it or take a code.",
        "To show your status to a Slack user again, use the word link in Slack."
      ]
    })
  },
  texts: {
    code: ({ brand, purpose, code }) => `${brand}: ${code} is your code ${enterShort[purpose]}.`,
    codeLives: (until) => `Until ${clockOnce(until)}.`,
    changed: ({ to }) => `${updated(to)}.`,
    replaced: ({ from, to }) => `${replacedBy(from, to)}.`,
    disabled: () => "Two-factor authentication was turned off.",
    unfinished: () => "Your account is protected by its password only. Set up two-factor again.",
    suspended: () => "Too many wrong codes: we paused code entry on your account.",
    tries: () => "Someone knows your password and entered wrong codes.",
    provedAfterFailures: ({ purpose }) => `${proved[purpose]} after several wrong codes.`,
    contact: ({ changed }) => `Your ${list(changed.map((part) => parts[part]))} changed.`,
    undelivered: ({ address }) => `We could not reach you at ${address}.`,
    resetRequested: () => "Support was asked to reset your two-factor.",
    takesEffect: (due) => `Takes effect ${dayFirstOnceShort(due)}.`,
    resetCancelled: () => "The reset of your two-factor was stopped. It stays as it was.",
    resetExecuted: () => "Your two-factor was reset and is off. Sign in and set it up anew.",
    slackLinked: ({ slackUser }) => `${linked(slackUser)}.`,
    slackUnlinked: ({ slackUser }) => `${unlinked(slackUser)}.`
  }
}
