import { Effect, Layer } from "effect"
import { AccountPolicy } from "../../account/AccountPolicy.ts"
import { disable } from "../../account/disable.ts"
import { disablePage } from "../pages/disable.ts"
import type { Problem } from "../pages/layout.ts"
import { refusedForm, withPasswordIn } from "./refusedForm.ts"
import { route } from "./route.ts"
import { onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const path = "/account/security/disable"

const render = Effect.fnUntraced(function* (visitor: Visitor, problem?: Problem) {
  const { stepUp } = yield* AccountPolicy
  const hasProof = visitor.visit.proof !== undefined || stepUp === "password"
  return disablePage(visitor.frame, visitor.twoFactor, { hasProof, problem })
})

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    return visitor.twoFactor.allowed.includes("disable") ? shown(yield* render(visitor)) : seeOther("/account/security")
  })
)

const submit = onForm((visitor, form) =>
  withPasswordIn(form, (password) =>
    disable({ accountId: visitor.visit.state.accountId, password, grant: visitor.visit.proof })
  ).pipe(
    onBehalfOf(visitor, form),
    Effect.as(seeOther("/account/security?done=turned-off")),
    refusedForm(visitor, render)
  )
)

/** Turning two-factor authentication off. */
export const layer = Layer.mergeAll(route("GET", path, show), route("POST", path, submit))
