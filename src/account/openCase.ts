import { Effect } from "effect"
import { type AccountState, newestOpen, protectionOf } from "../domain/AccountState.ts"
import { article } from "../domain/article.ts"
import type { CaseKind } from "../domain/cases.ts"
import { Cases, type Opened } from "../services/Cases.ts"
import { Guides } from "../services/Guides.ts"
import { SupportDesk } from "../services/SupportDesk.ts"

/** A case as it is now; where somebody asks once more, whoever works on it is told in its thread. */
const show = Effect.fnUntraced(function* ({ case: found, isNew }: Opened) {
  const desk = yield* SupportDesk
  yield* desk.tellCase(found, isNew)
  if (isNew) return
  const { id: caseId, accountId, changedAt: at } = found
  const threadOf = SupportDesk.caseSubject(caseId)
  yield* desk.show(`again:${caseId}`, { _tag: "case_line", caseId, about: "again", at }, { accountId, threadOf })
})

/**
 * Opens a case for support: the account, how far its owner's checklist is, and where the message with the code stands.
 * One of that kind that is open is brought up to date instead.
 */
export const openCase = Effect.fn("openCase")(function* (state: AccountState, kind: CaseKind) {
  const cases = yield* Cases
  const guides = yield* Guides
  const { accountId } = state
  const guide = (yield* guides.ofAccount(accountId)).at(-1)
  return yield* cases.open(
    {
      accountId,
      kind,
      step: guide === undefined ? null : (article[guide.reached]?.id ?? null),
      verdict: newestOpen(state)?.delivery?.state ?? null,
      protection: protectionOf(state)
    },
    show
  )
})
