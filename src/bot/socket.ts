import type { App, SocketModeReceiver } from "@slack/bolt"
import { Effect, Ref } from "effect"
import { SlackStatus } from "../services/SlackStatus.ts"

/** How long after a connection was lost, or not to be had, it is tried again: a second, doubled up to this. */
const longestPauseSeconds = 30

/** One connection, from its opening to its end; fails where it is not to be had. */
const session = Effect.fnUntraced(function* (app: App, { client }: SocketModeReceiver) {
  const status = yield* SlackStatus
  yield* Effect.tryPromise(() => app.start())
  yield* status.note("ok")
  yield* Effect.callback<void>((resume) => {
    const over = () => resume(Effect.void)
    client.once("disconnected", over)
    return Effect.sync(() => client.off("disconnected", over))
  })
})

/**
 * Keeps Slack's socket open. Slack's own client throws where a reconnect is refused, out of everybody's reach: so it does not
 * reconnect by itself, and this does, for as long as the process lives.
 */
export const keptOpen = Effect.fnUntraced(function* (app: App, receiver: SocketModeReceiver) {
  const status = yield* SlackStatus
  const failures = yield* Ref.make(0)
  const again = session(app, receiver).pipe(
    Effect.tap(() => Ref.set(failures, 0)),
    Effect.catch(() =>
      Effect.gen(function* () {
        yield* Ref.update(failures, (count) => count + 1)
        yield* status.note("degraded")
        yield* Effect.logWarning("Slack's socket is not open; trying again")
      })
    ),
    Effect.andThen(Ref.get(failures)),
    Effect.flatMap((count) => Effect.sleep(`${Math.min(2 ** count, longestPauseSeconds)} seconds`))
  )
  return yield* Effect.forever(again)
})
