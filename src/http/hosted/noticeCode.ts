import { Effect, Layer, Redacted, Result } from "effect"
import { HttpServerRequest } from "effect/http"
import { noticeBehind } from "../../account/notice.ts"
import { resend } from "../../account/resend.ts"
import { verify } from "../../account/verify.ts"
import { challengeOf, twoFactorOf } from "../../account/views.ts"
import type { Refusal } from "../../domain/refusalsOf.ts"
import type { ChallengeId } from "../../domain/ids.ts"
import { pageWords } from "../../words/pages/catalogue.ts"
import type { Problem } from "../pages/layout.ts"
import { misusePage } from "../pages/messages.ts"
import { verifyPage } from "../pages/verify.ts"
import { RequestReference } from "../requestReference.ts"
import { isSameOrigin } from "../sameOrigin.ts"
import { tokenIn } from "./enter.ts"
import { type Form, formIn } from "./form.ts"
import { asPerson, asPersonOnce } from "./pageCaller.ts"
import { route } from "./route.ts"
import { told } from "./told.ts"
import { challengeIn, frameFor, seeOther, shown, urlOf, withoutReferrer } from "./visitor.ts"

/** The code that *Go back* has sent: of this link, and still open; whoever asks is not signed in. */
const asked = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const token = yield* tokenIn
  const id = yield* challengeIn
  const { state, notice } = yield* noticeBehind(token).pipe(asPerson(request))
  const challenge = state.challenges.find((one) => one.id === id && one.noticeLinkId === notice.id)
  const frame = yield* frameFor(request)
  const { accountId, timeZone, locale } = state
  return {
    path: `/notice/${Redacted.value(token)}`,
    owner: notice.id,
    state,
    challenge,
    frame: {
      ...frame,
      now: state.now,
      words: locale === null ? frame.words : pageWords(locale),
      person: { accountId, name: null, timeZone }
    }
  }
})
type Asked = Effect.Success<ReturnType<typeof asked>>

/** The code's page; where it is open no more, the link's own page tells how things stand. */
const page = ({ path, state, challenge, frame }: Asked, problem?: Problem, status = 200) =>
  challenge === undefined
    ? seeOther(path)
    : shown(
        verifyPage(frame, {
          challenge: challengeOf(state, challenge),
          twoFactor: twoFactorOf(state),
          base: `${path}/verify`,
          problem
        }),
        status
      )

const show = Effect.gen(function* () {
  return withoutReferrer(page(yield* asked(yield* HttpServerRequest.HttpServerRequest)))
})

/** What a form about the code does, and where it leads. */
const submit = <E extends Refusal, R>(
  program: (id: ChallengeId, form: Form) => Effect.Effect<unknown, E, R>,
  to: (path: string, id: ChallengeId) => string
) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const { path, owner, challenge, frame } = yield* asked(request)
    const form = isSameOrigin(request) ? yield* formIn(request) : undefined
    if (form === undefined) return withoutReferrer(shown(misusePage(frame, yield* RequestReference), 403))
    if (challenge === undefined) return withoutReferrer(seeOther(path))
    const submitted = { owner, path: urlOf(request).pathname, form }
    const done = yield* Effect.result(program(challenge.id, form).pipe(asPersonOnce(request, undefined, submitted)))
    if (Result.isSuccess(done)) return withoutReferrer(seeOther(to(path, challenge.id)))
    const refusal: Refusal = done.failure
    const now = yield* asked(request)
    const problem = told({ frame: now.frame, twoFactor: twoFactorOf(now.state) }, refusal)
    return withoutReferrer(page(now, problem, refusal.status))
  })

const submitCode = submit(
  (challengeId, form) => verify({ challengeId, code: form.secret("code") }),
  (path) => `${path}?done=went-back`
)
const sendAgain = submit(
  (challengeId) => resend({ challengeId }),
  (path, id) => `${path}/verify/${id}`
)

/** The code of *Go back*, which its link leads to. */
export const layer = Layer.mergeAll(
  route("GET", "/notice/:token/verify/:challengeId", show),
  route("POST", "/notice/:token/verify/:challengeId", submitCode),
  route("POST", "/notice/:token/verify/:challengeId/resend", sendAgain)
)
