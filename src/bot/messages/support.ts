import type { Case } from "../../domain/cases.ts"
import type { SlackFacts, Standing } from "../../domain/slackMessages.ts"
import type { Around, Message } from "./Message.ts"
import { code, context, fields, header, joined, message, section } from "./mrkdwn.ts"
import { clockOf, shortOf, shown, stepPlace, typed } from "./shown.ts"

/** So many cases are listed; older ones are counted. */
const listed = 20

const line = (now: Case, around: Around): string => {
  const { support: w } = around.words
  const { id, kind, accountId, step, status, openedAt } = now
  const where = step === null ? [] : [stepPlace(around, step)]
  return [`*${id}*`, w.kinds[kind], shown(accountId), ...where, w.statuses[status], shortOf(around, openedAt)].join(
    " · "
  )
}

/** The cases that are not closed, one a line. */
export const cases = ({ cases: all }: SlackFacts<"cases">, around: Around): Message => {
  const { cases: w } = around.words.support
  if (all.length === 0) return message([section(w.none)])
  return message([
    header(w.heading),
    ...all.slice(0, listed).map((now) => section(line(now, around))),
    context(...(all.length > listed ? [w.more(all.length - listed)] : []), w.one(typed(around, "case")))
  ])
}

const protectionOf = ({ protection, reported, mustEnrol }: Standing, around: Around): string => {
  const { support: w } = around.words
  return [w.protections[protection], ...(reported ? [w.frozen] : []), ...(mustEnrol ? [w.mustEnrol] : [])].join(", ")
}

/** What the last step was: of linking also that it failed, for the others their names say it. */
const stepOf = ({ type, refused }: NonNullable<SlackFacts<"found">["lastStep"]>, around: Around): string => {
  const { support: w } = around.words
  return refused && type === "slack.linked" ? w.linkRefused : w.events[type]
}

/** How an account stands, for support: no address, not even masked. */
export const found = ({ standing, lastStep }: SlackFacts<"found">, around: Around): Message => {
  const { support: w } = around.words
  const { accountId, standard, pending } = standing
  const last = lastStep === null ? w.nothingYet : `${stepOf(lastStep, around)}, ${shortOf(around, lastStep.at)}`
  return message([
    fields([
      [w.labels.account, shown(accountId)],
      [w.labels.protection, protectionOf(standing, around)],
      [w.labels.method, standard === "NONE" ? w.noMethod : around.pages.method[standard]],
      ...(pending === null
        ? []
        : [[w.labels.pending, w.pending(pending.method, clockOf(around, pending.expiresAt))] as const]),
      [w.labels.last, last]
    ])
  ])
}

export const notFound = (_: SlackFacts<"not_found">, { words }: Around): Message =>
  message([section(words.support.notFound)])

export const noSuchCase = (_: SlackFacts<"no_such_case">, around: Around): Message =>
  message([section(joined([around.words.support.noSuchCase(code("C-7F3K")), typed(around, "cases")]))])

export const nudged = ({ caseId }: SlackFacts<"nudged">, { words }: Around): Message =>
  message([section(words.support.nudged(caseId))])

export const cannotReach = ({ caseId }: SlackFacts<"cannot_reach">, { words }: Around): Message =>
  message([section(words.support.cannotReach(caseId))])
