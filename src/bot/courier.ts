import { Cache, Cause, Effect, Fiber, FiberSet, Layer, Metric, Queue, Random, Schema } from "effect"
import { backoffSeconds } from "../services/Outbox.ts"
import { type Place, type SlackClaim, SlackOutbox, type SlackVerdict } from "../services/SlackOutbox.ts"
import { rendered } from "./render.ts"
import { SlackApi, type SlackFault } from "./SlackApi.ts"

/** How many recipients are written to at once. */
const most = 6
/** Pages of a channel that are searched for a message whose answer was lost; a busy channel has fewer in that time. */
const pagesAtMost = 10
/** How long a look is put off after one that found nothing. */
const pollEvery = "400 millis"
/** How long a message may take, with all its calls; well within its lease. */
const longestFlight = "35 seconds"
/** How long a stop waits for what is on its way. */
const landing = "5 seconds"

const messages = Metric.counter("rekey_slack_messages_total", {
  description: "Messages for Slack by what became of a try",
  incremental: true
})

const Posted = Schema.Struct({ channel: Schema.String, ts: Schema.String })
const Opened = Schema.Struct({ channel: Schema.Struct({ id: Schema.String }) })
const History = Schema.Struct({
  response_metadata: Schema.optional(Schema.Struct({ next_cursor: Schema.optional(Schema.String) })),
  messages: Schema.Array(
    Schema.Struct({
      ts: Schema.String,
      metadata: Schema.optional(
        Schema.Struct({ event_payload: Schema.optional(Schema.Record(Schema.String, Schema.Unknown)) })
      )
    })
  )
})

/** The name under which a message of ours is recognised in a channel. */
const metadataOf = ({ id }: SlackClaim, tag: string) => ({ event_type: `rekey_${tag}`, event_payload: { id } })

/** Refusals that another time will not mend: of this message, or of this reader. */
const hopeless = new Set([
  "is_archived",
  "user_not_found",
  "users_not_found",
  "cannot_dm_bot",
  "user_disabled",
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "invalid_blocks",
  "msg_too_long"
])

/** What was given up is for somebody's eyes; what is tried again concerns nobody. */
const logOf = {
  written: Effect.logDebug,
  deferred: Effect.logInfo,
  gone: Effect.logInfo,
  failed: Effect.logWarning
} as const satisfies Record<SlackVerdict["state"], unknown>

const later = Effect.fnUntraced(function* (
  { attempts, inDoubtSince, message }: SlackClaim,
  { kind, reason, retryAfterSeconds }: SlackFault
): Effect.fn.Return<SlackVerdict> {
  // somebody deleted the message of a case: without it nobody would see the case
  if (reason === "message_not_found" && message._tag === "case") return { state: "gone" }
  if (kind === "refused" && hopeless.has(reason)) return { state: "failed", detail: reason }
  const waitSeconds =
    kind === "limited" ? retryAfterSeconds : Math.min(backoffSeconds(attempts, yield* Random.next), 60)
  // an earlier lost answer stays in doubt, however surely this try did nothing
  return { state: "deferred", detail: reason, waitSeconds, sure: kind !== "unsure" && inDoubtSince === undefined }
})

