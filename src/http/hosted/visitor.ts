import { Effect, Option, Redacted } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { randomBytes } from "node:crypto"
import { twoFactorOf } from "../../account/views.ts"
import { isFormOf, visit, type Visit } from "../../account/visit.ts"
import { openChallenges } from "../../domain/AccountState.ts"
import { ChallengeId, type MethodId, type Purpose } from "../../domain/ids.ts"
import { secondsAfter } from "../../domain/time.ts"
import type { TwoFactor } from "../../domain/TwoFactor.ts"
import { Settings } from "../../settings.ts"
import type { Html } from "../../words/html.ts"
import { pageWords, preferredLanguage } from "../../words/pages/catalogue.ts"
import { assets } from "../assets/assets.ts"
import type { Frame } from "../pages/layout.ts"
import { misusePage, notFoundPage, sessionEndedPage } from "../pages/messages.ts"
import { RequestReference } from "../requestReference.ts"
import { isSameOrigin } from "../sameOrigin.ts"
import { type Form, formIn } from "./form.ts"
import { asPerson, asPersonOnce } from "./pageCaller.ts"
import { sessionCookie } from "./sessionCookie.ts"

/** A person on the hosted pages, with all that their page needs. */
export interface Visitor {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly visit: Visit
  readonly twoFactor: TwoFactor
  readonly frame: Frame
  readonly query: URLSearchParams
  /** Notes that a form was answered as the first of two equal ones was. */
  readonly noteReplay: Effect.Effect<void>
}

/** The frame of a page for somebody, or for nobody who is known. */
export const frameFor = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person?: Visit) {
  const { brandName, supportEmail, portalUrl, demo, publicUrl } = yield* Settings
  const state = person?.state
  return {
    words: pageWords(state?.locale ?? preferredLanguage(request.headers["accept-language"])),
    brand: brandName,
    now: state?.now ?? new Date(),
    person: state === undefined ? null : { accountId: state.accountId, name: state.name, timeZone: state.timeZone },
    csrf: person === undefined ? "" : Redacted.value(person.formToken),
    once: randomBytes(16).toString("base64url"),
    // The demo portal is here.
    returnUrl: person?.returnUrl ?? portalUrl ?? (demo ? publicUrl.href : null),
    supportEmail: supportEmail ?? null,
    assets
  } satisfies Frame
})

/** Only what is ours: style, script, the live line, forms that stay here. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'"

/** A page as an answer. Browsers name the origin of a form only where the page lets them (S-52). */
export const shown = (markup: Html, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(markup.toString(), {
    status,
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": pagePolicy, "referrer-policy": "same-origin" }
  })

/** Pages with a token in their address give no referrer (S-52). */
export const withoutReferrer = HttpServerResponse.setHeader("referrer-policy", "no-referrer")

/** An answer at this request's address: where that has a token in it, browsers hand it on to nobody. */
const discreet = (
  { url }: HttpServerRequest.HttpServerRequest,
  answer: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse =>
  /\/(enter|notice|account\/slack)\/|[/=]slack-/.test(url) ? withoutReferrer(answer) : answer

/** A page as an answer to this request. */
export const shownAt = (request: HttpServerRequest.HttpServerRequest, markup: Html, status: number) =>
  discreet(request, shown(markup, status))

/** On to another page, by GET. */
export const seeOther = (path: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.redirect(path, { status: 303 })

/** The address that was asked for, without a host. */
export const urlOf = ({ url }: HttpServerRequest.HttpServerRequest): URL => new URL(url, "http://page.invalid")

/** The challenge in the path, where it is one. */
export const challengeIn = Effect.map(HttpRouter.params, ({ challengeId }) =>
  ChallengeId.makeOption(challengeId ?? "").pipe(Option.getOrUndefined)
)

const cookies = Settings.useSync(({ publicUrl }) => sessionCookie(publicUrl))

/** Who asks, as the request's cookie says it. */
export const visitorOf = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, isPassive = false) {
  const token = (yield* cookies).read(request)
  if (token === undefined) return undefined
  const found = yield* visit({ token, challengeId: yield* challengeIn, isPassive }).pipe(asPerson(request))
  if (Option.isNone(found)) return undefined
  const frame = yield* frameFor(request, found.value)
  return {
    request,
    visit: found.value,
    twoFactor: twoFactorOf(found.value.state),
    frame,
    query: urlOf(request).searchParams,
    noteReplay: Effect.void
  } satisfies Visitor
})

/** The same person once more, after something was asked for: with what is true now; nobody once the session is over. */
export const again = Effect.fnUntraced(function* ({ request, noteReplay }: Visitor) {
  const now = yield* visitorOf(request)
  return now === undefined ? undefined : { ...now, noteReplay }
})

/** The page for whoever has no session, or none any more. */
export const ended = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  return shown(sessionEndedPage(yield* frameFor(request)), 403)
})

/** There is nothing here for this person. */
export const notHere = Effect.fnUntraced(function* ({ frame }: Pick<Visitor, "frame">) {
  return shown(notFoundPage(frame, yield* RequestReference), 404)
})

/** Answers a GET to a person with a session; `otherwise` is for whoever has none. */
export const toVisitor = <E, R>(
  render: (visitor: Visitor) => Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  otherwise: typeof ended = ended
) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const visitor = yield* visitorOf(request)
    return discreet(request, yield* visitor === undefined ? otherwise(request) : render(visitor))
  })

/** Only so long ago the very same was asked for: the same form once more, from a page that was loaded anew. */
const repeatSeconds = 5

/** The challenge that this method was asked for a moment ago, if it still waits for its code (experience.md). */
export const justBegun = ({ visit: { state } }: Visitor, purpose: Purpose, method: MethodId): ChallengeId | undefined =>
  openChallenges(state).find(
    (challenge) =>
      challenge.purpose === purpose &&
      challenge.method === method &&
      secondsAfter(challenge.issuedAt, repeatSeconds) > state.now
  )?.id

/** Answers a form that a person with a session has sent; one that is not ours does nothing (S-51). */
export const onForm = <E, R>(
  act: (visitor: Visitor, form: Form) => Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  otherwise: typeof ended = ended
) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const visitor = yield* visitorOf(request)
    if (visitor === undefined) return discreet(request, yield* otherwise(request))
    const form = isSameOrigin(request) ? yield* formIn(request) : undefined
    if (form === undefined || !(yield* isFormOf(visitor.visit, form.secret("csrf"))))
      return shownAt(request, misusePage(visitor.frame, yield* RequestReference), 403)
    let isReplay = false
    const noteReplay = Effect.sync(() => {
      isReplay = true
    })
    const answer = discreet(request, yield* act({ ...visitor, noteReplay }, form))
    const now = yield* visitorOf(request)
    // Only who had the token of then, or repeats the very form that rotated it, gets the token of now: whoever shows a
    // former one is let in for ten seconds, and no longer.
    const isDue = now?.visit.hasRotated === true && (!visitor.visit.hasRotated || isReplay)
    return isDue ? (yield* cookies).set(now.visit.token)(answer) : answer
  })

/** Runs a program on behalf of the visitor, once for each rendering of the form. */
export const onBehalfOf =
  ({ request, noteReplay, visit: { session } }: Visitor, form: Form) =>
  <A, E, R>(program: Effect.Effect<A, E, R>) =>
    program.pipe(asPersonOnce(request, session, { owner: session.id, path: urlOf(request).pathname, form, noteReplay }))
