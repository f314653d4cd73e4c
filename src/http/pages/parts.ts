import { DateTime } from "effect"
import type { MethodId } from "../../domain/ids.ts"
import type { Challenge, TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import type { Until } from "../../words/pages/PageWords.ts"
import { momentOf } from "../../words/time.ts"
import type { Frame, Problem } from "./layout.ts"

/** Nothing to show. */
export const nothing: Html = html``

/** The method in force, as pages show it. */
export const inForceIn = ({ methods }: TwoFactor): TwoFactor["methods"][number] | undefined => methods[0]

/** The clock of an instant in the account's zone, `04:19`. */
export const clockOf = ({ words, person }: Frame, instant: DateTime.Utc): string => {
  const { local, utc } = momentOf(instant, words.language, person?.timeZone ?? null)
  return local === null ? `${utc.clock} UTC` : local.clock
}

/** The clock to the second, `04:04:12`. */
export const preciseClockOf = (frame: Frame, instant: DateTime.Utc): string =>
  clockOf(frame, instant).replace(/^\S+/, (clock) => `${clock}:${isoOf(instant).slice(17, 19)}`)

/** Day and clock of an instant in the account's zone. */
export const whenOf = ({ words, person }: Frame, instant: DateTime.Utc): string => {
  const { local, utc } = momentOf(instant, words.language, person?.timeZone ?? null)
  const there = local ?? utc
  return `${there.day} ${there.month} ${there.year}, ${there.clock}${local === null ? " UTC" : ""}`
}

/** How long until an instant, and what the clock says then. */
export const untilOf = (frame: Frame, instant: DateTime.Utc): Until => ({
  clock: clockOf(frame, instant),
  seconds: Math.max(0, Math.ceil((DateTime.toEpochMillis(instant) - frame.now.getTime()) / 1000))
})

/** The same for something that must not be tried before: the clock is that of the next full minute. */
export const notBeforeOf = (frame: Frame, instant: DateTime.Utc): Until => {
  const { seconds } = untilOf(frame, instant)
  const minute = 60_000
  const full = Math.ceil(DateTime.toEpochMillis(instant) / minute) * minute
  return { clock: clockOf(frame, DateTime.makeUnsafe(full)), seconds }
}

/** An instant for machines. */
export const isoOf = (instant: DateTime.Utc): string => DateTime.formatIso(instant)

const fault = (field: string, problem: Problem | undefined): Html =>
  problem?.field === field ? html`<p class="fault" id="${field}-fault">${problem.message}</p>` : nothing

const described = (field: string, problem: Problem | undefined, hint: boolean): string =>
  [hint ? `${field}-hint` : "", problem?.field === field ? `${field}-fault` : ""].filter((id) => id !== "").join(" ")

const marks = (field: string, problem: Problem | undefined, hint: boolean): Html => {
  const ids = described(field, problem, hint)
  return html`${ids === "" ? nothing : html`aria-describedby="${ids}"`}
  ${problem?.field === field ? html`aria-invalid="true"` : nothing}`
}

/** Whose password it is, for password managers; unsaid behind the link of a notice, where nobody is signed in. */
const usernameHint = ({ person, csrf }: Frame): Html =>
  person === null || csrf === ""
    ? nothing
    : html`<input type="hidden" autocomplete="username" value="${person.accountId}" />`

/** The password of the account. */
export const passwordField = (frame: Frame, problem?: Problem): Html =>
  html`${usernameHint(frame)}
    <div class="field">
      <label for="password">${frame.words.password}</label>
      ${fault("password", problem)}
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        ${marks("password", problem, false)}
      />
    </div>`

/** One field for the code: whatever is pasted, the server takes the digits out of it. */
export const codeField = (
  { words }: Frame,
  { codeLength }: Pick<Challenge, "codeLength">,
  label: string,
  problem?: Problem
): Html =>
  html`<div class="field">
    <label for="code">${label}</label>
    <p class="hint" id="code-hint">${words.verify.hint(codeLength)}</p>
    ${fault("code", problem)}
    <input
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      spellcheck="false"
      autocapitalize="off"
      required
      ${marks("code", problem, true)}
    />
  </div>`

/** A field for a phone number. */
export const phoneField = ({ words }: Frame, value: string, problem?: Problem): Html =>
  html`<div class="field">
    <label for="destination">${words.setUp.phone}</label>
    <p class="hint" id="destination-hint">${words.setUp.phoneHint}</p>
    ${fault("destination", problem)}
    <input
      id="destination"
      name="destination"
      type="tel"
      autocomplete="tel"
      value="${value}"
      ${marks("destination", problem, true)}
    />
  </div>`

/** The one button that the page is for. */
export const primary = (label: string): Html => html`<button class="primary">${label}</button>`

/** Something else that can be done here. */
export const secondary = (label: string): Html => html`<button class="secondary">${label}</button>`

/** A link that looks like the button that the next page is for. */
export const goTo = (href: string, label: string, kind: "primary" | "secondary" = "primary"): Html =>
  html`<a class="button ${kind}" href="${href}">${label}</a>`

/** A method and where its codes go. */
export interface Destined {
  readonly method: MethodId
  readonly destination: string
}

const lamp = (label: string, method: string, destination: string, isOn: boolean, state: string): Html =>
  html`<li class="${isOn ? "lamp on" : "lamp"}">
    <span class="lamp-label">${label}</span> <strong>${method}</strong> ${destination}
    <span class="lamp-state">${state}</span>
  </li>`

/** Which method is in force, and which will be: told in words, the colours only repeat it. */
export const lamps = ({ words }: Frame, now: Destined | undefined, next: Destined | string): Html => {
  const { lamps: w, method } = words
  const coming = typeof next === "string" ? [next, ""] : [method[next.method], next.destination]
  return html`<ul class="lamps">
    ${now === undefined ? lamp(w.now, w.none, "", false, "") : lamp(w.now, method[now.method], now.destination, true, w.on)}
    ${lamp(w.next, coming[0] ?? "", coming[1] ?? "", false, w.off)}
  </ul>`
}

/** A note that is no fault. */
export const note = (text: string | Html, kind: "good" | "warning" | "plain" = "plain"): Html =>
  html`<p class="note ${kind}">${text}</p>`
