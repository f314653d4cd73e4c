import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { note, primary } from "./parts.ts"

/**
 * `/enter/{token}`: GET shows one button, the POST opens the session. Where there is a script and `presses`, it does; who only
 * looks at the link, as scanners do, opens nothing (S-51).
 */
export const enterPage = (frame: Frame, { presses }: { readonly presses: boolean }): Html => {
  const { enter: w } = frame.words
  return page(frame, {
    heading: w.heading(frame.brand),
    body: html`<p>${w.intro}</p>
      <form method="post" ${presses ? html`data-press` : html``}>${primary(w.control)}</form>`
  })
}

/** The same address once the link was used or its minute is over. */
export const enterOverPage = (frame: Frame): Html => {
  const { enter: w } = frame.words
  return page(frame, { heading: w.heading(frame.brand), body: note(w.over, "warning") })
}
