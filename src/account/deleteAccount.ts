import { Effect } from "effect"
import { noChanges } from "../domain/Changes.ts"
import type { AccountId } from "../domain/ids.ts"
import { NotFound, Unavailable } from "../domain/refusals.ts"
import { TwoFactorStore } from "../services/TwoFactorStore.ts"
import { inTime, read } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { event } from "./decisions/Deciding.ts"

const deletionsAtMost = 5

/** Deletes an account and all that is kept of it but its audit trail. */
export const deleteAccount = Effect.fn("deleteAccount")(function* (accountId: AccountId) {
  const store = yield* TwoFactorStore
  const by = yield* Caller
  const busy = Effect.fail(new Unavailable({ retryAfter: 1, reference: by.reference }))
  for (let deletions = 0; deletions < deletionsAtMost; deletions++) {
    const { account, head } = yield* read({ accountId })
    if (account === undefined) return yield* new NotFound({ reference: by.reference })
    const { state } = account
    const events = [event({ state, by }, { type: "account.deleted", outcome: "succeeded" })]
    const written = yield* inTime(store.remove(head, { ...noChanges(state), events }))
    if (written === "written") return
  }
  return yield* busy
})
