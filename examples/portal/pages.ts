import type { Account, Challenge } from "./RekeyClient.ts"
import { durationOf, type Told } from "./words.ts"

/** Markup that is safe to show as it is. */
class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Shown = string | number | Html | ReadonlyArray<Html>

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const shown = (value: Shown): string => {
  if (value instanceof Html) return value.markup
  if (typeof value === "object") return value.map(({ markup }) => markup).join("")
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? "")
}

/** Escapes whatever is put into it. Attributes must be quoted. */
const html = (markup: TemplateStringsArray, ...values: ReadonlyArray<Shown>): Html =>
  new Html(markup.reduce((before, after, place) => before + shown(values[place - 1] ?? "") + after))

const nothing = html``

/** What every page needs. */
export interface Frame {
  readonly brand: string
  /** Ties each form to the session. */
  readonly csrf: string
  /** The number of this rendering: a form that is sent twice is told by it. */
  readonly once: string
  /** Rekey's page for whoever cannot get a code. */
  readonly lostUrl: string
  /** Who is signed in. */
  readonly person?: string | undefined
  /** The demo accounts, for the hints of the demo; a real portal has none. */
  readonly demo?: Demo | undefined
}

/** What the demo tells on its first page. */
export interface Demo {
  readonly password: string
  readonly accounts: ReadonlyArray<{ readonly id: string; readonly about: string }>
  /** Where mails and texts of the demo arrive. */
  readonly inboxUrl?: string | undefined
}

const hidden = ({ csrf, once }: Frame) =>
  html`<input type="hidden" name="csrf" value="${csrf}" /><input type="hidden" name="once" value="${once}" />`

const menu = (frame: Frame, person: string) =>
  html`<details class="menu">
    <summary><bdi>${person}</bdi></summary>
    <ul>
      <li><a href="/account">My Account</a></li>
      <li>
        <form method="post" action="/sign-out">${hidden(frame)}<button class="plain">Sign out</button></form>
      </li>
    </ul>
  </details>`

const summaryOf = ({ text, field }: Told) =>
  html`<div class="problem" role="alert" tabindex="-1" autofocus>
    <h2>There is a problem</h2>
    <p>${field === undefined ? text : html`<a href="#${field}">${text}</a>`}</p>
  </div>`

