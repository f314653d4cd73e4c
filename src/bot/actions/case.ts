import { Effect } from "effect"
import { actOnCase } from "../../account/actOnCase.ts"
import { inTime } from "../../account/ask.ts"
import { beginGuide, canBeGuided } from "../../account/guide.ts"
import { readState, standingOf } from "../../account/standing.ts"
import type { CaseAction } from "../../domain/cases.ts"
import { CaseId } from "../../domain/ids.ts"
import { Cases } from "../../services/Cases.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import { Settings } from "../../settings.ts"
import type { Asked } from "../Asked.ts"
import { caseIdShape } from "../commands/case.ts"
import { actionIds } from "../messages/Message.ts"
import type { Action } from "./Action.ts"

/** Acts on a case. Its message in the support channel shows it; whoever pressed elsewhere is shown it there. */
const acted = Effect.fnUntraced(function* ({ rest, user, channel }: Asked, action: CaseAction) {
  const { slackSupportChannel } = yield* Settings
  const caseId = CaseId.make(rest)
  const done = yield* actOnCase(caseId, action, action === "claim" ? user.user : undefined)
  if (done._tag === "unknown") return { _tag: "no_such_case" } as const
  if (done._tag === "moved") return { _tag: "case_moved_on", case: done.case } as const
  return channel === slackSupportChannel
    ? undefined
    : ({ _tag: "case_shown", case: done.case, canGuide: true } as const)
})

const button = { value: caseIdShape, isForSupport: true, opensModal: false } as const

export const claim = { ...button, id: actionIds.claim, run: (asked) => acted(asked, "claim") } satisfies Action
export const close = { ...button, id: actionIds.close, run: (asked) => acted(asked, "close") } satisfies Action

/** *Send guide*: the checklist goes to whoever is linked with the account, where it leads anywhere. */
export const guide = {
  ...button,
  id: actionIds.guide,
  run: (asked) =>
    Effect.gen(function* () {
      const cases = yield* Cases
      const links = yield* SlackLinks
      const found = yield* inTime(cases.byId(asked.rest))
      if (found._tag === "None") return { _tag: "no_such_case" } as const
      const { id: caseId, accountId, status } = found.value
      if (status === "closed") return { _tag: "case_moved_on", case: found.value } as const
      const state = yield* readState(accountId)
      const owners = yield* inTime(links.ofAccount(accountId))
      if (owners.length === 0) return { _tag: "cannot_reach", caseId } as const
      const standing = standingOf(state)
      if (!canBeGuided(standing)) return { _tag: "guide_refused", standing } as const
      const answer = yield* acted(asked, "guide")
      yield* Effect.forEach(owners, (owner) => inTime(beginGuide(owner, state)), { discard: true })
      return answer
    })
} satisfies Action
