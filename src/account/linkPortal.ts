import { Effect, Redacted } from "effect"
import { AccountId } from "../domain/ids.ts"
import { NotFound } from "../domain/refusals.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { Account } from "./Account.ts"
import { by, claimed, foresee, grantVerdict, orRefuse, replayOf, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { answers } from "./protocol.ts"

/** A way for a person from the portal to the hosted pages: the token of a link that is opened once within a minute. */
export const linkPortal = Effect.fn("linkPortal")(function* (asked: {
  readonly accountId: AccountId
  readonly returnUrl: string | null
  readonly grant?: Redacted.Redacted | undefined
}) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const tokens = yield* BearerTokens
  const { accountId, returnUrl } = asked
  const snapshot = yield* foresee({ accountId, grantId: yield* claimed(asked.grant) })
  const earlier = yield* replayOf(snapshot, answers.linkPortal)
  if (earlier === undefined && snapshot.account === undefined) return yield* new NotFound({ reference })
  const answer =
    earlier ??
    (yield* send(
      snapshot,
      accountId,
      accounts(accountId).LinkPortal({
        by: yield* by,
        returnUrl,
        grant: snapshot.account === undefined ? "absent" : yield* grantVerdict(asked.grant, snapshot.account.state)
      })
    ))
  const { id, epoch, keyId, expiresAt } = yield* orRefuse(answer)
  const token = yield* tokens.issue({ kind: "portal-link", id, accountId, epoch }, keyId)
  return { token, expiresAt }
})
