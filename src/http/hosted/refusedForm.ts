import { Effect, Redacted } from "effect"
import { type Unavailable, ValidationFailed } from "../../domain/refusals.ts"
import type { Refusal } from "../../domain/refusalsOf.ts"
import type { Html } from "../../words/html.ts"
import type { Problem } from "../pages/layout.ts"
import { RequestReference } from "../requestReference.ts"
import type { Form } from "./form.ts"
import { told } from "./told.ts"
import { again, ended, shown, type Visitor } from "./visitor.ts"

const longestPassword = 1024

/** Runs what needs a password with the one in the form; an empty or endless one is told before anything is judged. */
export const withPasswordIn = <A, E, R>(
  form: Form,
  program: (password: Redacted.Redacted) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | ValidationFailed, R> =>
  Effect.gen(function* () {
    const password = form.secret("password")
    const length = [...Redacted.value(password)].length
    if (length >= 1 && length <= longestPassword) return yield* program(password)
    const errors = [{ pointer: "/password", detail: "must have 1 to 1024 characters" }]
    return yield* new ValidationFailed({ errors, reference: yield* RequestReference })
  })

/** Shows the form again with what was refused: nothing that was typed is lost but secrets, and the state is that of now. */
export const refusedForm =
  <R2, R3 = never>(
    visitor: Visitor,
    render: (visitor: Visitor, problem: Problem) => Effect.Effect<Html, never, R2>,
    tell: (visitor: Visitor, refusal: Refusal) => Effect.Effect<Problem, Unavailable, R3> = (now, refusal) =>
      Effect.succeed(told(now, refusal))
  ) =>
  <A, E extends Refusal, R>(program: Effect.Effect<A, E, R>) =>
    program.pipe(
      Effect.catch((error: E) =>
        Effect.gen(function* () {
          const refusal: Refusal = error
          if (refusal.code === "not_found") return yield* refusal
          const now = yield* again(visitor)
          if (now === undefined) return yield* ended(visitor.request)
          return shown(yield* render(now, yield* tell(now, refusal)), refusal.status)
        })
      )
    )
