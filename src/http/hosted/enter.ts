import { Effect, Layer, Option, Redacted } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { isOpen, openPortalLink } from "../../account/visit.ts"
import { Settings } from "../../settings.ts"
import { enterOverPage, enterPage } from "../pages/enter.ts"
import { misusePage } from "../pages/messages.ts"
import { RequestReference } from "../requestReference.ts"
import { isSameOrigin } from "../sameOrigin.ts"
import { asPerson } from "./pageCaller.ts"
import { route } from "./route.ts"
import { sessionCookie } from "./sessionCookie.ts"
import { frameFor, seeOther, shown } from "./visitor.ts"

const path = "/enter/:token"

/** The token in the path; pages with one in their address give no referrer (S-52). */
export const tokenIn = Effect.map(HttpRouter.params, ({ token = "" }) => Redacted.make(token, { label: "link" }))
export const withoutReferrer = HttpServerResponse.setHeader("referrer-policy", "no-referrer")

const show = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const frame = yield* frameFor(request)
  const open = yield* isOpen(yield* tokenIn).pipe(asPerson(request))
  return withoutReferrer(open ? shown(enterPage(frame)) : shown(enterOverPage(frame), 410))
})

const press = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const frame = yield* frameFor(request)
  if (!isSameOrigin(request)) return withoutReferrer(shown(misusePage(frame, yield* RequestReference), 403))
  const session = yield* openPortalLink(yield* tokenIn).pipe(asPerson(request))
  if (Option.isNone(session)) return withoutReferrer(shown(enterOverPage(frame), 410))
  const { publicUrl } = yield* Settings
  return withoutReferrer(sessionCookie(publicUrl).set(session.value)(seeOther("/account/security")))
})

/** The way from the portal: GET shows a button, the POST opens a session, once. */
export const layer = Layer.mergeAll(route("GET", path, show), route("POST", path, press))