const make = Effect.gen(function* () {
  const outbox = yield* SlackOutbox
  const api = yield* SlackApi
  /** A user is written to in their direct messages, whose channel never changes; what failed is asked again. */
  const channels = yield* Cache.make({
    capacity: 10_000,
    lookup: (user: string) =>
      api.call("conversations.open", { users: user }).pipe(
        Effect.flatMap((answer) => Effect.orDie(Schema.decodeUnknownEffect(Opened)(answer))),
        Effect.map(({ channel }) => channel.id)
      )
  })
  const channelOf = (recipient: string) =>
    /^[UW]/.test(recipient)
      ? Effect.tapError(Cache.get(channels, recipient), () => Cache.invalidate(channels, recipient))
      : Effect.succeed(recipient)

  /** Looks whether a try whose answer was lost has posted the message after all. */
  const already = Effect.fnUntraced(function* (claim: SlackClaim, channel: string) {
    if (claim.inDoubtSince === undefined) return undefined
    const thread = typeof claim.thread === "object" ? { ts: claim.thread.ts } : undefined
    const method = thread === undefined ? "conversations.history" : "conversations.replies"
    const oldest = String(claim.inDoubtSince.getTime() / 1000 - 60)
    let cursor: string | undefined
    for (let page = 0; page < pagesAtMost; page++) {
      const more = cursor === undefined ? {} : { cursor }
      const asked = { channel, oldest, limit: 200, include_all_metadata: true, ...thread, ...more }
      const answer = yield* Effect.orDie(Schema.decodeUnknownEffect(History)(yield* api.call(method, asked)))
      const found = answer.messages.find(({ metadata }) => metadata?.event_payload?.["id"] === claim.id)
      if (found !== undefined) return found.ts
      cursor = answer.response_metadata?.next_cursor
      if (cursor === undefined || cursor === "") return undefined
    }
    return undefined
  })

  const write = Effect.fnUntraced(function* (claim: SlackClaim) {
    const { message: facts, thread } = claim
    const said = yield* rendered(facts, claim)
    if (said === undefined) return { state: "failed", detail: "It was no longer needed" } satisfies SlackVerdict
    if (thread === "gone") return { state: "failed", detail: "Its thread is not there" } satisfies SlackVerdict
    if (thread === "missing") {
      return {
        state: "deferred",
        detail: "Its thread is not there yet",
        waitSeconds: 2,
        sure: true
      } satisfies SlackVerdict
    }
    const channel = claim.place?.channel ?? (yield* channelOf(claim.recipient))
    const ts = claim.place?.ts ?? (yield* already(claim, channel))
    const content = {
      channel,
      ...said,
      metadata: metadataOf(claim, facts._tag),
      unfurl_links: false,
      unfurl_media: false
    }
    const answer = yield* ts === undefined
      ? api.call("chat.postMessage", { ...content, ...(thread === undefined ? {} : { thread_ts: thread.ts }) })
      : api.call("chat.update", { ...content, ts })
    const place: Place = yield* Effect.orDie(Schema.decodeUnknownEffect(Posted)(answer))
    return { state: "written", place } satisfies SlackVerdict
  })

  const deliver = (claim: SlackClaim) =>
    write(claim).pipe(
      Effect.catchTag("SlackFault", (fault) => later(claim, fault)),
      Effect.timeoutOrElse({
        duration: longestFlight,
        orElse: () =>
          Effect.succeed<SlackVerdict>({ state: "deferred", detail: "no answer", waitSeconds: 5, sure: false })
      }),
      Effect.tap((verdict) => outbox.settle(claim, verdict)),
      Effect.tap(({ state, ...more }) =>
        Effect.andThen(
          Metric.update(Metric.withAttributes(messages, { state }), 1),
          logOf[state]("Message for Slack").pipe(
            Effect.annotateLogs({ state, ...("detail" in more ? { reason: more.detail } : {}) })
          )
        )
      ),
      // whatever went wrong here, the lease lapses, and before it is written again the channel is looked through
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.void
          : Effect.logError("A message for Slack could not be settled and will be tried again", cause)
      ),
      Effect.annotateLogs({ message: claim.id, kind: claim.message._tag }),
      Effect.withSpan("SlackCourier.deliver", { root: true, attributes: { message: claim.id } })
    )

  const flights = yield* FiberSet.make<void>()
  const landed = yield* Queue.sliding<void>(1)
  const round = Effect.gen(function* () {
    const room = most - (yield* FiberSet.size(flights))
    if (room <= 0) return
    for (const claim of yield* Effect.withTracerEnabled(outbox.claim(room), false))
      yield* FiberSet.run(
        flights,
        Effect.ensuring(Effect.asVoid(Effect.interruptible(deliver(claim))), Queue.offer(landed, undefined))
      )
  }).pipe(
    Effect.uninterruptible,
    Effect.catchTag("SqlError", ({ reason }) =>
      Effect.logWarning("The messages for Slack cannot be read; trying again", { reason: reason._tag })
    ),
    Effect.catchCause((cause) => Effect.logError("The messages for Slack cannot be read; trying again", cause))
  )

  const called = Effect.raceAll([outbox.woken, Queue.take(landed), Effect.sleep(pollEvery)])
  yield* Effect.addFinalizer(() =>
    FiberSet.awaitEmpty(flights).pipe(
      Effect.interruptible,
      Effect.timeoutOption(landing),
      Effect.andThen(FiberSet.clear(flights))
    )
  )
  const loop = yield* Effect.forkScoped(Effect.forever(Effect.andThen(round, called)))
  yield* Effect.addFinalizer(() => Fiber.interrupt(loop))
})

/**
 * Carries what is wanted to Slack: one message a second a recipient, the newest version of each, at least once and never
 * twice visible. Slack's outages delay it and concern nobody else.
 */
export const layer = Layer.effectDiscard(make)
