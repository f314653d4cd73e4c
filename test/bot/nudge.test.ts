import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { nudge } from "../../src/bot/commands/nudge.ts"
import { Cases } from "../../src/services/Cases.ts"
import { anAccount, asPortal, rekey } from "../kit/core.ts"

/** A clock that stands. */
const clockAt = Effect.fnUntraced(function* (time: string) {
  const real = yield* Clock.Clock
  const millis = Date.parse(time)
  const nanos = BigInt(millis) * 1_000_000n
  return Clock.Clock.of({
    currentTimeMillisUnsafe: () => millis,
    currentTimeMillis: Effect.succeed(millis),
    currentTimeNanosUnsafe: () => nanos,
    currentTimeNanos: Effect.succeed(nanos),
    monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: real.monotonicTimeNanos,
    sleep: (duration) => real.sleep(duration)
  })
})

layer(rekey(), { excludeTestServices: true })("nudge", (it) => {
  it.effect("nobody is asked twice within an hour, also where a full hour is between the two", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const accountId = yield* anAccount()
      yield* sql`insert into slack_links (enterprise, team, slack_user, account_id)
        values ('', 'T0HARBOR', 'U0CASEY', ${accountId})`
      const cases = yield* Cases
      const { case: opened } = yield* cases.open(
        {
          accountId,
          kind: "stuck",
          step: null,
          verdict: null,
          protection: "on"
        },
        () => Effect.void
      )
      const ask = nudge.run({
        user: { enterprise: null, team: "T0HARBOR", user: "U0SUPPORT" },
        displayName: "robin",
        workspace: "harbor",
        account: Option.none(),
        channel: null,
        isNamed: true,
        rest: opened.id
      })
      for (const time of ["2026-11-24T10:59:00Z", "2026-11-24T11:01:00Z"])
        yield* Effect.provideService(ask, Clock.Clock, yield* clockAt(time))
      const asked = yield* sql`select from slack_messages where recipient = 'U0CASEY'`
      assert.lengthOf(asked, 1)
    }).pipe(asPortal())
  )
})
