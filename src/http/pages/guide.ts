import { article, type ArticleStep } from "../../domain/article.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { note, nothing } from "./parts.ts"

/** A picture of a step, as the end-to-end run made it. */
export interface Picture {
  readonly path: string
  readonly width: number
  readonly height: number
}

/** `/docs/guide`: the article, made from the list that the pages are made from; fit to be printed. */
export const guidePage = (frame: Frame, pictureOf: (step: ArticleStep) => Picture | undefined): Html => {
  const { guide: w, steps } = frame.words
  const figure = (id: ArticleStep): Html => {
    const picture = pictureOf(id)
    if (picture === undefined) return nothing
    const { path, width, height } = picture
    return html`<img src="${path}" alt="${w.picture(steps[id].heading)}" width="${width}" height="${height}" />`
  }
  return page(frame, {
    heading: w.heading,
    body: html`<p>${w.intro}</p>
      ${note(w.better, "good")}
      <ol class="guide">
        ${article.map(({ id }) => html`<li>${w.steps[id](steps[id].control, frame.brand)} ${figure(id)}</li>`)}
      </ol>`
  })
}
