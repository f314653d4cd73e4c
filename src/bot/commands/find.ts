import { Effect } from "effect"
import { inTime } from "../../account/ask.ts"
import { readState, standingOf } from "../../account/standing.ts"
import { AccountId } from "../../domain/ids.ts"
import { AuditTrail } from "../../services/AuditTrail.ts"
import type { Command } from "./Command.ts"
import { happened } from "./why.ts"

/** For support: how an account stands, and its last step; no address, not even masked. */
export const find = {
  word: "find",
  takes: /^[A-Za-z0-9._~:@-]{1,128}$/,
  isForSupport: true,
  run: ({ rest }) =>
    Effect.gen(function* () {
      const audit = yield* AuditTrail
      const accountId = AccountId.make(rest)
      const state = yield* readState(accountId)
      const { events } = yield* inTime(audit.ofAccount(accountId, { limit: 1 }))
      const [last] = events
      return {
        _tag: "found",
        standing: standingOf(state),
        lastStep: last === undefined ? null : happened(last)
      } as const
    }).pipe(Effect.catchTag("NotFound", () => Effect.succeed({ _tag: "not_found" } as const)))
} satisfies Command
