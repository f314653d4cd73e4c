import type { SlackFacts, SlackMessage } from "../../domain/slackMessages.ts"
import { alertMessage } from "./alert.ts"
import { caseOpened, nudge } from "./asked.ts"
import { caseLine, caseMessage, caseMovedOn } from "./case.ts"
import { delivery } from "./delivery.ts"
import { guide, steps } from "./guide.ts"
import { help, notForYou, unknownWord } from "./help.ts"
import { journey, reset } from "./journey.ts"
import { alreadyLinked, linked, linkOffer, notLinked, number, unlinked } from "./linking.ts"
import { lost } from "./lost.ts"
import type { Around, Message } from "./Message.ts"
import { notice } from "./notice.ts"
import { secretSeen, slowDown, unavailable } from "./refusals.ts"
import { guideBegun, guideRefused, otherWay, status } from "./status.ts"
import { cannotReach, cases, found, noSuchCase, notFound, nudged } from "./support.ts"
import { why } from "./why.ts"

type Tag = SlackMessage["_tag"]

const messages: { readonly [T in Tag]: (facts: SlackFacts<T>, around: Around) => Message } = {
  guide,
  number,
  linked,
  notice,
  case: caseMessage,
  case_line: caseLine,
  alert: alertMessage,
  journey,
  reset,
  nudge,
  help,
  unknown_word: unknownWord,
  status,
  not_linked: notLinked,
  steps,
  guide_begun: guideBegun,
  guide_refused: guideRefused,
  other_way: otherWay,
  lost,
  why,
  link_offer: linkOffer,
  already_linked: alreadyLinked,
  unlinked,
  delivery,
  case_opened: caseOpened,
  secret_seen: secretSeen,
  not_for_you: notForYou,
  cases,
  case_shown: caseMessage,
  no_such_case: noSuchCase,
  case_moved_on: caseMovedOn,
  found,
  not_found: notFound,
  nudged,
  cannot_reach: cannotReach,
  slow_down: slowDown,
  unavailable
}

const write = <T extends Tag>(tag: T, facts: SlackFacts<T>, around: Around): Message => messages[tag](facts, around)

/** Writes a message of the bot from its facts: what Slack shows, and the same as one text. */
export const messageOf = (facts: SlackMessage, around: Around): Message => write(facts._tag, facts, around)
