import type { Event } from "../../domain/TwoFactor.ts"
import { browserOf } from "../../words/browser.ts"
import { html, type Html } from "../../words/html.ts"
import { type Frame, page } from "./layout.ts"
import { isoOf, nothing, whenOf } from "./parts.ts"

const line = (frame: Frame, { type, at, method, purpose, outcome, client }: Event): Html => {
  const { activity: w } = frame.words
  const { browser, system } = browserOf(client?.userAgent)
  const where = [browser, system].filter((part) => part !== null).join(", ")
  return html`<li>
    <time datetime="${isoOf(at)}">${whenOf(frame, at)}</time>
    <span>${w.events[type]({ method, purpose, refused: outcome === "refused" })}</span>
    ${where === "" ? nothing : html`<span class="quiet">${w.from(where)}</span>`}
  </li>`
}

/** `/account/security/activity`: what happened to the account, in plain sentences, newest first. */
export const activityPage = (
  frame: Frame,
  { events, older }: { readonly events: ReadonlyArray<Event>; readonly older: string | null }
): Html => {
  const { activity: w } = frame.words
  return page(frame, {
    heading: w.heading,
    back: "/account/security",
    body: html`${
      events.length === 0
        ? html`<p>${w.empty}</p>`
        : html`<ol class="activity">
            ${events.map((event) => line(frame, event))}
          </ol>`
    }
    ${older === null ? nothing : html`<p><a href="/account/security/activity?before=${older}">${w.older}</a></p>`}`
  })
}
