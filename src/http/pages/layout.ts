import { html, type Html } from "../../words/html.ts"
import { personName } from "../../words/plain.ts"
import type { PageWords } from "../../words/pages/PageWords.ts"

/** Who the page is for. */
export interface Person {
  readonly accountId: string
  readonly name: string | null
  readonly timeZone: string | null
}

/** What every page needs beside its own facts. */
export interface Frame {
  readonly words: PageWords
  readonly brand: string
  readonly now: Date
  /** Null where nobody is known. */
  readonly person: Person | null
  /** Proof that a form is ours; belongs to the session, and is empty where there is none. */
  readonly csrf: string
  /** A nonce of this rendering: the same form sent twice is one request. */
  readonly once: string
  /** Back to where the person came from. */
  readonly returnUrl: string | null
  readonly supportEmail: string | null
  readonly assets: { readonly css: string; readonly js: string }
}

/** A fault that the page tells at the top and at the field. */
export interface Problem {
  /** The id of the field; none where the whole is meant. */
  readonly field?: string | undefined
  readonly message: string
}

/** What is different from page to page. */
export interface Content {
  readonly heading: string
  /** "Step n of m", above the heading. */
  readonly step?: { readonly number: number; readonly of: number } | undefined
  /** Where *Back* leads; nothing is lost by it. */
  readonly back?: string | undefined
  readonly problem?: Problem | undefined
  readonly reference?: string | undefined
  readonly body: Html
}

const nothing = html``

/** The hidden fields of every form: whose page it is, and which rendering. */
export const formFields = ({ csrf, once }: Frame): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}" /><input type="hidden" name="once" value="${once}" />`

const menu = (frame: Frame): Html => {
  const { words, person, csrf, returnUrl, brand } = frame
  if (person === null || csrf === "") return nothing
  const { steps } = words
  return html`<details class="menu">
    <summary><bdi>${personName(person.name) ?? person.accountId}</bdi></summary>
    <ul>
      ${
        returnUrl === null
          ? nothing
          : html`<li><a href="${returnUrl}" title="${words.backToPortal(brand)}">${steps.account.control}</a></li>`
      }
      <li><a href="/account/security">${steps.security.control}</a></li>
      <li>
        <form method="post" action="/account/security/sign-out">
          ${formFields(frame)}<button class="as-link">${words.signOut}</button>
        </form>
      </li>
    </ul>
  </details>`
}

const summary = ({ problem: title }: PageWords, { field, message }: Problem): Html =>
  html`<div class="problem" role="alert" tabindex="-1" id="problem" autofocus>
    <h2>${title}</h2>
    <p>${field === undefined ? message : html`<a href="#${field}">${message}</a>`}</p>
  </div>`

/** A whole page: one heading, the step above it, one column. */
export const page = (frame: Frame, { heading, step, back, problem, reference, body }: Content): Html => {
  const { words, brand, returnUrl, supportEmail, assets } = frame
  const title = words.title(heading, brand)
  return html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${problem === undefined ? title : words.errorTitle(title)}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${assets.css}" />
        <script src="${assets.js}" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">${words.skip}</a>
        <header>
          <p class="brand">${brand}</p>
          ${menu(frame)}
        </header>
        <main id="main">
          ${back === undefined ? nothing : html`<p class="back"><a href="${back}">${words.back}</a></p>`}
          ${problem === undefined ? nothing : summary(words, problem)}
          ${step === undefined ? nothing : html`<p class="step">${words.stepOf(step.number, step.of)}</p>`}
          <h1>${heading}</h1>
          ${body} ${reference === undefined ? nothing : html`<p class="quiet">${words.reference(reference)}</p>`}
        </main>
        <footer>
          ${returnUrl === null ? nothing : html`<p><a href="${returnUrl}">${words.backToPortal(brand)}</a></p>`}
          ${supportEmail === null ? nothing : html`<p><a href="mailto:${supportEmail}">${words.support(supportEmail)}</a></p>`}
        </footer>
      </body>
    </html> `
}
