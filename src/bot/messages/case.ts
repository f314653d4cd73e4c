import type { KnownBlock } from "@slack/types"
import { type Case, type CaseAction, caseActions } from "../../domain/cases.ts"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, fields, mention, message, type Said, section } from "./mrkdwn.ts"
import { shortOf, shown, stepPlace } from "./shown.ts"

const ids = { claim: actionIds.claim, guide: actionIds.guide, close: actionIds.close } as const satisfies Record<
  CaseAction,
  string
>

interface Shown {
  readonly case: Case
  readonly canGuide: boolean
}

/** A case as support sees it, with what its state allows: account id, step and verdict; no name, address or number. */
const blocksOf = ({ case: now, canGuide }: Shown, around: Around): ReadonlyArray<KnownBlock> => {
  const { support: w } = around.words
  const claimed: ReadonlyArray<readonly [string, Said]> =
    now.claimedBy === null ? [] : [[w.labels.claimedBy, mention(now.claimedBy)]]
  return [
    section(`*${now.id}* · ${w.kinds[now.kind]}`),
    fields([
      [w.labels.account, shown(now.accountId)],
      [w.labels.status, w.statuses[now.status]],
      ...claimed,
      [w.labels.step, now.step === null ? w.noStep : stepPlace(around, now.step)],
      [w.labels.delivery, now.verdict === null ? w.noCode : w.verdicts[now.verdict]],
      [w.labels.protection, w.protections[now.protection]],
      [w.labels.opened, shortOf(around, now.openedAt)],
      [w.labels.changed, shortOf(around, now.changedAt)]
    ]),
    ...actions(
      ...caseActions(now.status)
        .filter((action) => action !== "guide" || canGuide)
        .map((action) =>
          button(ids[action], w.actions[action], {
            value: now.id,
            spoken: `${w.actions[action]}: ${now.id}`,
            ...(action === "claim" ? { style: "primary" } : {})
          })
        )
    )
  ]
}

/** The message of a case in the support channel, and the answer to `case`. */
export const caseMessage = (facts: SlackFacts<"case"> | SlackFacts<"case_shown">, around: Around): Message =>
  message(blocksOf(facts, around))

/** What was asked for is not possible any more; this is how the case stands. */
export const caseMovedOn = (facts: SlackFacts<"case_moved_on">, around: Around): Message =>
  message([section(around.words.support.movedOn(facts.case.id)), ...blocksOf({ ...facts, canGuide: false }, around)])

/** In the thread of a case, when a person must act. */
export const caseLine = ({ caseId, about, at }: SlackFacts<"case_line">, around: Around): Message =>
  message([section(`*${caseId}* · ${shortOf(around, at)}\n${around.words.support.lines[about]}`)])
