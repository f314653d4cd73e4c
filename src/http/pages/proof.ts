import type { MethodId } from "../../domain/ids.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, formFields } from "./layout.ts"
import { primary } from "./parts.ts"

/** Where a session has no fresh proof of the current method: a code to it, first. `next` names what it is for. */
export const proofForm = (
  frame: Frame,
  { method, destination }: { readonly method: MethodId; readonly destination: string },
  next: string
): Html => {
  const { proof } = frame.words
  return html`<p>${proof.intro(method, destination)}</p>
    <form method="post" action="/account/security/prove/${next}">${formFields(frame)} ${primary(proof.send)}</form>`
}
