import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"

/** `/docs/lost`: what to do without the phone or the mailbox, and how long each way takes. */
export const lostPage = (frame: Frame, resetWaitSeconds: number): Html => {
  const { lost: w, duration } = frame.words
  const about = { brand: frame.brand, wait: duration(resetWaitSeconds) }
  return page(frame, {
    heading: w.heading,
    body: html`<p>${w.intro}</p>
      ${w.ways.map(
        ({ heading, body }) =>
          html`<section>
            <h2>${heading}</h2>
            <p>${body(about)}</p>
          </section>`
      )}`
  })
}
