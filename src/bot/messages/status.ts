import type { Button } from "@slack/types"
import type { SlackFacts, Standing } from "../../domain/slackMessages.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, context, header, joined, message, section } from "./mrkdwn.ts"
import { clockOf, contact, shown, toPage, toSecurity, whenOf } from "./shown.ts"

/** A code that is waited for can be entered: the account is neither locked nor frozen. */
const enterable = ({ pending, reported, protection }: Standing) =>
  reported || protection === "suspended" ? null : pending

/** How the account stands in plain sentences: the method in force, what stops it, and what waits. */
export const sentencesOf = (standing: Standing, around: Around): ReadonlyArray<string> => {
  const { pages, words } = around
  const { standard, protection, reported, mustEnrol } = standing
  const pending = enterable(standing)
  const { overview: w } = pages
  return [
    standard === "NONE" ? (mustEnrol ? w.mustEnrol : w.off) : words.status.on(standard),
    ...(protection === "suspended" ? [w.suspended] : []),
    ...(reported ? [standard === "NONE" ? w.reportedOff : w.reported] : []),
    ...(standing.resetAt === null ? [] : [words.status.reset(whenOf(around, standing.resetAt))]),
    ...(pending === null ? [] : [words.status.pending(pending.method, clockOf(around, pending.expiresAt))])
  ]
}

/** What can be done now. Each but *Change method* and what concerns the code leads to the portal. */
export const buttonsOf = (standing: Standing, around: Around): ReadonlyArray<Button> => {
  const { pages, words } = around
  const pending = enterable(standing)
  if (pending !== null)
    return [
      toPage(around, `/account/security/verify/${pending.challengeId}`, words.buttons.enterCode, "primary"),
      button(actionIds.codeNotArrived, words.buttons.codeNotArrived, { value: pending.challengeId }),
      ...(standing.canChange ? [button(actionIds.change, pages.manage.change)] : [])
    ]
  return [
    ...(standing.canChange ? [button(actionIds.change, pages.manage.change, { style: "primary" })] : []),
    standing.canSetUp
      ? toPage(around, "/account/security/setup", pages.steps.again.control, "primary")
      : toSecurity(around)
  ]
}

/** For which account, and since when it is so. */
export const circumstances = ({ accountId, changedAt }: Standing, around: Around): string =>
  `${around.words.account(shown(accountId))} · ${around.pages.overview.lastChange(whenOf(around, changedAt))}`

export const status = ({ standing }: SlackFacts<"status">, around: Around): Message => {
  const isLocked = standing.protection === "suspended"
  return message([
    header(around.words.status.heading),
    section(joined(sentencesOf(standing, around))),
    ...(isLocked ? contact(around) : []),
    context(circumstances(standing, around)),
    ...actions(...buttonsOf(standing, around))
  ])
}

/** No checklist, and why: what stands in its way is how the account is. */
export const guideRefused = ({ standing }: SlackFacts<"guide_refused">, around: Around): Message => {
  const { guide: w } = around.words
  const isFree = standing.protection === "on" && !standing.reported
  const why = isFree && standing.standard === "EMAIL" ? [w.alreadyEmail] : sentencesOf(standing, around)
  return message([
    section(joined([`*${w.refused}*`, ...why])),
    ...(standing.protection === "suspended" ? contact(around) : []),
    ...actions(toSecurity(around))
  ])
}

/** The checklist leads to email; to another method there is the page. */
export const otherWay = ({ method }: SlackFacts<"other_way">, around: Around): Message =>
  message([
    section(around.words.guide.otherWay(around.pages.method[method])),
    ...actions(toPage(around, "/account/security/change", around.pages.manage.change, "primary")),
    context(around.words.neverType)
  ])

/** Where the checklist is. */
export const guideBegun = (_: SlackFacts<"guide_begun">, { words }: Around): Message =>
  message([section(words.guide.begun), context(words.neverType)])
