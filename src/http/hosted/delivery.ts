import { Effect, Option, Schedule, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { challengeOf } from "../../account/views.ts"
import type { SessionId } from "../../domain/ids.ts"
import { deliveryLine } from "../pages/delivery.ts"
import { Stopping } from "../Stopping.ts"
import { route } from "./route.ts"
import { challengeOn } from "./verify.ts"
import { notHere, toVisitor, visitorOf } from "./visitor.ts"

/** A stream ends after a minute: a page that is still open asks again. */
const looksAtMost = 60
const lookEvery = "1 second"
/** A few tabs; more would only keep us busy. */
const streamsASession = 3

/** How many streams each session has open here. */
const open = new Map<SessionId, number>()
const counted = (id: SessionId, change: 1 | -1) =>
  Effect.sync(() => {
    const now = (open.get(id) ?? 0) + change
    if (now > 0) open.set(id, now)
    else open.delete(id)
  })

/** Ends when the server is about to stop. */
const untilStopping = Effect.flatMap(Stopping, (stopping) =>
  Effect.sleep("100 millis").pipe(Effect.repeat({ until: () => stopping() }))
)

const live = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    if ((yield* challengeOn(visitor)) === undefined) return yield* notHere(visitor)
    const { request, visit } = visitor
    const { id } = visit.session
    if ((open.get(id) ?? 0) >= streamsASession) return HttpServerResponse.empty({ status: 204 })
    /** As the session sees it; nothing once that is over. Looking on keeps no session alive. */
    const look = Effect.gen(function* () {
      const now = yield* visitorOf(request, true)
      const challenge = now === undefined ? undefined : yield* challengeOn(now)
      return now === undefined || challenge === undefined
        ? Option.none()
        : Option.some(deliveryLine(now.frame, challengeOf(now.visit.state, challenge)))
    })
    const context = yield* Effect.context<Effect.Services<typeof look>>()
    const events = Stream.fromEffectSchedule(look, Schedule.spaced(lookEvery)).pipe(
      Stream.take(looksAtMost),
      Stream.takeWhile(Option.isSome),
      Stream.map(({ value }) => value),
      Stream.takeUntil(({ isFinal }) => isFinal),
      Stream.interruptWhen(untilStopping),
      Stream.changesWith((a, b) => a.text === b.text && a.isSlow === b.isSlow),
      Stream.map((line) => `data: ${JSON.stringify(line)}\n\n`),
      Stream.encodeText,
      Stream.onStart(counted(id, 1)),
      Stream.ensuring(counted(id, -1)),
      Stream.provideContext(context)
    )
    return HttpServerResponse.stream(events, {
      contentType: "text/event-stream",
      headers: { "x-accel-buffering": "no" }
    })
  })
)

/** Where the message of a code stands, as it changes: server-sent events, for the page that waits for it. */
export const layer = route("GET", "/account/security/verify/:challengeId/delivery", live)
