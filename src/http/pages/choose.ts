import { article, numberOf } from "../../domain/article.ts"
import type { MethodId } from "../../domain/ids.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { goTo } from "./parts.ts"

/** `/account/security/setup`: the methods that there are, the strongest first, each with a sentence on its strength. */
export const choosePage = (frame: Frame, offered: ReadonlyArray<MethodId>): Html => {
  const { steps, choice, strength } = frame.words
  return page(frame, {
    heading: steps.choose.heading,
    step: { number: numberOf("choose"), of: article.length },
    back: "/account/security",
    body: html`${offered.map(
      (method, place) =>
        html`<section>
          <h2>${frame.words.method[method]}</h2>
          <p>${strength[method]}</p>
          ${goTo(`/account/security/setup/${method.toLowerCase()}`, choice[method], place === 0 ? "primary" : "secondary")}
        </section>`
    )}`
  })
}
