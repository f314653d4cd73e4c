import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { goTo } from "./parts.ts"

const message =
  (which: "signedOut" | "sessionEnded" | "notFound" | "misuse") =>
  (frame: Frame, reference?: string): Html => {
    const { heading, body } = frame.words[which]
    const { csrf, returnUrl, brand, words } = frame
    const isOver = which === "signedOut" || which === "sessionEnded"
    const toPortal = returnUrl === null ? html`` : goTo(returnUrl, words.backToPortal(brand))
    const toOverview = csrf === "" ? html`` : goTo("/account/security", words.steps.security.control)
    const onwards = isOver ? toPortal : toOverview
    return page(frame, {
      heading,
      reference,
      body: html`<p>${body}</p>
        ${onwards}`
    })
  }

/** The person pressed *Sign out*. */
export const signedOutPage = message("signedOut")

/** The session is over, or there never was one. */
export const sessionEndedPage = message("sessionEnded")

/** There is no such page, or it is not for this person: one page for both (S-54). */
export const notFoundPage = message("notFound")

/** A form that did not come from one of our pages (S-51). */
export const misusePage = message("misuse")

/** Something on our side does not answer; the same form may be sent again. */
export const unavailablePage = (frame: Frame, retry: string, reference?: string): Html => {
  const { heading, body, retry: label } = frame.words.unavailable
  return page(frame, {
    heading,
    reference,
    body: html`<p>${body}</p>
      <p><a class="button primary" href="${retry}">${label}</a></p>`
  })
}
