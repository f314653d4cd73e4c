import { Effect, Layer, Schema } from "effect"
import { AccountPolicy } from "../../account/AccountPolicy.ts"
import { changeMethod } from "../../account/changeMethod.ts"
import { acknowledgements } from "../../domain/acknowledgements.ts"
import { MethodId } from "../../domain/ids.ts"
import { changePage } from "../pages/change.ts"
import type { Problem } from "../pages/layout.ts"
import type { Form } from "./form.ts"
import { offeredMethods } from "./offered.ts"
import { refusedForm, withPasswordIn } from "./refusedForm.ts"
import { route } from "./route.ts"
import { numberIn, registeredFor } from "./setUp.ts"
import { problemFor } from "./told.ts"
import { justBegun, onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

const path = "/account/security/change"
const isMethod = Schema.is(MethodId)

const chosenIn = (form: Form): MethodId | undefined => {
  const method = form.text("method")
  return isMethod(method) ? method : undefined
}

const render = Effect.fnUntraced(function* (visitor: Visitor, problem?: Problem, form?: Form) {
  const { stepUp } = yield* AccountPolicy
  return changePage(visitor.frame, {
    twoFactor: visitor.twoFactor,
    offered: yield* offeredMethods,
    hasProof: visitor.visit.proof !== undefined || stepUp === "password",
    phone: registeredFor(visitor, "SMS"),
    chosen: form === undefined ? undefined : chosenIn(form),
    typed: form?.text("destination"),
    problem
  })
})

const show = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    return visitor.twoFactor.allowed.includes("change") ? shown(yield* render(visitor)) : seeOther("/account/security")
  })
)

const submit = onForm(
  Effect.fnUntraced(function* (visitor, form) {
    const method = chosenIn(form)
    if (method === undefined) {
      const problem = problemFor(visitor, { says: "method_unavailable", field: "method" })
      return shown(yield* render(visitor, problem, form), 400)
    }
    const begun = numberIn(form) === undefined ? justBegun(visitor, "change", method) : undefined
    if (begun !== undefined) return seeOther(`/account/security/verify/${begun}`)
    return yield* withPasswordIn(form, (password) =>
      changeMethod({
        accountId: visitor.visit.state.accountId,
        method,
        password,
        grant: visitor.visit.proof,
        destination: method === "SMS" ? numberIn(form) : undefined,
        // The sentence of each method stands beside its name on the page.
        acknowledged: acknowledgements[method]
      })
    ).pipe(
      onBehalfOf(visitor, form),
      Effect.map(({ id }) => seeOther(`/account/security/verify/${id}`)),
      refusedForm(visitor, (now, problem) => render(now, problem, form))
    )
  })
)

/** Changing to another method while the old one stays in force. */
export const layer = Layer.mergeAll(route("GET", path, show), route("POST", path, submit))
