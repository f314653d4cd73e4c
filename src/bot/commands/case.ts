import { Effect, Option } from "effect"
import { inTime } from "../../account/ask.ts"
import { Cases } from "../../services/Cases.ts"
import { SlackLinks } from "../../services/SlackLinks.ts"
import type { Command } from "./Command.ts"

/** The shape of a case's id, as people type it. */
export const caseIdShape = /^c-[2-9a-hj-np-z]{4,6}$/i

/** For support: one case. */
export const oneCase = {
  word: "case",
  takes: caseIdShape,
  isForSupport: true,
  run: ({ rest }) =>
    Effect.gen(function* () {
      const cases = yield* Cases
      const links = yield* SlackLinks
      const found = yield* inTime(cases.byId(rest.toUpperCase()))
      if (Option.isNone(found)) return { _tag: "no_such_case" } as const
      const canGuide = (yield* inTime(links.ofAccount(found.value.accountId))).length > 0
      return { _tag: "case_shown", case: found.value, canGuide } as const
    })
} satisfies Command
