import type { KnownBlock } from "@slack/types"
import { article, type ArticleStep, numberOf } from "../../domain/article.ts"
import { allSteps, marksOf, type StepMark } from "../../domain/guide.ts"
import type { ChallengeId } from "../../domain/ids.ts"
import type { SlackFacts } from "../../domain/slackMessages.ts"
import { actionIds, type Around, type Message } from "./Message.ts"
import { actions, button, context, header, joined, message, type Said, section } from "./mrkdwn.ts"
import { brandOf, stepLabel, stepUrl, typed } from "./shown.ts"

const signs = { waiting: "○", here: "◐", done: "●" } as const satisfies Record<StepMark, string>

/** What to do in a step, in the article's words. */
const whatToDo = (around: Around, step: ArticleStep): string =>
  around.pages.guide.steps[step](`*${around.pages.steps[step].control}*`, brandOf(around))

const openStep = (around: Around, step: ArticleStep, challengeId: ChallengeId | null, isHere = false) =>
  button(actionIds.open, around.words.buttons.open, {
    url: stepUrl(around, step, challengeId),
    spoken: `${around.words.buttons.open}: ${numberOf(step)}. ${stepLabel(around, step)}`,
    ...(isHere ? { style: "primary" } : {})
  })

const numbered = (around: Around, step: ArticleStep): string => `${numberOf(step)}. ${stepLabel(around, step)}`

const legend = ({ words }: Around): string =>
  (["waiting", "here", "done"] as const).map((mark) => `${signs[mark]} ${words.guide.marks[mark]}`).join("   ")

/** The checklist in somebody's direct messages, edited there as it ticks itself. */
export const guide = (facts: SlackFacts<"guide">, around: Around): Message => {
  const { words, pages } = around
  const { guideId, reached, challengeId, ended } = facts
  const isDone = reached >= allSteps
  if (ended && !isDone) return message([header(pages.guide.heading), section(words.guide.replaced)])

  const marks = marksOf(reached)
  const here = marks.find(({ mark }) => mark === "here")
  const steps = marks.map(({ step, mark }): readonly [KnownBlock, Said] => {
    const line = numbered(around, step)
    const said =
      mark === "here" ? joined([`${signs.here} *${line}*`, whatToDo(around, step)]) : `${signs[mark]} ${line}`
    return [
      section(said, isDone ? undefined : openStep(around, step, challengeId, mark === "here")),
      `${line} (${words.guide.marks[mark]})`
    ]
  })
  const intro = isDone
    ? [words.guide.done]
    : [pages.guide.intro, ...(reached < numberOf("manage") ? [pages.guide.better] : [])]
  const now =
    here === undefined ? [] : [`${pages.stepOf(numberOf(here.step), allSteps)}: ${pages.steps[here.step].heading}`]
  return message(
    [
      header(pages.guide.heading),
      section(joined(intro)),
      ...steps.map(([block]) => block),
      context(...(isDone ? [] : [legend(around)]), words.neverType),
      ...(isDone
        ? []
        : actions(
            button(actionIds.codeNotArrived, words.buttons.codeNotArrived, { value: guideId }),
            button(actionIds.stuck, words.buttons.stuck, { value: guideId })
          ))
    ],
    [pages.guide.heading, ...now, ...intro, ...steps.map(([, said]) => said), words.neverType]
  )
}

/** The same for people who are not linked: links to the portal, without marks. */
export const steps = (_: SlackFacts<"steps">, around: Around): Message => {
  const { words, pages } = around
  return message([
    header(pages.guide.heading),
    section(joined([pages.guide.intro, pages.guide.better])),
    ...article.map(({ id }) =>
      section(joined([`*${numbered(around, id)}*`, whatToDo(around, id)]), openStep(around, id, null))
    ),
    section(words.steps.noMarks(typed(around, "link")), button(actionIds.link, words.buttons.link)),
    context(words.neverType)
  ])
}
