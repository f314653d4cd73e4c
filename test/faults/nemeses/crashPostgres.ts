import type { Nemesis } from "./Nemesis.ts"

/** PostgreSQL ends at once, by an immediate stop or by kill -9, and recovers from its log when it starts again. */
export const crashPostgres: Nemesis = {
  name: "crash-postgres",
  against: ({ postgres }, chance) => ({
    start: chance.percent(50) ? postgres.crash : postgres.kill,
    lastsMillis: 200 + chance.below(3000),
    heal: postgres.start
  })
}
