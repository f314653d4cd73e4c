import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import { openCase } from "../../account/openCase.ts"
import { challengeOf } from "../../account/views.ts"
import { newestOpen } from "../../domain/AccountState.ts"
import type { CaseKind } from "../../domain/cases.ts"
import { forLinked } from "../linkedState.ts"
import { actionIds } from "../messages/Message.ts"
import type { Action } from "./Action.ts"

const uuidOrNothing = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/

/** Opens a case with the step and the state, in a modal that says so. */
const opening = (id: string, kind: CaseKind, value: RegExp) =>
  ({
    id,
    value,
    isForSupport: false,
    opensModal: true,
    run: (asked) =>
      forLinked(
        asked,
        Effect.fnUntraced(function* (state) {
          const { case: opened, isNew } = yield* inTime(openCase(state, kind))
          return { _tag: "case_opened", caseId: opened.id, step: opened.step, isNew } as const
        })
      )
  }) satisfies Action

/** *I'm stuck* in the checklist. */
export const stuck = opening(actionIds.stuck, "stuck", uuidOrNothing)

/** *Tell support*: the phone or the mailbox is lost. */
export const lost = opening(actionIds.lost, "lost", /^$/)

/** *The code has not arrived*: where its message stands now. */
export const codeNotArrived = {
  id: actionIds.codeNotArrived,
  value: uuidOrNothing,
  isForSupport: false,
  opensModal: false,
  run: (asked) =>
    forLinked(asked, (state) => {
      const waiting = newestOpen(state)
      if (waiting === undefined) return Effect.succeed({ _tag: "delivery", delivery: null, challengeId: null } as const)
      const { id, method, delivery, resendAfter } = challengeOf(state, waiting)
      return Effect.succeed({
        _tag: "delivery",
        delivery: { method, state: delivery.state, at: delivery.at, canResendAt: resendAfter },
        challengeId: id
      } as const)
    })
} satisfies Action
