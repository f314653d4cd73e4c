import { Effect, Layer } from "effect"
import { stepUp } from "../../account/stepUp.ts"
import { HttpRouter } from "effect/http"
import { overviewPage } from "../pages/overview.ts"
import { refusedForm } from "./refusedForm.ts"
import { route } from "./route.ts"
import { onBehalfOf, onForm, seeOther } from "./visitor.ts"

const purposes: ReadonlyArray<string> = ["disable", "change", "frozen"]
const ofInvitation = /^slack-([0-9a-f-]{36}\.[\w-]{43})$/

/** The page that a proof is for and leads back to; none but ours, whatever is asked for (S-53). */
export const pageOfProof = (next: string): string | undefined => {
  if (purposes.includes(next)) return `/account/security/${next}`
  const token = ofInvitation.exec(next)?.[1]
  return token === undefined ? undefined : `/account/slack/${token}`
}

const submit = onForm(
  Effect.fnUntraced(function* (visitor, form) {
    const { next = "" } = yield* HttpRouter.params
    const to = pageOfProof(next) === undefined ? "" : `?next=${next}`
    return yield* stepUp({ accountId: visitor.visit.state.accountId }).pipe(
      onBehalfOf(visitor, form),
      Effect.map(({ id }) => seeOther(`/account/security/verify/${id}${to}`)),
      refusedForm(visitor, (now, problem) =>
        Effect.succeed(overviewPage(now.frame, { twoFactor: now.twoFactor, problem }))
      )
    )
  })
)

/** Whoever opens the address of the button is led to what the proof is for. */
const show = Effect.map(HttpRouter.params, ({ next = "" }) => seeOther(pageOfProof(next) ?? "/account/security"))

/** A code to the current method, for a fresh proof of it. */
export const layer = Layer.mergeAll(
  route("GET", "/account/security/prove/:next", show),
  route("POST", "/account/security/prove/:next", submit)
)
