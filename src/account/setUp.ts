import { Effect, type Redacted } from "effect"
import type { AccountId, MethodId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { orRefuse, withPassword } from "./ask.ts"
import { answers } from "./protocol.ts"

/** Sends a code to the method that is to be turned on; nothing changes before it is accepted. */
export const setUp = Effect.fn("setUp")(function* (asked: {
  readonly accountId: AccountId
  readonly method: MethodId
  readonly password: Redacted.Redacted
  readonly destination?: string | undefined
  readonly acknowledged?: string | undefined
}) {
  const accounts = yield* Account.client
  const { method, destination, acknowledged } = asked
  return yield* withPassword({ ...asked, purpose: "setup", answers: answers.setUp }, ({ by, password }) =>
    accounts(asked.accountId).SetUp({ by, method, destination, acknowledged, password })
  ).pipe(Effect.flatMap(orRefuse))
})
