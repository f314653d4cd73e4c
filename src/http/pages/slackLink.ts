import type { DateTime } from "effect"
import { html, type Html } from "../../words/html.ts"
import { oneLine } from "../../words/plain.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { type Destined, goTo, note, nothing, primary, untilOf } from "./parts.ts"
import { proofForm } from "./proof.ts"

/** Who wants to be linked: as Slack shows them, in words that somebody else wrote. */
export interface Invited {
  readonly user: string
  readonly displayName: string
  readonly workspace: string
}

/** The page of an invitation, for somebody who is signed in. */
export interface SlackLinking {
  readonly token: string
  readonly invited: Invited
  readonly expiresAt: DateTime.Utc
  /** The method to be proved first; undefined where the session holds a proof, or there is nothing to prove. */
  readonly proves: Destined | undefined
  /** The numbers to pick from; none until the right one was asked for. */
  readonly choices: ReadonlyArray<string>
  /** As it is typed, such as `/2fa`. */
  readonly command: string
  readonly problem?: Problem | undefined
}

/** Asking for the number, and picking it. */
const steps = 2

const people = ({ words, person }: Frame, { user, displayName, workspace }: Invited): Html => {
  const { slackLink: w } = words
  return html`<dl>
    <dt>${w.user}</dt>
    <dd><bdi>${oneLine(displayName, 80) || user}</bdi></dd>
    <dt>${w.workspace}</dt>
    <dd><bdi>${oneLine(workspace, 80)}</bdi></dd>
    <dt>${w.account}</dt>
    <dd><bdi>${person?.accountId ?? ""}</bdi></dd>
  </dl>`
}

const sees = ({ words }: Frame, command: string): Html => {
  const { slackLink: w } = words
  return html`<section>
    <h2>${w.sees.heading}</h2>
    <ul>
      ${w.sees.items.map((item) => html`<li>${item}</li>`)}
    </ul>
    <p>${w.sees.never} ${w.ends(`${command} unlink`)}</p>
  </section>`
}

/** The summary of a problem leads to the first choice. */
const choice = (number: string, place: number, hasFault: boolean): Html => {
  const id = place === 0 ? "number" : `number-${place}`
  return html`<div class="choice">
    <input
      type="radio"
      id="${id}"
      name="number"
      value="${number}"
      required
      aria-describedby="number-hint${hasFault ? " number-fault" : ""}"
    />
    <label for="${id}">${number}</label>
  </div>`
}

/** Radio buttons and one button: a slip of the finger is no pick, for a wrong one ends the invitation. */
const pick = (frame: Frame, path: string, choices: ReadonlyArray<string>, problem: Problem | undefined): Html => {
  const { slackLink: w } = frame.words
  const fault = problem?.field === "number" ? problem.message : undefined
  return html`<form method="post" action="${path}/number">
    ${formFields(frame)}
    <fieldset>
      <legend>${w.which}</legend>
      <p class="hint" id="number-hint">${w.hint}</p>
      ${fault === undefined ? nothing : html`<p class="fault" id="number-fault">${fault}</p>`}
      ${choices.map((number, place) => choice(number, place, fault !== undefined))}
    </fieldset>
    ${primary(w.control)}
  </form>`
}

const ask = (frame: Frame, path: string): Html => {
  const { slackLink: w } = frame.words
  return html`<p>${w.next}</p>
    <form method="post" action="${path}">${formFields(frame)} ${primary(w.send)}</form>`
}

/**
 * `/account/slack/{token}`: who wants to be linked, and what they will see; then the proof of the current method where the
 * session has none, the button that sends the number, and the numbers to pick from (S-68). Looking changes nothing (S-51).
 */
export const slackLinkPage = (frame: Frame, asked: SlackLinking): Html => {
  const { slackLink: w } = frame.words
  const { token, invited, expiresAt, proves, choices, command, problem } = asked
  const path = `/account/slack/${token}`
  const isAsked = choices.length > 0
  const form =
    proves !== undefined
      ? proofForm(frame, proves, `slack-${token}`)
      : isAsked
        ? pick(frame, path, choices, problem)
        : ask(frame, path)
  const act = html`${form}
    <p class="quiet">${w.lives(untilOf(frame, expiresAt))}</p>`
  const who = html`${people(frame, invited)} ${note(w.onlyYou, "warning")}`
  return page(frame, {
    heading: w.heading,
    step: { number: isAsked ? 2 : 1, of: steps },
    problem,
    body: html`${who} ${isAsked ? html`${act} ${sees(frame, command)}` : html`${sees(frame, command)} ${act}`}`
  })
}

/** `/account/slack/{token}/linked`: what can be seen now, and how to end it. */
export const slackLinkedPage = (
  frame: Frame,
  { invited, command }: { readonly invited: Invited; readonly command: string }
): Html => {
  const { slackLink: w, steps: controls } = frame.words
  return page(frame, {
    heading: w.linked.heading,
    body: html`<p class="note good" role="status">${w.linked.body}</p>
      ${people(frame, invited)} ${sees(frame, command)}
      <p>${w.linked.told}</p>
      ${goTo("/account/security", controls.security.control)}`
  })
}

/** Another number than the one that Slack shows was picked. */
export const slackWrongNumberPage = (frame: Frame, { command }: { readonly command: string }): Html => {
  const { slackLink: w } = frame.words
  return page(frame, {
    heading: w.wrong.heading,
    body: html`${note(w.wrong.body, "warning")}
      <p>${w.wrong.sent}</p>
      <p>${w.again(`${command} link`)}</p>`
  })
}

/** No such invitation, or nothing can be done by it any more; one page for all reasons (S-54). */
export const slackOverPage = (frame: Frame, { command }: { readonly command: string }): Html => {
  const { slackLink: w } = frame.words
  return page(frame, {
    heading: w.over.heading,
    body: html`<p>${w.over.body}</p>
      <p>${w.again(`${command} link`)}</p>`
  })
}

/** The same address for whoever is not signed in; nothing is said of the invitation. */
export const slackSignInPage = (frame: Frame, { command }: { readonly command: string }): Html => {
  const { slackLink: w } = frame.words
  const { returnUrl, brand, words } = frame
  return page(frame, {
    heading: w.signIn.heading,
    body: html`<p>${w.signIn.body}</p>
      <p>${w.signIn.onwards(`${command} link`)}</p>
      ${returnUrl === null ? nothing : goTo(returnUrl, words.backToPortal(brand))}`
  })
}
