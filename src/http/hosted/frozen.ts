import { Effect, Layer } from "effect"
import { liftReport } from "../../account/lift.ts"
import { cancelReset } from "../../account/reset.ts"
import { frozenPage } from "../pages/frozen.ts"
import type { Problem } from "../pages/layout.ts"
import { overviewPage } from "../pages/overview.ts"
import { refusedForm, withPasswordIn } from "./refusedForm.ts"
import { route } from "./route.ts"
import { onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const path = "/account/security/frozen"
const home = "/account/security"

const render = ({ frame, twoFactor, visit }: Visitor, problem?: Problem) =>
  Effect.succeed(frozenPage(frame, twoFactor, { hasProof: visit.proof !== undefined, problem }))

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    return visitor.twoFactor.allowed.includes("lift") ? shown(yield* render(visitor)) : seeOther(home)
  })
)

const itWasMe = onForm((visitor, form) =>
  withPasswordIn(form, (password) =>
    liftReport({ accountId: visitor.visit.state.accountId, password, grant: visitor.visit.proof })
  ).pipe(onBehalfOf(visitor, form), Effect.as(seeOther(home)), refusedForm(visitor, render))
)

const stop = onForm((visitor, form) =>
  cancelReset(visitor.visit.state.accountId).pipe(
    onBehalfOf(visitor, form),
    Effect.as(seeOther(home)),
    refusedForm(visitor, ({ frame, twoFactor }, problem) => Effect.succeed(overviewPage(frame, { twoFactor, problem })))
  )
)

/** *It was me*, which ends a freeze, and *Stop it*, which ends a reset that waits. */
export const layer = Layer.mergeAll(
  route("GET", path, show),
  route("POST", path, itWasMe),
  route("GET", "/account/security/reset/stop", Effect.succeed(seeOther(home))),
  route("POST", "/account/security/reset/stop", stop)
)
