import { Effect, Layer, Option, Redacted } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { endVisit, openFor, openPortalLink } from "../../account/visit.ts"
import { Settings } from "../../settings.ts"
import { enterOverPage, enterPage } from "../pages/enter.ts"
import { misusePage } from "../pages/messages.ts"
import { RequestReference } from "../requestReference.ts"
import { isSameOrigin } from "../sameOrigin.ts"
import { asPerson } from "./pageCaller.ts"
import { route } from "./route.ts"
import { sessionCookie } from "./sessionCookie.ts"
import { frameFor, seeOther, shown, visitorOf, withoutReferrer } from "./visitor.ts"

const path = "/enter/:token"

/** The token in the path. */
export const tokenIn = Effect.map(HttpRouter.params, ({ token = "" }) => Redacted.make(token, { label: "link" }))

const show = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const frame = yield* frameFor(request)
  const accountId = yield* openFor(yield* tokenIn).pipe(asPerson(request))
  if (accountId === undefined) return withoutReferrer(shown(enterOverPage(frame), 410))
  const present = yield* visitorOf(request)
  // Into another account than the one that is open here nobody is led without pressing the button.
  const presses = present === undefined || present.visit.state.accountId === accountId
  return withoutReferrer(shown(enterPage(frame, { presses })))
})

const press = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const frame = yield* frameFor(request)
  if (!isSameOrigin(request)) return withoutReferrer(shown(misusePage(frame, yield* RequestReference), 403))
  const session = yield* openPortalLink(yield* tokenIn).pipe(asPerson(request))
  if (Option.isNone(session)) return withoutReferrer(shown(enterOverPage(frame), 410))
  const replaced = yield* visitorOf(request)
  if (replaced !== undefined) yield* endVisit(replaced.visit).pipe(asPerson(request))
  const { publicUrl } = yield* Settings
  return withoutReferrer(sessionCookie(publicUrl).set(session.value)(seeOther("/account/security")))
})

/** The way from the portal: GET shows a button, the POST opens a session, once. */
export const layer = Layer.mergeAll(route("GET", path, show), route("POST", path, press))
