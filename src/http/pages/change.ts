import type { MethodId } from "../../domain/ids.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { goTo, inForceIn, lamps, note, nothing, passwordField, primary } from "./parts.ts"
import { proofForm } from "./proof.ts"
import { numberField } from "./setUp.ts"

/** What can be changed to, and what was chosen before. */
export interface Change {
  readonly twoFactor: TwoFactor
  readonly offered: ReadonlyArray<MethodId>
  readonly hasProof: boolean
  /** The registered number, masked. */
  readonly phone: string | null
  readonly chosen?: MethodId | undefined
  readonly typed?: string | undefined
  readonly problem?: Problem | undefined
}

/** Steps of the change: prove and choose, enter the code, done. */
export const changeSteps = 3

/** The summary of a problem leads to the first choice. */
const choice = ({ words }: Frame, method: MethodId, place: number, isChosen: boolean, problem?: Problem): Html =>
  html`<div class="choice">
    <input
      type="radio"
      id="${place === 0 ? "method" : `method-${method}`}"
      name="method"
      value="${method}"
      required
      aria-describedby="method-${method}-hint${problem?.field === "method" ? " method-fault" : ""}"
      ${isChosen ? html` checked` : nothing}
    />
    <label for="${place === 0 ? "method" : `method-${method}`}">${words.method[method]}</label>
    <p class="hint" id="method-${method}-hint">
      ${words.strength[method]} ${method === "EMAIL" ? words.setUp.sameMailbox : ""}
    </p>
  </div>`

/** `/account/security/change`: password and new method together; the strip shows which one is in force all the while. */
export const changePage = (frame: Frame, asked: Change): Html => {
  const { words } = frame
  const { change: w, steps } = words
  const { twoFactor, offered, hasProof, phone, typed, problem } = asked
  const method = inForceIn(twoFactor)
  const chosen = asked.chosen ?? offered.find((one) => one !== method?.method)
  const form = html`<form method="post">
    ${formFields(frame)}
    <fieldset>
      <legend>${w.pick}</legend>
      ${problem?.field === "method" ? html`<p class="fault" id="method-fault">${problem.message}</p>` : nothing}
      ${offered.map((one, place) => choice(frame, one, place, one === chosen, problem))}
    </fieldset>
    ${offered.includes("SMS") ? numberField(frame, { registered: phone, typed, problem }) : nothing}
    ${passwordField(frame, problem)} ${primary(steps.confirm.control)}
  </form>`
  const { pending } = twoFactor
  const awaited =
    pending === null
      ? nothing
      : html`${note(words.overview.pending(pending.method))}
        ${goTo(`/account/security/verify/${pending.challengeId}`, words.overview.goOn, "secondary")}`
  return page(frame, {
    heading: w.heading,
    step: { number: 1, of: changeSteps },
    back: "/account/security/manage",
    problem,
    body: html`${awaited} ${lamps(frame, method, w.pick)}
    ${method === undefined ? nothing : note(w.stays(method.method))}
    ${hasProof || method === undefined ? form : proofForm(frame, method, "change")}`
  })
}
