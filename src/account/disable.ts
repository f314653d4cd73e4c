import { Effect, type Redacted } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { orRefuse, withPassword } from "./ask.ts"
import { answers } from "./protocol.ts"

/** Turns two-factor authentication off; the owner is told at every address on file. */
export const disable = Effect.fn("disable")(function* (asked: {
  readonly accountId: AccountId
  readonly password: Redacted.Redacted
  readonly grant?: Redacted.Redacted | undefined
}) {
  const accounts = yield* Account.client
  return yield* withPassword({ ...asked, purpose: undefined, answers: answers.disable }, ({ by, password, grant }) =>
    accounts(asked.accountId).Disable({ by, password, grant })
  ).pipe(Effect.flatMap(orRefuse))
})
