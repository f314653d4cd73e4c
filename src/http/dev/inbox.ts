import { Effect, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Inbox, inboxHolds, InboxMessage } from "../../services/Inbox.ts"
import { inboxPage, inboxStyle } from "./inboxPage.ts"

/** What every answer under `/dev` carries. */
export const safe = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer"
}

/** The page loads its style sheet and the mails in their frames, nothing else; its one form stays here. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** A mail's own markup may style itself; the sandbox without a right keeps scripts, forms and links away. */
export const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** A page or a mail under its policy. */
export const htmlResponse = (markup: string, policy: string, more: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(markup, {
    contentType: "text/html; charset=utf-8",
    headers: { ...safe, "content-security-policy": policy, ...more }
  })

/** Without a referrer a browser would not say either that the form is ours. */
const sayOrigin = { "referrer-policy": "same-origin" }

const encodeMessages = Schema.encodeSync(Schema.Array(InboxMessage))

/** What was asked for; a limit that is none means all that there is. */
const asked = Effect.map(HttpServerRequest.ParsedSearchParams, ({ to, limit }) => {
  const most = Number(limit ?? inboxHolds)
  return {
    to: typeof to === "string" ? to : undefined,
    limit: Number.isInteger(most) && most >= 0 ? most : inboxHolds
  }
})

const routes = (demo: boolean) =>
  Effect.fnUntraced(function* (router: HttpRouter.HttpRouter) {
    const inbox = yield* Inbox
    yield* router.add(
      "GET",
      "/dev/inbox",
      Effect.map(inbox.list(), (messages) => htmlResponse(inboxPage(messages, demo).toString(), pagePolicy, sayOrigin))
    )
    yield* router.add(
      "GET",
      "/dev/inbox.css",
      HttpServerResponse.text(inboxStyle, { contentType: "text/css; charset=utf-8", headers: safe })
    )
    yield* router.add(
      "GET",
      "/dev/inbox/messages",
      Effect.flatMap(asked, inbox.list).pipe(
        Effect.map((messages) => HttpServerResponse.jsonUnsafe(encodeMessages(messages), { headers: safe }))
      )
    )
    yield* router.add(
      "DELETE",
      "/dev/inbox/messages",
      Effect.as(inbox.clear, HttpServerResponse.empty({ headers: safe }))
    )
    yield* router.add(
      "GET",
      "/dev/inbox/messages/:id/html",
      Effect.gen(function* () {
        const { id = "" } = yield* HttpRouter.params
        const message = yield* inbox.get(id)
        return message === undefined || message.html === null
          ? HttpServerResponse.text("There is no such mail.\n", { status: 404, headers: safe })
          : htmlResponse(message.html, mailPolicy)
      })
    )
  })

/** `/dev/inbox`: what left Rekey in local mode, as a page and as JSON; `demo` says whether there is one to put back. */
export const layer = ({ demo }: { readonly demo: boolean }) => HttpRouter.use(routes(demo))
