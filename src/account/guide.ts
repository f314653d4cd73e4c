import { Effect } from "effect"
import { type AccountState, inForce, pendingOf } from "../domain/AccountState.ts"
import { numberOf } from "../domain/article.ts"
import { reachedByPage } from "../domain/guide.ts"
import type { AccountId } from "../domain/ids.ts"
import type { SlackLink, SlackUser } from "../domain/slack.ts"
import type { Standing } from "../domain/slackMessages.ts"
import { type Guide, Guides } from "../services/Guides.ts"
import { SlackOutbox } from "../services/SlackOutbox.ts"
import { SupportDesk } from "../services/SupportDesk.ts"

/** The subject of a checklist's one message. */
const subjectOf = ({ id }: Pick<Guide, "id">): string => `guide:${id}`

/** A checklist is of use for as long as somebody may take over it. */
const lifeSeconds = 7 * 24 * 3600

/** Shows a checklist as it is now, in the direct messages of its owner; edited in place from the second time on. */
const showGuide = Effect.fnUntraced(function* (guide: Guide, state: AccountState) {
  const { locale, timeZone } = state
  const slack = yield* SlackOutbox
  yield* slack.put({
    subject: subjectOf(guide),
    recipient: guide.user,
    message: {
      _tag: "guide",
      guideId: guide.id,
      reached: guide.reached,
      challengeId: pendingOf(state)?.id ?? null,
      ended: guide.ended
    },
    accountId: guide.accountId,
    locale,
    timeZone,
    lifeSeconds
  })
})

/** Whether a checklist leads anywhere for an account as it is: what is paused or frozen has to be helped first. */
export const canBeGuided = ({ canChange, canSetUp }: Standing): boolean => canChange || canSetUp

/** Begins the checklist of a linked customer; an earlier one makes way for it. Where nothing is on, nothing is to be disabled. */
export const beginGuide = Effect.fn("beginGuide")(function* (link: SlackLink, state: AccountState) {
  const guides = yield* Guides
  const reached = inForce(state) === undefined ? numberOf("disable") : 0
  yield* guides.begin(link, reached, (guide) => showGuide(guide, state))
})

/** Ends the checklist of somebody who is no longer linked: nothing more is shown to them of the account. */
export const endGuide = Effect.fn("endGuide")(function* (accountId: AccountId, user: SlackUser) {
  const guides = yield* Guides
  const slack = yield* SlackOutbox
  yield* guides.end(user)
  yield* slack.forget(accountId, user.user)
})

/** Brings the checklists of an account that far, and shows those that moved. */
export const advanceGuides = Effect.fn("advanceGuides")(function* (state: AccountState, reached: number) {
  const guides = yield* Guides
  yield* guides.reach(state.accountId, reached, (guide) => showGuide(guide, state))
})

/** Shows the checklists of an account again, since the challenge that they lead to is another. */
export const refreshGuides = Effect.fn("refreshGuides")(function* (state: AccountState) {
  const guides = yield* Guides
  yield* guides.again(state.accountId, (guide) => showGuide(guide, state))
})

/**
 * Notes that a page was shown to a signed-in customer: their checklist ticks the step that led there. Nobody waits for
 * it, and where it fails a later step ticks this one too.
 */
export const notePage = Effect.fn("notePage")(function* (state: AccountState, page: string) {
  const { hasBot } = yield* SupportDesk
  const reached = hasBot ? reachedByPage(page) : 0
  if (reached === 0) return
  yield* Effect.forkDetach(
    advanceGuides(state, reached).pipe(
      Effect.catchTag("SqlError", (error) =>
        Effect.logInfo("A step was not ticked", { accountId: state.accountId, reason: error.reason._tag })
      )
    )
  )
})
