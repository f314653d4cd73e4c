import type { MethodId, Purpose } from "../../domain/ids.ts"
import type { PageWords, Refused } from "./PageWords.ts"

const by: Record<MethodId, string> = { SMS: "SMS", EMAIL: "email" }
const subject: Record<MethodId, string> = { SMS: "SMS", EMAIL: "Email" }
const server: Record<MethodId, string> = { SMS: "text message service", EMAIL: "mail server" }
const place: Record<MethodId, string> = { SMS: "number", EMAIL: "address" }
const operation: Record<Purpose, string> = {
  "sign-in": "a sign-in",
  "step-up": "a security check",
  setup: "a set-up",
  change: "a change"
}

const plural = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

const duration = (seconds: number): string =>
  seconds < 60
    ? plural(Math.max(1, Math.round(seconds)), "second", "seconds")
    : seconds < 3600
      ? plural(Math.floor(seconds / 60), "minute", "minutes")
      : plural(Math.floor(seconds / 3600), "hour", "hours")

const stillOn = (method: MethodId | null): string =>
  method === null ? "Two-factor authentication is still off." : `${subject[method]} is still on.`

const after = ({ until }: Refused): string => (until === undefined ? "a little later" : `after ${until.clock}`)

const refusal = (what: string) => (about: Refused) => `${what} ${stillOn(about.inForce)}`

