import { acknowledgements } from "../../domain/acknowledgements.ts"
import { article, numberOf } from "../../domain/article.ts"
import type { MethodId } from "../../domain/ids.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, formFields, page, type Problem } from "./layout.ts"
import { note, nothing, passwordField, phoneField, primary } from "./parts.ts"

/** What is set up: the method, and where its codes would go. */
export interface NewMethod {
  readonly method: MethodId
  /** The registered address or number, masked; null where there is none. */
  readonly registered: string | null
  /** What was typed before. */
  readonly typed?: string | undefined
  readonly problem?: Problem | undefined
}

/** The sentence on the method's strength: pressing *Confirm* beside it acknowledges this version of it (S-02, S-06). */
export const strengthNote = ({ words }: Frame, method: MethodId): Html =>
  html`${note(words.strength[method], "warning")} ${method === "EMAIL" ? note(words.setUp.sameMailbox) : nothing}
    <input type="hidden" name="acknowledged" value="${acknowledgements[method]}" />`

/** A number other than the registered one; asked for where there is none. */
export const numberField = (frame: Frame, { registered, typed = "", problem }: Omit<NewMethod, "method">): Html => {
  const field = phoneField(frame, typed, problem)
  return registered === null
    ? field
    : html`<details${typed === "" && problem?.field !== "destination" ? nothing : html` open`}>
        <summary>${frame.words.setUp.otherPhone}</summary>
        ${field}
      </details>`
}

/** `/account/security/setup/email` and `…/sms`: the password, and a code goes out. */
export const setUpPage = (frame: Frame, asked: NewMethod): Html => {
  const { steps, setUp: w } = frame.words
  const { method, registered, problem } = asked
  return page(frame, {
    heading: steps.confirm.heading,
    step: { number: numberOf("confirm"), of: article.length },
    back: "/account/security/setup",
    problem,
    body: html`<p>${w.intro[method](registered)}</p>
      <form method="post">
        ${formFields(frame)} ${method === "SMS" ? numberField(frame, asked) : nothing} ${passwordField(frame, problem)}
        ${strengthNote(frame, method)} ${primary(steps.confirm.control)}
      </form>`
  })
}
