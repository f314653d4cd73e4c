import { article, type ArticleStep } from "./article.ts"
import type { Event } from "./TwoFactor.ts"

/** Where a step of the checklist stands. */
export type StepMark = "waiting" | "here" | "done"

/** The marks of all steps for somebody who has taken the first `reached` ones. */
export const marksOf = (reached: number): ReadonlyArray<{ readonly step: ArticleStep; readonly mark: StepMark }> =>
  article.map(({ id }, place) => ({
    step: id,
    mark: place < reached ? "done" : place === reached ? "here" : "waiting"
  }))

/** All steps are taken. */
export const allSteps = article.length

const tickedBy = (event: string): number => article.findLastIndex((step) => "ticks" in step && step.ticks === event) + 1

/**
 * How far an event brings the checklist; 0 where it is none of its steps. A later event ticks all earlier steps, and with
 * the commit there is nothing left that somebody could miss: the page and the mail say that it is done.
 */
export const reachedByEvent = ({ type, purpose }: Pick<Event, "type" | "purpose">): number => {
  if (type === "code.requested") return purpose === "setup" || purpose === "change" ? tickedBy(type) : 0
  return type === "method.enabled" || type === "method.changed" ? allSteps : tickedBy(type)
}

/** How far it brings it that a page is shown. */
export const reachedByPage = (path: string): number =>
  article.findLastIndex((step) => "leadsTo" in step && step.leadsTo === path) + 1
