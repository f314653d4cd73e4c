import { article, type ArticleStep } from "./article.ts"
import type { MethodId } from "./ids.ts"
import type { Event } from "./TwoFactor.ts"

/** Where a step of the checklist stands. */
export type StepMark = "waiting" | "here" | "done"

/** The marks of all steps for somebody who has taken the first `reached` ones. */
export const marksOf = (reached: number): ReadonlyArray<{ readonly step: ArticleStep; readonly mark: StepMark }> =>
  article.map(({ id }, place) => ({
    step: id,
    mark: place < reached ? "done" : place === reached ? "here" : "waiting"
  }))

/** The method that the article moves to. */
const leadsTo: MethodId = "EMAIL"

/** All steps are taken. */
export const allSteps = article.length

const tickedBy = (event: string): number => article.findLastIndex((step) => "ticks" in step && step.ticks === event) + 1

/**
 * How far an event brings the checklist; 0 where it is none of its steps, as is all that leads to another method. A later
 * event ticks all earlier steps, and with the commit there is nothing left that somebody could miss: the page and the mail
 * say that it is done.
 */
export const reachedByEvent = ({ type, purpose, method }: Pick<Event, "type" | "purpose" | "method">): number => {
  switch (type) {
    case "code.requested":
      return method === leadsTo && (purpose === "setup" || purpose === "change") ? tickedBy(type) : 0
    case "method.enabled":
    case "method.changed":
      return method === leadsTo ? allSteps : 0
    default:
      return tickedBy(type)
  }
}

/** How far it brings it that a page is shown. */
export const reachedByPage = (path: string): number =>
  article.findLastIndex((step) => "leadsTo" in step && step.leadsTo === path) + 1
