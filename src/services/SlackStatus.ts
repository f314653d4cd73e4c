import { Context, Effect, Layer, MutableRef } from "effect"

/** What the last calls to Slack have shown: nobody knows before the first one. */
export type SlackCondition = "ok" | "degraded"

/** Whether Slack takes what the bot writes; absent where there is no bot. For the health report and the outage alarm. */
export class SlackStatus extends Context.Service<
  SlackStatus,
  {
    /** As the last call has shown it; undefined where there is no bot. */
    readonly current: Effect.Effect<SlackCondition | undefined>
    /** Notes what a call has shown. */
    note(condition: SlackCondition): Effect.Effect<void>
  }
>()("rekey/SlackStatus") {
  static readonly layer = Layer.sync(SlackStatus, () => {
    const last = MutableRef.make<SlackCondition | undefined>(undefined)
    return SlackStatus.of({
      current: Effect.sync(() => MutableRef.get(last)),
      note: (condition) => Effect.sync(() => MutableRef.set(last, condition))
    })
  })
}
