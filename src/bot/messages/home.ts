import type { KnownBlock, View } from "@slack/types"
import type { Standing } from "../../domain/slackMessages.ts"
import { customerWords } from "./help.ts"
import { actionIds, type Around } from "./Message.ts"
import { actions, button, context, header, joined, section } from "./mrkdwn.ts"
import { brandOf, toPage } from "./shown.ts"
import { buttonsOf, circumstances, sentencesOf } from "./status.ts"

const lostBlocks = (around: Around, isLinked: boolean): ReadonlyArray<KnownBlock> => {
  const { pages, words } = around
  return [
    section(`*${pages.lost.heading}*`, toPage(around, "/docs/lost", words.buttons.ways)),
    ...(isLinked ? [section(words.lost.tell), ...actions(button(actionIds.lost, words.buttons.tellSupport))] : [])
  ]
}

const standingBlocks = (standing: Standing, around: Around): ReadonlyArray<KnownBlock> => {
  const { words } = around
  return [
    header(words.status.heading),
    section(joined(sentencesOf(standing, around))),
    context(circumstances(standing, around)),
    ...actions(...buttonsOf(standing, around), button(actionIds.status, words.buttons.status)),
    ...lostBlocks(around, true)
  ]
}

/** The home tab: how the account stands, and what the commands do as buttons; null for who is not linked. */
export const homeView = (standing: Standing | null, around: Around): View => {
  const { words } = around
  return {
    type: "home",
    blocks: [
      section(words.home.hello(brandOf(around))),
      ...(standing === null
        ? [
            section(words.linking.notLinked),
            ...actions(button(actionIds.link, words.buttons.link, { style: "primary" })),
            ...lostBlocks(around, false)
          ]
        : standingBlocks(standing, around)),
      section(joined([`*${words.home.words}*`, customerWords(around)])),
      context(words.neverType)
    ]
  }
}
