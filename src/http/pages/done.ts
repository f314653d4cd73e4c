import { article, numberOf } from "../../domain/article.ts"
import type { Challenge } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { changeSteps } from "./change.ts"
import { type Frame, formFields, page } from "./layout.ts"
import { note, primary } from "./parts.ts"

/** `/account/security/done/{challenge}`: what was done; *Okay* goes on. `already`: when somebody was here before. */
export const donePage = (
  frame: Frame,
  { challenge, already }: { readonly challenge: Challenge; readonly already?: string | undefined }
): Html => {
  const { steps, overview, done: w } = frame.words
  const step =
    challenge.purpose === "change"
      ? { number: changeSteps, of: changeSteps }
      : { number: numberOf("done"), of: article.length }
  return page(frame, {
    heading: steps.done.heading,
    step,
    body: html`${note(overview.updated(challenge.method), "good")}
      ${already === undefined ? html`` : html`<p>${w.already(already)}</p>`}
      <p>${w.told}</p>
      <form method="post">${formFields(frame)} ${primary(steps.done.control)}</form>`
  })
}
