import { Effect, type Redacted } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { orRefuse, outcomeFor, withPassword } from "./ask.ts"
import { answers } from "./protocol.ts"

/** Signs in with the password: an outcome where no method is on, else a challenge to the method in force. */
export const signIn = Effect.fn("signIn")(function* (asked: {
  readonly accountId: AccountId
  readonly password: Redacted.Redacted
}) {
  const accounts = yield* Account.client
  const answer = yield* withPassword({ ...asked, purpose: "sign-in", answers: answers.signIn }, ({ by, password }) =>
    accounts(asked.accountId).SignIn({ by, password })
  )
  const done = yield* orRefuse(answer)
  return "outcome" in done ? yield* outcomeFor(done) : done
})
