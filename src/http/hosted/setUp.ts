import { Effect, Layer } from "effect"
import { notePage } from "../../account/guide.ts"
import { setUp } from "../../account/setUp.ts"
import { acknowledgements } from "../../domain/acknowledgements.ts"
import type { MethodId } from "../../domain/ids.ts"
import { maskEmail, maskPhone } from "../../domain/masking.ts"
import type { Problem } from "../pages/layout.ts"
import { setUpPage } from "../pages/setUp.ts"
import type { Form } from "./form.ts"
import { offeredMethods } from "./offered.ts"
import { refusedForm, withPasswordIn } from "./refusedForm.ts"
import { route } from "./route.ts"
import { justBegun, onBehalfOf, onForm, seeOther, shown, toVisitor, type Visitor } from "./visitor.ts"

/** The registered contact of a method, masked; null where there is none. */
export const registeredFor = ({ visit }: Visitor, method: MethodId): string | null => {
  const { email, phone } = visit.state
  if (method === "EMAIL") return maskEmail(email)
  return phone === null ? null : maskPhone(phone)
}

/** The number that was typed, without what people write between digits; undefined for the registered one. */
export const numberIn = (form: Form): string | undefined => {
  const typed = form.text("destination").replace(/[\s().-]/g, "")
  return typed === "" ? undefined : typed
}

const pagesOf = (method: MethodId) => {
  const path = `/account/security/setup/${method.toLowerCase()}` as const

  const render = (visitor: Visitor, problem?: Problem, typed?: string) =>
    Effect.succeed(setUpPage(visitor.frame, { method, registered: registeredFor(visitor, method), typed, problem }))

  const show = toVisitor(
    Effect.fnUntraced(function* (visitor) {
      const isOffered = (yield* offeredMethods).includes(method)
      if (!visitor.twoFactor.allowed.includes("setup")) return seeOther("/account/security")
      if (!isOffered) return seeOther("/account/security/setup")
      // Whichever method it is, it is the same step.
      yield* notePage(visitor.visit.state, "/account/security/setup/email")
      return shown(yield* render(visitor))
    })
  )

  const submit = onForm((visitor, form) => {
    const begun = numberIn(form) === undefined ? justBegun(visitor, "setup", method) : undefined
    if (begun !== undefined) return Effect.succeed(seeOther(`/account/security/verify/${begun}`))
    return withPasswordIn(form, (password) =>
      setUp({
        accountId: visitor.visit.state.accountId,
        method,
        password,
        destination: method === "SMS" ? numberIn(form) : undefined,
        acknowledged: form.text("acknowledged") === acknowledgements[method] ? acknowledgements[method] : undefined
      })
    ).pipe(
      onBehalfOf(visitor, form),
      Effect.map(({ id }) => seeOther(`/account/security/verify/${id}`)),
      refusedForm(visitor, (now, problem) => render(now, problem, form.text("destination")))
    )
  })

  return Layer.mergeAll(route("GET", path, show), route("POST", path, submit))
}

/** Setting a method up: one page each. */
export const layer = Layer.mergeAll(pagesOf("EMAIL"), pagesOf("SMS"))
