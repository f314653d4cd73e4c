import { Effect, Option } from "effect"
import { inTime } from "../account/ask.ts"
import type { SlackMessage } from "../domain/slackMessages.ts"
import { SlackOutbox } from "../services/SlackOutbox.ts"
import { Settings } from "../settings.ts"
import type { Heard } from "./Heard.ts"
import { type Reader, rendered } from "./render.ts"
import { isResponseUrl, respond } from "./responseUrl.ts"
import { SlackApi } from "./SlackApi.ts"

/** Of little use after so long. */
const lifeSeconds = 900

/** Whether this is where the bot and this person talk alone: an answer may stand there. The home tab has no other place. */
const isDirect = Effect.fnUntraced(function* ({ channel, user, ...heard }: Heard) {
  const outbox = yield* SlackOutbox
  if (heard.isDirect || heard.isHome) return true
  if (channel?.startsWith("D") !== true) return false
  return Option.contains(yield* inTime(outbox.directMessagesOf(user.user)), channel)
})

/** The reply of the bot in somebody's direct messages, written like all that stays there. */
const reply = Effect.fnUntraced(function* ({ keys, user }: Heard, message: SlackMessage, reader: Reader) {
  const outbox = yield* SlackOutbox
  yield* inTime(
    outbox.put({
      subject: `answer:${keys.join(" ")}`,
      recipient: user.user,
      message,
      locale: reader.locale,
      timeZone: reader.timeZone,
      lifeSeconds
    })
  )
})

/** An answer that the person alone sees, and that goes away by itself. */
export const tellPrivately = Effect.fnUntraced(function* (heard: Heard, facts: SlackMessage, reader: Reader) {
  const { slackApiUrl } = yield* Settings
  const api = yield* SlackApi
  const { user, channel, responseUrl } = heard
  const message = yield* rendered(facts, reader)
  if (message === undefined) return
  if (responseUrl !== null) {
    yield* isResponseUrl(responseUrl, slackApiUrl)
      ? respond(responseUrl, message)
      : Effect.logWarning("A request from Slack names an address for its answer that is not Slack's")
  } else if (channel !== null) {
    yield* Effect.asVoid(api.call("chat.postEphemeral", { channel, user: user.user, ...message }))
  }
})

/**
 * Answers somebody: in their direct messages with the bot by a reply there, anywhere else so that they alone see it
 * (S-67). Where nothing can be written down, the answer goes privately, too.
 */
export const answer = Effect.fnUntraced(function* (heard: Heard, facts: SlackMessage, reader: Reader) {
  const stays = Effect.flatMap(isDirect(heard), (direct) =>
    direct ? Effect.as(reply(heard, facts, reader), true) : Effect.succeed(false)
  )
  const stayed = yield* Effect.orElseSucceed(stays, () => false)
  if (!stayed) yield* tellPrivately(heard, facts, reader)
})
