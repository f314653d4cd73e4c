import { Effect } from "effect"
import type { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { Account } from "./Account.ts"
import { by, foresee, orRefuse, send } from "./ask.ts"
import { Caller } from "./Caller.ts"

/** Closes every open challenge of an account, since a secret was typed where others can read it (S-70). */
export const closeChallenges = Effect.fn("closeChallenges")(function* (accountId: AccountId) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const snapshot = yield* foresee({ accountId })
  if (snapshot.account === undefined) return yield* new NotFound({ reference })
  yield* send(snapshot, accountId, accounts(accountId).CloseChallenges({ by: yield* by })).pipe(
    Effect.flatMap(orRefuse)
  )
})
