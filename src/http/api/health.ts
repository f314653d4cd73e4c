import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Health } from "../../services/Health.ts"
import { Api } from "../contract/Api.ts"

/** `/health/live` says that the process answers; `/health/ready`, whether it can do its work. */
export const layer = HttpApiBuilder.group(
  Api,
  "health",
  Effect.fn(function* (handlers) {
    const health = yield* Health
    return handlers.handleAll({
      live: () => Effect.succeed({ status: "ok" as const }),
      ready: () =>
        Effect.map(health.report, ({ status, dependencies }) =>
          status === "down" ? { status, dependencies } : { status, dependencies }
        )
    })
  })
)
