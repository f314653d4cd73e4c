import { Effect, Option } from "effect"
import { randomUUID } from "node:crypto"
import { inTime } from "../../account/ask.ts"
import { Cases } from "../../services/Cases.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import { SlackOutbox } from "../../services/SlackOutbox.ts"
import { caseIdShape } from "./case.ts"
import type { Command } from "./Command.ts"

/** Nobody is asked more often than this. */
const pauseSeconds = 3600

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
      yield* Effect.forEach(
        owners,
        Effect.fnUntraced(function* ({ user: recipient }) {
          const asked = { tag: "nudge", accountId, recipient } as const
          if (yield* inTime(slack.wantedLately(asked, pauseSeconds))) return
          const message = { _tag: "nudge", caseId, kind } as const
          yield* inTime(slack.put({ subject: `nudge:${randomUUID()}`, recipient, message, accountId }))
        }),
        { discard: true }
      )
      return { _tag: "nudged", caseId } as const
    })
} satisfies Command
