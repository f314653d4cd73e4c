import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { html, Html } from "../words/html.ts"
import { problemsByCode } from "./edgeProblems.ts"
import { plainPagePolicy } from "./headers.ts"

const style = `:root { color-scheme: light dark }
body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font: 16px/1.6 system-ui, sans-serif }
code { font-family: ui-monospace, monospace }`

interface Described {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
}

/** What a problem means and what to do about it, for whoever follows its `type`. */
export const problemPage = ({ code, status, title, detail }: Described): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${detail}</p>
          <p>HTTP status <code>${status}</code>, code <code>${code}</code>.</p>
          <p>
            Every answer of this kind has a <code>reference</code>, such as <code>E-7F3K9Q</code>. The log of the
            service has it too.
          </p>
        </main>
      </body>
    </html> `

/** `GET /problems/<code>`: the page that the `type` of a problem names. */
export const layer = HttpRouter.use((router) =>
  router.add(
    "GET",
    "/problems/:code",
    Effect.map(HttpRouter.params, ({ code = "" }) => {
      const described = problemsByCode.get(code)
      return described === undefined
        ? HttpServerResponse.empty({ status: 404 })
        : HttpServerResponse.text(problemPage(described).toString(), {
            contentType: "text/html; charset=utf-8",
            headers: { "content-security-policy": plainPagePolicy }
          })
    })
  )
)
