import { Effect, Layer, Redacted } from "effect"
import { HttpRouter, type HttpServerResponse } from "effect/http"
import { cancel } from "../../account/cancel.ts"
import { resend } from "../../account/resend.ts"
import { recentlyClosed } from "../../account/status.ts"
import { verify } from "../../account/verify.ts"
import { challengeOf } from "../../account/views.ts"
import { type ChallengeState, inForce, statusOf } from "../../domain/AccountState.ts"
import { digitsOf } from "../../domain/codes.ts"
import { slotOf } from "../../domain/ids.ts"
import type { Refusal } from "../../domain/refusalsOf.ts"
import { utc } from "../../domain/time.ts"
import { methods } from "../../methods/all.ts"
import type { Problem } from "../pages/layout.ts"
import { clockOf, notBeforeOf } from "../pages/parts.ts"
import { closedPage, verifyPage } from "../pages/verify.ts"
import type { Form } from "./form.ts"
import { asPerson } from "./pageCaller.ts"
import { pageOfProof } from "./prove.ts"
import { refusedForm } from "./refusedForm.ts"
import { route } from "./route.ts"
import { problemFor, told } from "./told.ts"
import { challengeIn, notHere, onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const home = "/account/security"

/**
 * The challenge in the path: of this account, and neither of a sign-in, which is the portal's, nor of a notice's link,
 * which has its own page (S-54).
 */
export const challengeOn = Effect.fnUntraced(function* ({ visit }: Visitor) {
  const id = yield* challengeIn
  return visit.state.challenges.find(
    (challenge) => challenge.id === id && challenge.purpose !== "sign-in" && challenge.noticeLinkId === null
  )
})

const nextOf = ({ query }: Visitor): string => {
  const next = query.get("next") ?? ""
  return pageOfProof(next) === undefined ? "" : `?next=${next}`
}

/** Where a right code leads: on with what the proof was for, or to what was done. */
const afterwards = ({ query }: Visitor, { id, purpose }: ChallengeState, already: boolean): string => {
  const next = query.get("next") ?? ""
  if (purpose === "step-up") return pageOfProof(next) ?? `${home}/manage`
  return `${home}/done/${id}${already ? "?already" : ""}`
}

/** All tries are spent: until when nothing is judged, and what is in force all the while. */
const usedUp = (visitor: Visitor, { purpose }: ChallengeState): Problem => {
  const { state } = visitor.visit
  const until = slotOf(purpose) === "protection" ? state.enrolmentBlockedUntil : inForce(state)?.blockedUntil
  const waits = until !== null && until !== undefined && until > state.now
  return problemFor(
    visitor,
    { says: "too_many_attempts" },
    { until: waits ? notBeforeOf(visitor.frame, utc(until)) : undefined }
  )
}

/** The page of a challenge as it stands, by its state. */
const render = Effect.fnUntraced(function* (visitor: Visitor, problem?: Problem) {
  const { frame, twoFactor, visit } = visitor
  const kept = yield* challengeOn(visitor)
  if (kept === undefined) return undefined
  const status = statusOf(kept, visit.state.now)
  const challenge = challengeOf(visit.state, kept)
  if (status === "open") return verifyPage(frame, { challenge, twoFactor, next: visitor.query.get("next"), problem })
  return closedPage(frame, {
    challenge,
    twoFactor,
    problem: status === "exhausted" ? usedUp(visitor, kept) : problem
  })
})

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const challenge = yield* challengeOn(visitor)
    if (challenge?.status === "succeeded") return seeOther(afterwards(visitor, challenge, true))
    const page = yield* render(visitor)
    return page === undefined ? yield* notHere(visitor) : shown(page)
  })
)

/**
 * Whether what was entered is the code of a challenge of this account that is over, and of which: somebody took it from
 * the wrong message. Codes that could still be used are not compared, for that would be a guess that nobody counts.
 */
const otherChallenge = Effect.fnUntraced(function* (visitor: Visitor, form: Form) {
  const { accountId } = visitor.visit.state
  const digits = digitsOf(form.text("code"), 6)
  if (digits._tag === "Failure") return undefined
  for (const challenge of yield* recentlyClosed(accountId).pipe(asPerson(visitor.request))) {
    const isRight = yield* methods[challenge.method]
      .judge({ ...challenge, accountId }, Redacted.make(digits.success))
      .pipe(Effect.orElseSucceed(() => false))
    if (isRight) return challenge
  }
  return undefined
})

/** A refusal in words; a wrong code that was another's says so. It has cost its try either way. */
const tellOf = (form: Form) =>
  Effect.fnUntraced(function* (visitor: Visitor, refusal: Refusal) {
    const other = refusal.code === "code_incorrect" ? yield* otherChallenge(visitor, form) : undefined
    if (refusal.code !== "code_incorrect" || other === undefined) return told(visitor, refusal)
    return problemFor(
      visitor,
      { says: "code_of_another", field: "code" },
      {
        attemptsRemaining: refusal.attemptsRemaining,
        other: { purpose: other.purpose, clock: clockOf(visitor.frame, utc(other.issuedAt)) }
      }
    )
  })

/** The page once more, or what took its place while the form was on its way. */
const shownAgain = (visitor: Visitor, problem: Problem) =>
  Effect.flatMap(render(visitor, problem), (page) =>
    page === undefined ? Effect.die("the challenge of a form is gone") : Effect.succeed(page)
  )

/** A form about the challenge in the path. */
const aboutChallenge = <E, R>(
  act: (
    visitor: Visitor,
    form: Form,
    challenge: ChallengeState
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) =>
  onForm(
    Effect.fnUntraced(function* (visitor, form) {
      const challenge = yield* challengeOn(visitor)
      return challenge === undefined ? yield* notHere(visitor) : yield* act(visitor, form, challenge)
    })
  )

const submit = aboutChallenge(
  Effect.fnUntraced(function* (visitor, form, challenge) {
    // A second tab, or the other press of a double click: it is done already.
    if (challenge.status === "succeeded") return seeOther(afterwards(visitor, challenge, true))
    return yield* verify({ challengeId: challenge.id, code: form.secret("code") }).pipe(
      onBehalfOf(visitor, form),
      Effect.as(seeOther(afterwards(visitor, challenge, false))),
      refusedForm(visitor, shownAgain, tellOf(form))
    )
  })
)

const sendAgain = aboutChallenge((visitor, form, { id }) =>
  resend({ challengeId: id }).pipe(
    onBehalfOf(visitor, form),
    Effect.as(seeOther(`${home}/verify/${id}${nextOf(visitor)}`)),
    refusedForm(visitor, shownAgain)
  )
)

const stop = aboutChallenge((visitor, form, { id }) =>
  cancel(id).pipe(onBehalfOf(visitor, form), Effect.as(seeOther(home)), refusedForm(visitor, shownAgain))
)

/** Whoever opens the address of a button is led to the page of the code. */
const backToCode = Effect.map(HttpRouter.params, ({ challengeId = "" }) =>
  seeOther(`${home}/verify/${encodeURIComponent(challengeId)}`)
)

/** Entering a code, having it sent again, and stopping. */
export const layer = Layer.mergeAll(
  route("GET", "/account/security/verify/:challengeId", show),
  route("POST", "/account/security/verify/:challengeId", submit),
  route("GET", "/account/security/verify/:challengeId/resend", backToCode),
  route("GET", "/account/security/verify/:challengeId/cancel", backToCode),
  route("POST", "/account/security/verify/:challengeId/resend", sendAgain),
  route("POST", "/account/security/verify/:challengeId/cancel", stop)
)
