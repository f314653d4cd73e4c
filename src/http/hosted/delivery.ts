import { Effect, Schedule, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { readChallenge } from "../../account/status.ts"
import { deliveryLine } from "../pages/delivery.ts"
import { Stopping } from "../Stopping.ts"
import { asPerson } from "./pageCaller.ts"
import { route } from "./route.ts"
import { challengeOn } from "./verify.ts"
import { notHere, toVisitor } from "./visitor.ts"

/** A stream ends after a minute: a page that is still open asks again. */
const looksAtMost = 60
const lookEvery = "1 second"

/** Ends when the server is about to stop. */
const untilStopping = Effect.flatMap(Stopping, (stopping) =>
  Effect.sleep("100 millis").pipe(Effect.repeat({ until: () => stopping() }))
)

const live = toVisitor(
  Effect.fnUntraced(function* (visitor) {
    const challenge = yield* challengeOn(visitor)
    if (challenge === undefined) return yield* notHere(visitor)
    const { frame, request } = visitor
    const context = yield* Effect.context<Effect.Services<typeof look>>()
    const look = Effect.map(readChallenge(challenge.id).pipe(asPerson(request)), (now) =>
      deliveryLine({ ...frame, now: new Date() }, now)
    )
    const events = Stream.fromEffectSchedule(look, Schedule.spaced(lookEvery)).pipe(
      Stream.take(looksAtMost),
      Stream.takeUntil(({ isFinal }) => isFinal),
      Stream.interruptWhen(untilStopping),
      Stream.changesWith((a, b) => a.text === b.text && a.isSlow === b.isSlow),
      Stream.map((line) => `data: ${JSON.stringify(line)}\n\n`),
      Stream.encodeText,
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
