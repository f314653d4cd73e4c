import { Effect } from "effect"
import { actOnCase } from "../../account/actOnCase.ts"
import { inTime } from "../../account/ask.ts"
import { beginGuide } from "../../account/guide.ts"
import { readState } from "../../account/standing.ts"
import type { CaseAction } from "../../domain/cases.ts"
import { type AccountId, CaseId } from "../../domain/ids.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import { caseIdShape } from "../commands/case.ts"
import { actionIds } from "../messages/Message.ts"
import type { Action } from "./Action.ts"

/** Sends the checklist to whoever is linked with the account; nobody may be. */
const sendGuide = Effect.fnUntraced(function* (accountId: AccountId) {
  const links = yield* SlackLinks
  const state = yield* readState(accountId)
  const owners = yield* inTime(links.ofAccount(accountId))
  yield* Effect.forEach(owners, (owner) => inTime(beginGuide(owner, state)), { discard: true })
  return owners.length
})

/** A button of a case: the message of the case shows what was done. */
const onCase = (id: string, action: CaseAction) =>
  ({
    id,
    value: caseIdShape,
    isForSupport: true,
    opensModal: false,
    run: ({ rest, user }) =>
      Effect.gen(function* () {
        const caseId = CaseId.make(rest)
        const done = yield* actOnCase(caseId, action, action === "claim" ? user.user : undefined)
        if (done._tag === "unknown") return { _tag: "no_such_case" } as const
        if (done._tag === "moved") return { _tag: "case_moved_on", case: done.case } as const
        if (action !== "guide") return undefined
        return (yield* sendGuide(done.case.accountId)) === 0 ? ({ _tag: "cannot_reach", caseId } as const) : undefined
      })
  }) satisfies Action

export const claim = onCase(actionIds.claim, "claim")
export const guide = onCase(actionIds.guide, "guide")
export const close = onCase(actionIds.close, "close")
