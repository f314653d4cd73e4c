import { Effect } from "effect"
import type { Nemesis } from "./Nemesis.ts"

const isWrite = (statement: string) => /\b(insert into|update|delete from|alter table)\b/i.test(statement)

/**
 * PostgreSQL has no room: the link to it answers each statement that writes with error 53100, as the server does. A disk
 * of its own cannot be mounted everywhere. Some writes get through, as they do where pages are free.
 */
export const diskFull: Nemesis = {
  name: "disk-full",
  against: ({ nodes }, chance) => {
    const through = chance.pick([0, 0, 30])
    return {
      start: Effect.sync(() => {
        for (const node of nodes)
          node.rule = (asked) => ({ as: asked.some(isWrite) && !chance.percent(through) ? "diskFull" : "passed" })
      }),
      lastsMillis: 1500 + chance.below(5000),
      heal: Effect.sync(() => {
        for (const node of nodes) node.rule = () => ({ as: "passed" })
      })
    }
  }
}
