import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import type { Event } from "../../domain/TwoFactor.ts"
import { AuditTrail } from "../../services/AuditTrail.ts"
import { forLinked } from "../linkedState.ts"
import type { Command } from "./Command.ts"

const told = 5

/** What Slack may show of an event: what, when and who, from nowhere. */
export const happened = ({ type, at, actor, method, purpose, outcome }: Event) => ({
  type,
  at,
  actor,
  ...(method === undefined ? {} : { method }),
  ...(purpose === undefined ? {} : { purpose }),
  refused: outcome === "refused"
})

/** The last five events, and with them why things are as they are. */
export const why = {
  word: "why",
  takes: /^$/,
  isForSupport: false,
  run: (asked) =>
    forLinked(
      asked,
      Effect.fnUntraced(function* ({ accountId }) {
        const audit = yield* AuditTrail
        const { events } = yield* inTime(audit.ofAccount(accountId, { limit: told }))
        return { _tag: "why", accountId, events: events.map(happened) } as const
      })
    )
} satisfies Command