/** English. */
export const en: PageWords = {
  language: "en-GB",
  skip: "Skip to the content",
  title: (heading, brand) => `${heading} – ${brand}`,
  errorTitle: (title) => `Error: ${title}`,
  problem: "There is a problem",
  stepOf: (step, steps) => `Step ${step} of ${steps}`,
  back: "Back",
  backToPortal: (brand) => `Back to ${brand}`,
  signOut: "Sign out",
  reference: (reference) => `Reference ${reference}`,
  support: (address) => `Support: ${address}`,
  steps: {
    menu: { heading: "Open the account menu", control: "Account menu" },
    account: { heading: "Open My Account", control: "My Account" },
    security: { heading: "Account Security", control: "Account Security" },
    manage: { heading: "Manage two-factor authentication", control: "Manage two-factor authentication" },
    disable: { heading: "Disable two-factor authentication", control: "Disable 2FA" },
    again: { heading: "Account Security", control: "Setup Two-Factor Authentication" },
    choose: { heading: "Choose how you get your codes", control: "Email Authentication" },
    confirm: { heading: "Confirm with your password", control: "Confirm" },
    verify: { heading: "Enter your verification code", control: "Verify" },
    done: { heading: "Two-factor authentication is on", control: "Okay" },
    success: { heading: "Account Security", control: "Account Security" }
  },
  method: { SMS: "SMS", EMAIL: "Email" },
  choice: { SMS: "SMS Authentication", EMAIL: "Email Authentication" },
  strength: {
    SMS: "Codes by text message are better than email: a thief needs your phone, or your number moved to another SIM card.",
    EMAIL: "Codes by email are the weakest method: whoever can read your mailbox can read your codes."
  },
  duration,
  until: ({ clock, seconds }) => `until ${clock}, ${duration(seconds)}`,
  at: (moment) => `at ${moment}`,
  lamps: { now: "Now", next: "After your code is accepted", on: "on", off: "not on yet", none: "No second factor" },
  overview: {
    on: (method, destination) =>
      `Two-factor authentication is on. Your codes go by ${method === "SMS" ? "text message" : "email"} to ${destination}.`,
    off: "Two-factor authentication is off. Your account is protected by its password only.",
    mustEnrol: "Your two-factor authentication was reset. Set it up again before you do anything else.",
    updated: (standard) => `Your security standard has been updated to ${standard}`,
    turnedOff: "Two-factor authentication is off now. You can turn it back on for 72 hours from the mail that we sent.",
    pending: (method) => `You have asked for codes by ${by[method]}, and the code is not entered yet.`,
    goOn: "Continue",
    suspended:
      "Code entry is paused after too many wrong codes. Two-factor authentication still protects your account. Support can help you.",
    reported:
      "You told us that a change was not yours, so changes are stopped. Signing in still works, and your method is still on.",
    reportedOff:
      "You told us that a change was not yours, so changes are stopped while two-factor authentication is off. Turn it back on from the mail that we sent, or ask support.",
    itWasMe: "It was me",
    reset: (who, when) =>
      `${who} asked to reset your two-factor authentication. It takes effect ${when}, unless you stop it.`,
    stopReset: "Stop it",
    activity: "Recent activity",
    lastChange: (moment) => `Last changed ${moment}.`,
    slack: (users) =>
      `${users === 1 ? "One Slack user sees" : `${users} Slack users see`} in Slack how your account is protected.`,
    unlinkSlack: "Remove from Slack",
    slackUnlinked: "Nobody sees your account in Slack any more."
  },
  manage: {
    changeTitle: "Change to another method",
    change: "Change method",
    changeHint: "Recommended. The method that you have stays on until the new one works.",
    disableHint: "Your account is then protected by its password only."
  },
  proof: {
    intro: (method, destination) =>
      `First show that it is you: we send a code to your current method, ${method === "SMS" ? "by text message" : "by email"} to ${destination}.`,
    send: "Send me a code"
  },
  disable: {
    warning: "Without a second factor, your password alone opens your account. We tell you at every address on file.",
    changeInstead: "Change method instead"
  },
  setUp: {
    intro: {
      SMS: (to) =>
        to === null ? "We send a code by text message to your phone." : `We send a code by text message to ${to}.`,
      EMAIL: (to) => `We send a code by email to ${to ?? "your registered address"}.`
    },
    sameMailbox:
      "This is the mailbox that also resets your password: who can read it could get past both. Protect it with a second factor of its own.",
    phone: "Phone number",
    phoneHint: "With the country code, such as +60125550101.",
    otherPhone: "Use another number"
  },
  change: {
    heading: "Change method",
    pick: "New method",
    stays: (method) => `${subject[method]} stays on until the code from the new method is accepted.`
  },
  password: "Password",
  code: "Verification code",
  verify: {
    sent: (length, destination) => `We sent a ${length}-digit code to ${destination}.`,
    notSent: (destination) => `We could not send the code to ${destination}.`,
    stays: (method) => `${subject[method]} stays on until this code is accepted.`,
    nothingOn: "Two-factor authentication is off until this code is accepted.",
    lives: (until) => `The code works ${en.until(until)}.`,
    expired: (issued) => `That code was sent at ${issued} and has expired.`,
    hint: (length) => `${length} digits. You can paste the whole message.`,
    again: "Send again",
    fresh: "Send a new code",
    wait: (seconds) => `You can ask for it again in ${duration(seconds)}.`,
    checkAgain: "Check again",
    slow: "This is slower than usual. Look into the spam folder, or check that your phone has a signal.",
    otherMethod: "Use another method",
    cancel: "Stop here",
    delivery: {
      queued: () => "Waiting to be sent.",
      handed_over: ({ method, clock }) => `Handed to the ${server[method]} at ${clock}`,
      deferred: ({ method, clock }) => `The ${server[method]} did not take it at ${clock}. We are trying again.`,
      failed: ({ method, detail }) =>
        `${detail ?? `The ${server[method]} refused it`}. Use another method, or check the ${place[method]}.`
    },
    headings: {
      "sign-in": "Enter your verification code",
      "step-up": "Show that it is you",
      setup: "Enter your verification code",
      change: "Enter your verification code"
    },
    controls: { "sign-in": "Verify", "step-up": "Verify", setup: "Verify", change: "Verify" }
  },
  done: {
    already: (clock) => `Already done at ${clock}.`,
    told: "We have sent a confirmation to every address on file."
  },
  closed: {
    usedUp: "No tries are left",
    heading: "This code is no longer needed",
    over: "What it was for is over: it was used, replaced, stopped or has expired.",
    startAgain: "Start again",
    unchanged: stillOn
  },
  activity: {
    heading: "Recent activity",
    older: "Older",
    empty: "Nothing has happened yet.",
    from: (browser) => `from ${browser}`,
    events: {
      "account.imported": () => "Your account was registered here.",
      "account.contact_changed": () => "Your contact details were changed.",
      "account.deleted": () => "Your account was deleted.",
      signed_in: () => "You signed in.",
      "code.requested": ({ method, purpose }) =>
        `A code was asked for${method === undefined ? "" : ` by ${by[method]}`}${purpose === undefined ? "" : `, for ${operation[purpose]}`}.`,
      "code.accepted": ({ purpose }) =>
        `A right code was entered${purpose === undefined ? "" : ` for ${operation[purpose]}`}.`,
      "code.rejected": ({ purpose }) =>
        `A wrong code was entered${purpose === undefined ? "" : ` for ${operation[purpose]}`}.`,
      "password.rejected": () => "A wrong password was entered.",
      "challenge.closed": ({ purpose }) =>
        `The code${purpose === undefined ? "" : ` for ${operation[purpose]}`} is no longer valid.`,
      "method.enabled": ({ method }) =>
        `Two-factor authentication${method === undefined ? "" : ` by ${by[method]}`} was turned on.`,
      "method.changed": ({ method }) => `Your method was changed${method === undefined ? "" : ` to ${by[method]}`}.`,
      "method.disabled": () => "Two-factor authentication was turned off.",
      "method.suspended": () => "Code entry was paused after too many wrong codes.",
      "protection.reported": () => "A change was reported as not yours.",
      "protection.undone": () => "A change was undone, or a report was taken back.",
      "delivery.failed": () => "A message to you could not be delivered.",
      "reset.requested": () => "Support was asked to reset your two-factor authentication.",
      "reset.cancelled": () => "The reset by support was stopped.",
      "reset.executed": () => "Support reset your two-factor authentication.",
      "slack.linked": ({ refused }) =>
        refused
          ? "A wrong number was picked to link a Slack user. Nothing was linked."
          : "A Slack user was linked to your account.",
      "slack.unlinked": () => "A Slack user was unlinked from your account."
    }
  },
  enter: {
    heading: (brand) => `${brand} Account Security`,
    intro: "You are going to the pages that protect your account.",
    control: "Continue",
    over: "This link has been used, or its minute is over. Open Account Security in the portal again."
  },
  signedOut: {
    heading: "You are signed out here",
    body: "You may still be signed in at the portal: sign out there too if others use this device."
  },
  sessionEnded: {
    heading: "You need to open this page from the portal again",
    body: "Your time here is over, or your account was changed elsewhere. Nothing was changed by this page."
  },
  notFound: {
    heading: "This page is not here",
    body: "There is no such page, or it is not for you. If you followed a link, it may be too old."
  },
  misuse: {
    heading: "That came from somewhere else",
    body: "We could not tell that the button was pressed on one of our pages. Nothing was changed. Go back, load the page again and press it once more."
  },
  unavailable: {
    heading: "This does not work at the moment",
    body: "Something on our side does not answer. Nothing was changed, or it is not known yet: try again, and you will be told.",
    retry: "Try again"
  },
  refusals: {
    password_incorrect: refusal("That password is not right. Nothing was changed."),
    password_missing: () => "Enter your password.",
    code_incorrect: ({ attemptsRemaining = 0 }) =>
      `That code is not right. ${attemptsRemaining === 1 ? "1 try" : `${attemptsRemaining} tries`} left.`,
    code_malformed: ({ codeLength }) => `The code is ${codeLength} digits.`,
    code_expired: () => "That code has expired. Send a new one.",
    code_of_another: ({ other, attemptsRemaining = 0 }) =>
      `That code belongs to ${other === undefined ? "something else" : `${operation[other.purpose]} from ${other.clock}`}, not to this. ${attemptsRemaining === 1 ? "1 try" : `${attemptsRemaining} tries`} left.`,
    too_many_attempts: (about) => `Too many tries. ${stillOn(about.inForce)} Start again ${after(about)}.`,
    rate_limited: (about) =>
      `Too many tries, or too many codes asked for. ${stillOn(about.inForce)} Try again ${after(about)}.`,
    resend_too_soon: ({ until }) =>
      `You can ask for it again in ${duration(until?.seconds ?? 30)}. The code that we sent still works.`,
    challenge_closed: refusal("This code is no longer valid: it was used, replaced or stopped."),
    step_up_required: refusal("First show that it is you, with a code to your current method."),
    phone_malformed: () => "Enter a phone number with its country code, such as +60125550101.",
    same_method: refusal("That is the method that you have already."),
    method_unavailable: refusal("That method cannot be used here at the moment."),
    method_suspended: refusal("Code entry is paused after too many wrong codes."),
    protection_reported: refusal("Changes are stopped, because a change was reported as not yours."),
    state_changed: refusal("This was changed in the meantime, perhaps in another tab."),
    unavailable: refusal("That did not work just now. Try again in a moment.")
  },
  lost: {
    link: "I cannot get this code",
    heading: "If your phone is lost, or you cannot get your codes",
    intro:
      "Nobody can go around your second factor at once, and neither can a thief. These are the ways, the quickest first.",
    ways: [
      {
        heading: "If your codes go by email: a few minutes",
        body: () =>
          "Look into the spam folder, and check that you can sign in to your mailbox. If somebody else may read it, change its password first."
      },
      {
        heading: "If two-factor authentication was just changed or turned off: a few minutes",
        body: () =>
          "The mail or text that told you has a link. For 72 hours it leads to a page where you can stop further changes and put the former method back."
      },
      {
        heading: "Get your number back: often on the same day",
        body: () =>
          "Ask your phone company to block the lost SIM card and to give you a new one. Your codes come to the same number, and nothing has to be changed here."
      },
      {
        heading: "Ask support for a reset",
        body: ({ brand, wait }) =>
          `${brand} support can reset your second factor after checking who you are. It takes effect after ${wait}: all your addresses are told at once, and each can stop it. After that you sign in with your password and set up a new method, which takes about three minutes.`
      }
    ]
  },
  guide: {
    heading: "How to move two-factor authentication from text messages to email",
    intro: "You need your password, and a look into your mailbox. It takes about three minutes.",
    better:
      "Shorter, and your account is never without a second factor: choose Change method in step 4. SMS then stays on until the code from the email is accepted.",
    picture: (step) => `Picture of the page: ${step}`,
    steps: {
      menu: (_, brand) => `Sign in to ${brand} and press your name at the top.`,
      account: (control) => `Choose ${control}.`,
      security: (control) => `Open the tab ${control}.`,
      manage: (control) => `Press ${control}. It is there only while two-factor authentication is on.`,
      disable: (control) => `Choose to turn it off, enter your password and press ${control}.`,
      again: (control) => `Press ${control}.`,
      choose: (control) => `Choose ${control}.`,
      confirm: (control) => `Enter your password and press ${control}. We send a code to your mailbox.`,
      verify: (control) => `Enter the code from the email and press ${control}.`,
      done: (control) => `Press ${control}.`,
      success: () => "The page says that your security standard has been updated to EMAIL, and an email confirms it."
    }
  },
  notice: {
    heading: "Was this you?",
    happened: {
      "set-up": (to) => `Two-factor authentication by ${by[to]} was turned on.`,
      changed: (from, to) => `Your second factor was changed from ${by[from]} to ${by[to]}.`,
      moved: (to) => `Your codes by ${by[to]} go to another destination now.`,
      disabled: (from) => `Two-factor authentication by ${by[from]} was turned off.`,
      reset: (who) => `${who} asked support to reset your two-factor authentication.`
    },
    when: "When",
    where: "From",
    account: "Account",
    report: {
      heading: "If this was not you",
      body: "We stop all further changes at once. Signing in still works. Nothing else is asked of you.",
      control: "This wasn't me"
    },
    turnBackOn: {
      heading: "Turn it back on",
      body: "With your password, the method that was turned off protects your account again.",
      control: "Turn it back on"
    },
    goBack: {
      heading: "Go back to the former method",
      body: (to) => `With your password and a code by ${by[to]} to the former destination, the change is undone.`,
      control: "Go back"
    },
    stop: {
      heading: "Stop the reset",
      body: (when) => `It takes effect ${when}. If you did not ask for it, stop it.`,
      control: "Stop it"
    },
    used: "This link has been used. A link works once.",
    void: "Your account has been changed since, so this link does nothing any more.",
    expired: "This link is older than 72 hours and does nothing any more.",
    reported: "All further changes are stopped. If in doubt, talk to support.",
    turnedBackOn: (to) => `Two-factor authentication${to === null ? "" : ` by ${by[to]}`} is on again.`,
    resetExecuted:
      "The reset has been carried out: two-factor authentication is off. Sign in with your password and set it up again.",
    stopped: "The reset is stopped. Nothing else was changed.",
    wentBack: (to) => (to === null ? "The change is undone." : `Your second factor is ${by[to]} again.`)
  },
  slackLink: {
    heading: "Link this Slack user with your account?",
    user: "Slack user",
    workspace: "Workspace",
    account: "Your account",
    sees: {
      heading: "What this person sees in Slack from then on",
      items: [
        "Whether two-factor authentication is on, and by which method.",
        "What happened lately to the protection of your account, and what changes later."
      ],
      never: "No address, no phone number and no code is shown there. Slack can never change anything of your account."
    },
    ends: (command) => `You can end it at any time: type ${command} in Slack.`,
    onlyYou:
      "Go on only if this Slack user is you. If somebody else sent you this link, close the page: nothing has been linked.",
    lives: (until) => `This page can be used ${en.until(until)}.`,
    next: "Next, Slack shows a two-digit number in a direct message to this person, and you pick the same number here.",
    send: "Send the number to Slack",
    which: "Which number does Slack show you?",
    hint: "It is in a direct message from the bot, a few seconds after you asked for it. If none comes, pick none. A wrong number ends this link.",
    missing: "Pick the number that Slack shows you. Nothing was linked.",
    control: "Link",
    linked: {
      heading: "Linked",
      body: "This Slack user can now see how your account is protected.",
      told: "We have sent an email about it to your address on file."
    },
    wrong: {
      heading: "That was another number",
      body: "Nothing was linked, and this link is over.",
      sent: "If somebody sent you this link, do nothing more."
    },
    over: {
      heading: "This link is over",
      body: "It has been used, its time is up, or it belongs to another account. Opening it has linked nothing."
    },
    again: (command) => `To link your own Slack user, type ${command} in Slack again.`,
    signIn: {
      heading: "Sign in at the portal first",
      body: "You are not signed in here, so nothing was linked. Sign in at the portal and open Account Security there.",
      onwards: (command) =>
        `Then press the button in Slack once more. It works for ten minutes; after that, type ${command} in Slack again.`
    }
  }
}
