import { Effect } from "effect"
import type { MailTrouble } from "../world.ts"
import type { Nemesis } from "./Nemesis.ts"

const trouble = (name: string, what: MailTrouble): Nemesis => ({
  name,
  against: ({ world }, chance) => ({
    start: Effect.sync(() => world.mail(what)),
    lastsMillis: 1500 + chance.below(5000),
    heal: Effect.sync(() => world.mail("none"))
  })
})

/** What mail servers do: refuse connections, keep silent, drip, hang up after DATA, bounce, deliver twice. */
export const mail: ReadonlyArray<Nemesis> = [
  trouble("mail-refuses", "refuse"),
  trouble("mail-hangs", "hang"),
  trouble("mail-drips", "drip"),
  trouble("mail-cuts-after-data", "cutAfterData"),
  trouble("mail-bounces", "bounce"),
  trouble("mail-repeats", "repeat")
]
