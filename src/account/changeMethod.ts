import { Effect, type Redacted } from "effect"
import type { AccountId, MethodId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { orRefuse, withPassword } from "./ask.ts"
import { answers } from "./protocol.ts"

/** Sends a code to the new method while the old one stays in force; `verify` then flips both in one commit (S-10). */
export const changeMethod = Effect.fn("changeMethod")(function* (asked: {
  readonly accountId: AccountId
  readonly method: MethodId
  readonly password: Redacted.Redacted
  readonly grant?: Redacted.Redacted | undefined
  readonly destination?: string | undefined
  readonly acknowledged?: string | undefined
}) {
  const accounts = yield* Account.client
  const { method, destination, acknowledged } = asked
  return yield* withPassword(
    { ...asked, purpose: "change", answers: answers.changeMethod },
    ({ by, password, grant }) =>
      accounts(asked.accountId).Change({ by, method, destination, acknowledged, password, grant })
  ).pipe(Effect.flatMap(orRefuse))
})
