import { Effect, Layer, Option, Schedule } from "effect"
import type { SqlError } from "effect/sql"
import type { Alarm } from "../domain/cases.ts"
import { Alerts } from "../services/Alerts.ts"
import { Health } from "../services/Health.ts"
import { SupportDesk } from "../services/SupportDesk.ts"

/** How often is looked; an outage is one that was seen twice in a row. */
const pause = "20 seconds"

const alarms = [
  ["mail", "outage-mail"],
  ["slack", "outage-slack"]
] as const satisfies ReadonlyArray<readonly [string, Alarm]>

/** Looks once: begins the alarm of what is down for the second time, ends that of what is up here and everywhere else.
 * `before`: what was down. */
export const lookForOutages = Effect.fn("lookForOutages")(function* (before: ReadonlySet<Alarm>) {
  const health = yield* Health
  const alerts = yield* Alerts
  const desk = yield* SupportDesk
  const { dependencies } = yield* health.report
  // without the database there is nothing to write an alarm to
  if (dependencies.database !== "ok") return before
  const down = new Set<Alarm>()
  for (const [dependency, alarm] of alarms) {
    const condition = dependencies[dependency]
    if (condition === undefined) continue
    if (condition !== "ok") down.add(alarm)
    const changed =
      condition === "ok" ? yield* alerts.end(alarm) : before.has(alarm) ? yield* alerts.begin(alarm) : Option.none()
    if (Option.isSome(changed)) yield* desk.tellAlert(changed.value)
  }
  return down
})

const watching = Effect.gen(function* () {
  let before: ReadonlySet<Alarm> = new Set()
  yield* Effect.suspend(() => lookForOutages(before)).pipe(
    Effect.tap((down) =>
      Effect.sync(() => {
        before = down
      })
    ),
    Effect.withTracerEnabled(false),
    Effect.catchTag("SqlError", (error: SqlError.SqlError) =>
      Effect.logWarning("Outages could not be looked for", { reason: error.reason._tag })
    ),
    Effect.schedule(Schedule.spaced(pause))
  )
})

/** Looks for as long as the process lives. */
export const layer = Layer.effectDiscard(Effect.forkScoped(watching))
