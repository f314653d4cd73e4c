import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { inForceIn, note, passwordField, primary } from "./parts.ts"
import { proofForm } from "./proof.ts"

/** `/account/security/frozen`: *It was me*. The password and a code of the current method end the freeze. */
export const frozenPage = (
  frame: Frame,
  twoFactor: TwoFactor,
  { hasProof, problem }: { readonly hasProof: boolean; readonly problem?: Problem | undefined }
): Html => {
  const { overview: w } = frame.words
  const method = inForceIn(twoFactor)
  return page(frame, {
    heading: w.itWasMe,
    back: "/account/security",
    problem,
    body: html`${note(w.reported, "warning")}
    ${
      hasProof || method === undefined
        ? html`<form method="post">${formFields(frame)} ${passwordField(frame, problem)} ${primary(w.itWasMe)}</form>`
        : proofForm(frame, method, "frozen")
    }`
  })
}
