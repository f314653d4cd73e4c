import { Effect } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { by, orRefuse, read, send, sendToCurrent } from "./ask.ts"

/** Sends a code to the current method, for a fresh proof of it. */
export const stepUp = Effect.fn("stepUp")(function* (asked: { readonly accountId: AccountId }) {
  const accounts = yield* Account.client
  const { account } = yield* read(asked)
  // Without the account the actor still finds the answer of an earlier call.
  const charges = account === undefined ? [] : sendToCurrent(account.state)
  return yield* send(accounts(asked.accountId).StepUp({ by: yield* by(charges) })).pipe(Effect.flatMap(orRefuse))
})
