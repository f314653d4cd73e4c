import { Clock, Effect, Option } from "effect"
import { inTime } from "../../account/ask.ts"
import { Cases } from "../../services/Cases.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import { SlackOutbox } from "../../services/SlackOutbox.ts"
import { caseIdShape } from "./case.ts"
import type { Command } from "./Command.ts"

/** Nobody is asked more often than this. */
const pauseMillis = 3_600_000

/** For support: asks the customer of a case, in their direct messages, whether they still need help. */
export const nudge = {
  word: "nudge",
  takes: caseIdShape,
  isForSupport: true,
  run: ({ rest }) =>
    Effect.gen(function* () {
      const cases = yield* Cases
      const links = yield* SlackLinks
      const slack = yield* SlackOutbox
      const found = yield* inTime(cases.byId(rest.toUpperCase()))
      if (Option.isNone(found)) return { _tag: "no_such_case" } as const
      const { id: caseId, accountId, kind, status } = found.value
      if (status === "closed") return { _tag: "case_moved_on", case: found.value } as const
      const owners = yield* inTime(links.ofAccount(accountId))
      if (owners.length === 0) return { _tag: "cannot_reach", caseId } as const
      const hour = Math.floor((yield* Clock.currentTimeMillis) / pauseMillis)
      yield* Effect.forEach(
        owners,
        ({ user }) =>
          inTime(
            slack.put({
              subject: `nudge:${caseId}:${user}:${hour}`,
              recipient: user,
              message: { _tag: "nudge", caseId, kind },
              accountId
            })
          ),
        { discard: true }
      )
      return { _tag: "nudged", caseId } as const
    })
} satisfies Command