const page = (frame: Frame, title: string, told: Told | undefined, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${told === undefined ? "" : "Error: "}${title} – ${frame.brand}</title>
        <link rel="stylesheet" href="/portal.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to main content</a>
        <header>
          <a class="brand" href="/">${frame.brand}</a>
          ${frame.person === undefined ? nothing : menu(frame, frame.person)}
        </header>
        <main id="main" tabindex="-1">${told === undefined ? nothing : summaryOf(told)} ${body}</main>
      </body>
    </html> `.markup

type FieldOf = { readonly id: "account" | "password" | "code"; readonly label: string; readonly attributes: Html }

const field = ({ id, label, attributes }: FieldOf, told: Told | undefined) =>
  told?.field === id
    ? html`<div class="field wrong">
        <label for="${id}">${label}</label>
        <p id="${id}-wrong">${told.text}</p>
        <input id="${id}" name="${id}" ${attributes} aria-invalid="true" aria-describedby="${id}-wrong" />
      </div>`
    : html`<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${id}" ${attributes} /></div>`

const inbox = ({ demo }: Frame) =>
  demo?.inboxUrl === undefined
    ? nothing
    : html`<p class="hint">Demo: mails and texts arrive in the <a href="${demo.inboxUrl}">inbox</a>.</p>`

const hintsOf = ({ accounts, password }: Demo) =>
  html`<div class="demo">
    <h2>Demo accounts</h2>
    <ul>
      ${accounts.map(({ id, about }) => html`<li><strong>${id}</strong>: ${about}</li>`)}
    </ul>
    <p>The password of each is <code>${password}</code></p>
  </div>`

const named = (account: string) =>
  html`value="${account}" autocomplete="username" autocapitalize="none" spellcheck="false"`

/** Account and password. */
export const signInPage = (frame: Frame, account = "", told?: Told): string =>
  page(
    frame,
    "Sign in",
    told,
    html`<h1>Sign in to ${frame.brand}</h1>
      <form method="post" action="/sign-in">
        ${hidden(frame)} ${field({ id: "account", label: "Account", attributes: named(account) }, told)}
        ${field({ id: "password", label: "Password", attributes: html`type="password" autocomplete="current-password"` }, told)}
        <button>Sign in</button>
      </form>
      ${frame.demo === undefined ? nothing : hintsOf(frame.demo)}`
  )

const codeField = {
  id: "code",
  label: "Verification code",
  attributes: html`type="text" inputmode="numeric" autocomplete="one-time-code"`
} as const

const codeForm = (frame: Frame, told: Told | undefined) =>
  html`<form method="post" action="/code">
    ${hidden(frame)} ${field(codeField, told)}
    <button>Verify</button>
  </form>`

const resendForm = (frame: Frame, label: string, style: "" | "second") =>
  html`<form method="post" action="/code/resend">${hidden(frame)}<button class="${style}">${label}</button></form>`

/** The code that was sent, while it lives; then a button for a new one. */
export const codePage = (
  frame: Frame,
  { challenge, sentAgain }: { readonly challenge: Challenge; readonly sentAgain: boolean },
  told?: Told
): string => {
  const seconds = (Date.parse(challenge.expiresAt) - Date.now()) / 1000
  const sent = html`We sent a ${challenge.codeLength}-digit code to
    <bdi>${challenge.destination}</bdi>${sentAgain ? " again" : ""}.`
  return page(
    frame,
    "Verification code",
    told,
    html`<h1>Enter your verification code</h1>
      ${
        seconds > 0
          ? html`<p>${sent} It works for ${durationOf(seconds)}.</p>
              ${codeForm(frame, told)} ${resendForm(frame, "Send again", "second")}`
          : html`<p>${sent} That code has expired.</p>
              ${resendForm(frame, "Send a new code", "")}`
      }
      ${inbox(frame)}
      <p><a href="${frame.lostUrl}">I cannot get this code</a></p>
      <p><a href="/">Back to sign in</a></p>`
  )
}

/** The first page of somebody who is signed in. */
export const homePage = (frame: Frame, _account?: Account, told?: Told): string =>
  page(
    frame,
    "Home",
    told,
    html`<h1>Welcome, <bdi>${frame.person ?? ""}</bdi></h1>
      <p>This is your customer portal. Your account and its security are in the menu under your name.</p>`
  )

const row = (name: string, value: string | null) =>
  html`<div>
    <dt>${name}</dt>
    <dd><bdi>${value ?? "none"}</bdi></dd>
  </div>`

/** My Account. The tab *Account Security* is a form: the portal fetches a link and leads to Rekey's pages. */
export const accountPage = (frame: Frame, account: Account | undefined, told?: Told): string =>
  page(
    frame,
    "My Account",
    told,
    html`<h1>My Account</h1>
      <nav aria-label="My Account">
        <ul class="tabs">
          <li><a href="/account" aria-current="page">Profile</a></li>
          <li>
            <form method="post" action="/account-security">
              ${hidden(frame)}<button class="plain">Account Security</button>
            </form>
          </li>
        </ul>
      </nav>
      ${
        account === undefined
          ? nothing
          : html`<dl>
              ${row("Account name", account.accountId)} ${row("Name", account.name)} ${row("E-mail", account.email)}
              ${row("Phone", account.phone)} ${row("Time zone", account.timeZone)}
            </dl>`
      }`
  )

/** Whatever has no form of its own. */
export const messagePage = (frame: Frame, title: string, text: string): string =>
  page(
    frame,
    title,
    undefined,
    html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">Back to ${frame.brand}</a></p>`
  )
