import { Effect } from "effect"
import { article } from "../domain/article.ts"
import { openChallenges, protectionOf, type AccountState } from "../domain/AccountState.ts"
import type { CaseKind } from "../domain/cases.ts"
import { Cases } from "../services/Cases.ts"
import { Guides } from "../services/Guides.ts"
import { SupportDesk } from "../services/SupportDesk.ts"

/**
 * Opens a case for support: the account, how far its owner's checklist is, and where the message with the code stands.
 * One of that kind that is open is brought up to date instead.
 */
export const openCase = Effect.fn("openCase")(function* (state: AccountState, kind: CaseKind) {
  const cases = yield* Cases
  const guides = yield* Guides
  const desk = yield* SupportDesk
  const { accountId } = state
  const [guide] = (yield* guides.ofAccount(accountId)).toReversed()
  const waiting = openChallenges(state).find(({ purpose }) => purpose === "setup" || purpose === "change")
  const opened = yield* cases.open({
    accountId,
    kind,
    step: guide === undefined ? null : (article[guide.reached]?.id ?? null),
    verdict: waiting?.delivery?.state ?? null,
    protection: protectionOf(state)
  })
  yield* desk.tellCase(opened.case, opened.isNew)
  return opened
})
