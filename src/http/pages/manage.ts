import { article, numberOf } from "../../domain/article.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { goTo, nothing } from "./parts.ts"

/** `/account/security/manage`: to another method, which is offered first, or off. */
export const managePage = (frame: Frame, { allowed }: TwoFactor): Html => {
  const { steps, manage: w } = frame.words
  return page(frame, {
    heading: steps.manage.heading,
    step: { number: numberOf("manage"), of: article.length },
    back: "/account/security",
    body: html`${
      allowed.includes("change")
        ? html`<section>
            <h2>${w.changeTitle}</h2>
            <p>${w.changeHint}</p>
            ${goTo("/account/security/change", w.change)}
          </section>`
        : nothing
    }
    ${
      allowed.includes("disable")
        ? html`<section>
            <h2>${steps.disable.heading}</h2>
            <p>${w.disableHint}</p>
            ${goTo("/account/security/disable", steps.disable.control, "secondary")}
          </section>`
        : nothing
    }`
  })
}
