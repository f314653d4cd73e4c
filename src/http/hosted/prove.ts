import { Effect, Layer } from "effect"
import { stepUp } from "../../account/stepUp.ts"
import { HttpRouter } from "effect/http"
import { overviewPage } from "../pages/overview.ts"
import { refusedForm } from "./refusedForm.ts"
import { route } from "./route.ts"
import { onBehalfOf, onForm, seeOther } from "./visitor.ts"

/** What a proof can be wanted for: the page that it leads back to. */
export const purposesOfProof: ReadonlyArray<string> = ["disable", "change", "frozen"]

const submit = onForm(
  Effect.fnUntraced(function* (visitor, form) {
    const { next = "" } = yield* HttpRouter.params
    const to = purposesOfProof.includes(next) ? `?next=${next}` : ""
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
const show = Effect.map(HttpRouter.params, ({ next = "" }) =>
  seeOther(purposesOfProof.includes(next) ? `/account/security/${next}` : "/account/security")
)

/** A code to the current method, for a fresh proof of it. */
export const layer = Layer.mergeAll(
  route("GET", "/account/security/prove/:next", show),
  route("POST", "/account/security/prove/:next", submit)
)
