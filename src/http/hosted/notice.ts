import { Effect, Layer, Option, Redacted, Result } from "effect"
import { HttpServerRequest, type HttpServerResponse } from "effect/http"
import { goBack } from "../../account/goBack.ts"
import { readNotice, type NoticeFacts } from "../../account/notice.ts"
import { reportNotice } from "../../account/reportNotice.ts"
import { stopReset } from "../../account/reset.ts"
import { turnBackOn } from "../../account/turnBackOn.ts"
import type { Refusal } from "../../domain/refusalsOf.ts"
import { pageWords } from "../../words/pages/catalogue.ts"
import type { Frame, Problem } from "../pages/layout.ts"
import { misusePage, notFoundPage } from "../pages/messages.ts"
import { type NoticeDone, noticePage } from "../pages/notice.ts"
import { RequestReference } from "../requestReference.ts"
import { isSameOrigin } from "../sameOrigin.ts"
import { tokenIn } from "./enter.ts"
import { type Form, formIn } from "./form.ts"
import { asPerson, asPersonOnce } from "./pageCaller.ts"
import { withPasswordIn } from "./refusedForm.ts"
import { route } from "./route.ts"
import { told } from "./told.ts"
import { frameFor, seeOther, shown, urlOf, withoutReferrer } from "./visitor.ts"

/** Whoever followed the link: nobody that is known, but of this account. */
interface Follower {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly token: Redacted.Redacted
  readonly facts: NoticeFacts
  readonly frame: Frame
}

/** The token is what a stranger typed into an address, decoded; a header must not bear it so (S-53). */
const pathOf = (token: Redacted.Redacted): string => `/notice/${encodeURIComponent(Redacted.value(token))}`

/** The page is in the language and the zone of the account; it names its address only masked. */
const followerOf = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const token = yield* tokenIn
  const found = yield* readNotice(token).pipe(asPerson(request))
  if (Option.isNone(found)) return undefined
  const facts = found.value
  const frame = yield* frameFor(request)
  const { accountId, timeZone, locale } = facts
  return {
    request,
    token,
    facts,
    frame: {
      ...frame,
      words: locale === null ? frame.words : pageWords(locale),
      person: { accountId, name: null, timeZone }
    }
  } satisfies Follower
})

const page = (
  { frame, token, facts }: Follower,
  more: { readonly done?: NoticeDone; readonly problem?: Problem } = {}
) => noticePage(frame, pathOf(token), facts, more)

const toFollower = <E, R>(answer: (follower: Follower) => Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const follower = yield* followerOf(request)
    if (follower === undefined)
      return withoutReferrer(shown(notFoundPage(yield* frameFor(request), yield* RequestReference), 404))
    return withoutReferrer(yield* answer(follower))
  })

/** A press on a button of the page, by a form that came from it. */
const onPress = <E, R>(
  act: (follower: Follower, form: Form) => Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) =>
  toFollower(
    Effect.fnUntraced(function* (follower) {
      const { request, frame } = follower
      const form = isSameOrigin(request) ? yield* formIn(request) : undefined
      return form === undefined ? shown(misusePage(frame, yield* RequestReference), 403) : yield* act(follower, form)
    })
  )

/** Says what of the link's event is in force, for refusals. */
const inForce = ({ kind, to }: NoticeFacts) => (kind === "disabled" ? null : to)

/** Does what a button says; what refuses it is told on the page, as it is by then. */
const doing = <A, E extends Refusal, R>(
  program: (follower: Follower, form: Form) => Effect.Effect<A, E, R>,
  then: (follower: Follower, answer: A) => HttpServerResponse.HttpServerResponse
) =>
  onPress(
    Effect.fnUntraced(function* (follower, form) {
      const { request, token } = follower
      const owner = Redacted.value(token).split(".")[0] ?? ""
      const submitted = { owner, path: urlOf(request).pathname, form }
      const done = yield* Effect.result(program(follower, form).pipe(asPersonOnce(request, undefined, submitted)))
      const now = (yield* followerOf(request)) ?? follower
      if (Result.isSuccess(done)) return then(now, done.success)
      const refusal: Refusal = done.failure
      return shown(page(now, { problem: told(now, refusal, { inForce: inForce(now.facts) }) }), refusal.status)
    })
  )

/** What a press did is told at an address that can be opened again, and only while it is true. */
const isTrue: Record<NoticeDone, (facts: NoticeFacts) => boolean> = {
  reported: ({ reportedAt }) => reportedAt !== null,
  stopped: ({ reset }) => reset?.status === "cancelled",
  "turned-back-on": ({ kind, status }) => kind === "disabled" && status === "used",
  "went-back": ({ kind, status }) => kind !== "disabled" && status === "used"
}

const doneIn = ({ request, facts }: Follower): { readonly done?: NoticeDone } => {
  const asked = urlOf(request).searchParams.get("done") ?? ""
  const done = Object.keys(isTrue).find((one) => one === asked) as NoticeDone | undefined
  return done !== undefined && isTrue[done](facts) ? { done } : {}
}

const tells =
  (done: NoticeDone) =>
  ({ token }: Follower) =>
    seeOther(`${pathOf(token)}?done=${done}`)

/** Whoever opens the address of a button is led to the page. */
const backToNotice = Effect.map(tokenIn, (token) => withoutReferrer(seeOther(pathOf(token))))

/** `/notice/{token}`: GET shows what happened, each POST does one thing. */
export const layer = Layer.mergeAll(
  route("GET", "/notice/:token/report", backToNotice),
  route("GET", "/notice/:token/stop", backToNotice),
  route("GET", "/notice/:token/turn-back-on", backToNotice),
  route("GET", "/notice/:token/go-back", backToNotice),
  route(
    "GET",
    "/notice/:token",
    toFollower((follower) => Effect.succeed(shown(page(follower, doneIn(follower)))))
  ),
  route(
    "POST",
    "/notice/:token/report",
    doing(({ token }) => reportNotice(token), tells("reported"))
  ),
  route(
    "POST",
    "/notice/:token/stop",
    doing(({ token }) => stopReset(token), tells("stopped"))
  ),
  route(
    "POST",
    "/notice/:token/turn-back-on",
    doing(
      ({ token }, form) => withPasswordIn(form, (password) => turnBackOn({ token, password })),
      tells("turned-back-on")
    )
  ),
  route(
    "POST",
    "/notice/:token/go-back",
    doing(
      ({ token }, form) => withPasswordIn(form, (password) => goBack({ token, password })),
      ({ token }, { id }) => seeOther(`${pathOf(token)}/verify/${id}`)
    )
  )
)
