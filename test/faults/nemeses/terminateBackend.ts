import { Effect } from "effect"
import type { Nemesis } from "./Nemesis.ts"

/** Some back-ends of PostgreSQL end in the middle of what they do. */
export const terminateBackend: Nemesis = {
  name: "terminate-backend",
  against: ({ sql }, chance) => ({
    start: sql(
      (ask) => ask`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'rekey%' order by (state = 'active') desc, random() limit ${1 + chance.below(4)}`
    ).pipe(Effect.repeat({ times: chance.below(6) }), Effect.asVoid, Effect.orDie),
    lastsMillis: 0,
    heal: Effect.void
  })
}
