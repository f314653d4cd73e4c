import { article, numberOf } from "../../domain/article.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { goTo, inForceIn, note, nothing, passwordField, primary } from "./parts.ts"
import { proofForm } from "./proof.ts"

/** `/account/security/disable`: the password turns two-factor off; a code first where there is no fresh proof (S-07). */
export const disablePage = (
  frame: Frame,
  twoFactor: TwoFactor,
  { hasProof, problem }: { readonly hasProof: boolean; readonly problem?: Problem | undefined }
): Html => {
  const { steps, disable: w } = frame.words
  const method = inForceIn(twoFactor)
  return page(frame, {
    heading: steps.disable.heading,
    step: { number: numberOf("disable"), of: article.length },
    back: "/account/security/manage",
    problem,
    body: html`${note(w.warning, "warning")}
    ${
      hasProof || method === undefined
        ? html`<form method="post">
            ${formFields(frame)} ${passwordField(frame, problem)} ${primary(steps.disable.control)}
          </form>`
        : proofForm(frame, method, "disable")
    }
    ${twoFactor.allowed.includes("change") ? html`<p>${goTo("/account/security/change", w.changeInstead, "secondary")}</p>` : nothing}`
  })
}
