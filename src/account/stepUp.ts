import { Effect } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, send } from "./ask.ts"

/** Sends a code to the current method, for a fresh proof of it. */
export const stepUp = Effect.fn("stepUp")(function* (asked: { readonly accountId: AccountId }) {
  const accounts = yield* Account.client
  const snapshot = yield* foresee(asked)
  return yield* send(snapshot, asked.accountId, accounts(asked.accountId).StepUp({ by: yield* by })).pipe(
    Effect.flatMap(orRefuse)
  )
})
