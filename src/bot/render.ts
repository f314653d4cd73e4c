import { Effect, Option, Redacted } from "effect"
import { invitationUrl } from "../account/inviteSlack.ts"
import type { SlackMessage, Standing } from "../domain/slackMessages.ts"
import { BearerTokens } from "../services/BearerTokens.ts"
import { NumberMatching } from "../services/NumberMatching.ts"
import { SlackLinks } from "../services/SlackLinks.ts"
import { Settings } from "../settings.ts"
import { pageWords } from "../words/pages/catalogue.ts"
import { slackWords } from "../words/slack/catalogue.ts"
import { homeView } from "./messages/home.ts"
import type { Around } from "./messages/Message.ts"
import { messageOf } from "./messages/messageOf.ts"
import { filledModal, skeletonModal } from "./messages/modal.ts"

/** In which language and zone somebody is told; neither is known of who is not linked. */
export interface Reader {
  readonly locale: string | null
  readonly timeZone: string | null
}

/** Whoever is not known. */
export const anybody: Reader = { locale: null, timeZone: null }

const aroundFor = Effect.fnUntraced(function* ({ locale, timeZone }: Reader) {
  const { brandName, publicUrl, portalUrl, supportEmail, slackCommand } = yield* Settings
  return {
    words: slackWords(locale),
    pages: pageWords(locale),
    brand: brandName,
    command: slackCommand,
    publicUrl,
    portalUrl: portalUrl ?? null,
    supportEmail: supportEmail ?? null,
    timeZone
  } satisfies Around
})

/** What is made in the moment of sending, and is at rest nowhere; none where the message has come too late. */
const momentary = Effect.fnUntraced(function* (facts: SlackMessage) {
  switch (facts._tag) {
    case "number": {
      const links = yield* SlackLinks
      const matching = yield* NumberMatching
      const found = yield* links.invitation(facts.invitationId)
      if (Option.isNone(found) || found.value.openedAt === null || found.value.closedAt !== null) return undefined
      return { number: Redacted.value(yield* matching.numberFor(found.value)) }
    }
    case "link_offer": {
      const links = yield* SlackLinks
      const found = yield* links.invitation(facts.invitationId)
      return Option.isNone(found) ? undefined : { linkUrl: yield* invitationUrl(found.value) }
    }
    case "notice": {
      if (facts.link === null) return {}
      const tokens = yield* BearerTokens
      const { publicUrl } = yield* Settings
      const { id, epoch, keyId } = facts.link
      const token = yield* tokens.issue({ kind: "notice-link", id, accountId: facts.accountId, epoch }, keyId)
      return { noticeUrl: new URL(`/notice/${Redacted.value(token)}`, publicUrl).href }
    }
    default:
      return {}
  }
})

/** A message as Slack takes it; none where its time is over. */
export const rendered = Effect.fn("renderSlackMessage")(function* (facts: SlackMessage, reader: Reader) {
  const more = yield* momentary(facts)
  return more === undefined ? undefined : messageOf(facts, { ...(yield* aroundFor(reader)), ...more })
})

/** The modal that opens at once, before anything is known. */
export const skeleton = Effect.map(aroundFor(anybody), skeletonModal)

/** The same, once there is something to say. */
export const filled = Effect.fn("renderSlackModal")(function* (facts: SlackMessage, reader: Reader) {
  return filledModal(facts, yield* aroundFor(reader))
})

/** The home tab. */
export const home = Effect.fn("renderSlackHome")(function* (standing: Standing | null, reader: Reader) {
  return homeView(standing, yield* aroundFor(reader))
})
