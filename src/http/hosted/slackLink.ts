import { Effect, Layer, Option, Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"
import { inTime } from "../../account/ask.ts"
import { type InvitationSeen, openInvitation, pickNumber, readInvitation } from "../../account/linkSlack.ts"
import { utc } from "../../domain/time.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import { Settings } from "../../settings.ts"
import type { Problem } from "../pages/layout.ts"
import { inForceIn } from "../pages/parts.ts"
import {
  slackLinkedPage,
  slackLinkPage,
  slackOverPage,
  slackSignInPage,
  slackWrongNumberPage
} from "../pages/slackLink.ts"
import { tokenIn } from "./enter.ts"
import { asPerson } from "./pageCaller.ts"
import { refusedForm } from "./refusedForm.ts"
import { route } from "./route.ts"
import { problemFor } from "./told.ts"
import { frameFor, onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const command = Settings.useSync(({ slackCommand }) => slackCommand)

/** The address of the invitation that was asked for, whatever its token is. */
const address = Effect.map(tokenIn, (token) => `/account/slack/${encodeURIComponent(Redacted.value(token))}`)

const seenBy = Effect.fnUntraced(function* ({ request, visit }: Visitor) {
  return yield* readInvitation(yield* tokenIn, visit.state).pipe(asPerson(request))
})

const home = "/account/security"

/** Whose method was reset sets up another one before anything else; the overview says so. */
const hasToEnrol = ({ twoFactor }: Visitor) => twoFactor.mustEnrol

/** S-68: whoever has a second factor links with it, whatever `REKEY_STEP_UP` asks for elsewhere. */
const toProve = ({ visit, twoFactor }: Visitor) => (visit.proof === undefined ? inForceIn(twoFactor) : undefined)

const render = Effect.fnUntraced(function* (
  visitor: Visitor,
  { invitation, choices }: InvitationSeen,
  problem?: Problem
) {
  return slackLinkPage(visitor.frame, {
    token: Redacted.value(yield* tokenIn),
    invited: invitation,
    expiresAt: utc(invitation.expiresAt),
    proves: toProve(visitor),
    choices,
    command: yield* command,
    problem
  })
})

const over = Effect.fnUntraced(function* ({ frame }: Visitor) {
  return shown(slackOverPage(frame, { command: yield* command }), 410)
})

/** The page that asks for the proof which a form came without. */
const unproven = Effect.fnUntraced(function* (visitor: Visitor, seen: InvitationSeen) {
  return shown(yield* render(visitor, seen, problemFor(visitor, { says: "step_up_required" })), 403)
})

const signInFirst = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  return shown(slackSignInPage(yield* frameFor(request), { command: yield* command }), 403)
})

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    if (hasToEnrol(visitor)) return seeOther(home)
    const seen = yield* seenBy(visitor)
    if (Option.isNone(seen) || seen.value.status === "over") return yield* over(visitor)
    return shown(yield* render(visitor, seen.value))
  }),
  signInFirst
)

const open = onForm(
  Effect.fnUntraced(function* (visitor, form) {
    if (hasToEnrol(visitor)) return seeOther(home)
    const found = yield* seenBy(visitor)
    if (Option.isNone(found) || found.value.status === "over") return yield* over(visitor)
    const seen = found.value
    if (toProve(visitor) !== undefined) return yield* unproven(visitor, seen)
    const back = seeOther(yield* address)
    // The other press of a double click: the number is on its way.
    if (seen.status === "opened") return back
    return yield* openInvitation(seen, visitor.visit.state).pipe(
      onBehalfOf(visitor, form),
      Effect.as(back),
      refusedForm(visitor, (now, problem) => render(now, seen, problem))
    )
  }),
  signInFirst
)

const pick = onForm(
  Effect.fnUntraced(function* (visitor, form) {
    const found = yield* seenBy(visitor)
    if (Option.isNone(found)) return yield* over(visitor)
    const seen = found.value
    const path = yield* address
    if (seen.status === "new") return seeOther(path)
    if (seen.status === "opened") {
      if (toProve(visitor) !== undefined) return yield* unproven(visitor, seen)
      // What is none of the three is no guess, and ends nothing.
      const problem = { field: "number", message: visitor.frame.words.slackLink.missing }
      if (!seen.choices.includes(form.text("number"))) return shown(yield* render(visitor, seen, problem), 400)
    }
    // One that is over is asked about too: the same form sent twice gets the answer of the first.
    return yield* pickNumber(seen, visitor.visit.state, form.secret("number")).pipe(
      onBehalfOf(visitor, form),
      Effect.flatMap(
        Effect.fnUntraced(function* (answer) {
          if (answer === "SlackLinked") return seeOther(`${path}/linked`)
          if (answer === "InvitationOver") return yield* over(visitor)
          return shown(slackWrongNumberPage(visitor.frame, { command: yield* command }), 422)
        })
      ),
      refusedForm(visitor, (now, problem) => render(now, seen, problem))
    )
  }),
  signInFirst
)

/** Told only while it is true: the two are linked, by this invitation. */
const linked = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const { accountId } = visitor.visit.state
    const { accountOf } = yield* SlackLinks
    const found = yield* seenBy(visitor)
    const path = yield* address
    if (Option.isNone(found) || found.value.invitation.accountId !== accountId) return seeOther(path)
    const { invitation } = found.value
    const link = yield* inTime(accountOf(invitation)).pipe(asPerson(visitor.request))
    if (Option.getOrUndefined(link) !== accountId) return seeOther(path)
    return shown(slackLinkedPage(visitor.frame, { invited: invitation, command: yield* command }))
  }),
  signInFirst
)

/** Whoever opens the address of the form is led to the page. */
const back = Effect.map(address, seeOther)

/** `/account/slack/{token}`: the page on which somebody links their Slack user. */
export const layer = Layer.mergeAll(
  route("GET", "/account/slack/:token", show),
  route("POST", "/account/slack/:token", open),
  route("GET", "/account/slack/:token/number", back),
  route("POST", "/account/slack/:token/number", pick),
  route("GET", "/account/slack/:token/linked", linked)
)
