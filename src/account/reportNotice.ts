import { Effect, type Redacted } from "effect"
import { Account } from "./Account.ts"
import { by, orRefuse, send } from "./ask.ts"
import { noticeBehind } from "./notice.ts"

/** *This wasn't me*: freezes the account until its owner or support lifts that. The link alone does no more (S-44). */
export const reportNotice = Effect.fn("reportNotice")(function* (token: Redacted.Redacted) {
  const accounts = yield* Account.client
  const { snapshot, accountId, noticeLinkId } = yield* noticeBehind(token)
  yield* send(snapshot, accountId, accounts(accountId).Report({ by: yield* by, noticeLinkId })).pipe(
    Effect.flatMap(orRefuse)
  )
})
