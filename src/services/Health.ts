import { Context, Effect, Fiber, Layer } from "effect"
import { Sharding } from "effect/cluster"
import { SqlClient } from "effect/sql"
import { KeyRing } from "./KeyRing.ts"
import { Mailer } from "./Mailer.ts"
import { migrated } from "./postgres/migrated.ts"
import { SlackStatus } from "./SlackStatus.ts"
import { SmsSender } from "./SmsSender.ts"
import { unawaited } from "./unawaited.ts"

/** How a dependency stands. */
export type Condition = "ok" | "degraded" | "down"

/** What a probe learns. `status` is `down` only where nothing can be answered here. */
export interface HealthReport {
  readonly status: Condition
  readonly dependencies: {
    readonly database: Condition
    readonly keys: Condition
    readonly migrations: Condition
    readonly shards: Condition
    readonly mail: Condition
    /** Left out where no gateway is set up: then SMS is no method on offer. */
    readonly sms?: Condition
    /** Left out where there is no bot. */
    readonly slack?: Condition
  }
}

const longest = "2 seconds"

/** Probes come from several supervisors at once; one look a second is enough for all. */
const remembered = "1 second"

/** The condition that a check finds; one that fails or takes too long, also to let go, finds `otherwise`. */
const found = (otherwise: "degraded" | "down", check: Effect.Effect<boolean, unknown>): Effect.Effect<Condition> =>
  unawaited(check).pipe(
    Effect.timeout(longest),
    Effect.map((good): Condition => (good ? "ok" : otherwise)),
    Effect.catchCause((cause) => Effect.as(Effect.logDebug("A health check failed", cause), otherwise))
  )

/** Only what no request can do without makes it `down`; the rest hampers it. */
export const reportOf = (dependencies: HealthReport["dependencies"]): HealthReport => {
  const { database, keys, migrations, shards } = dependencies
  const cannot = [database, keys, migrations, shards].includes("down")
  const hampered = Object.values(dependencies).some((condition) => condition !== "ok")
  return { status: cannot ? "down" : hampered ? "degraded" : "ok", dependencies }
}

/** Whether this process can do its work, dependency by dependency. */
export class Health extends Context.Service<
  Health,
  {
    /** At most a second old; takes at most two. */
    readonly report: Effect.Effect<HealthReport>
  }
>()("rekey/Health") {
  static readonly layer = Layer.effect(
    Health,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const keys = yield* KeyRing
      const sharding = yield* Sharding.Sharding
      const mailer = yield* Mailer
      const sms = yield* SmsSender
      const slack = yield* SlackStatus
      const filesApplied = yield* migrated(sql)

      const checks = {
        database: found("down", Effect.as(sql`select 1`, true)),
        keys: found("down", Effect.as(keys.get("code", keys.currentId), true)),
        migrations: found("down", filesApplied),
        shards: found(
          "down",
          Effect.map(sharding.isShutdown, (stopped) => !stopped)
        ),
        mail: found("degraded", Effect.as(mailer.health, true))
      }

      const report = Effect.gen(function* () {
        const conditions = yield* Effect.all(checks, { concurrency: "unbounded" })
        const chat = yield* slack.current
        return reportOf({
          ...conditions,
          ...(sms.available ? { sms: "ok" } : {}),
          ...(chat === undefined ? {} : { slack: chat })
        })
      })
      // A probe that hangs up must not leave the others with an interrupted look.
      const scope = yield* Effect.scope
      const look = Effect.forkIn(Effect.interruptible(report), scope).pipe(
        Effect.flatMap(Fiber.join),
        Effect.uninterruptible
      )
      return Health.of({ report: yield* Effect.cachedWithTTL(look, remembered) })
    })
  )
}
