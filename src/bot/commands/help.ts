import { Effect, Option } from "effect"
import { SupportGroups } from "../SupportGroups.ts"
import type { Command } from "./Command.ts"

/** The words, with those for support where they may be used. */
export const help = {
  word: "help",
  takes: /^$/,
  isForSupport: false,
  run: ({ user, account }) =>
    Effect.gen(function* () {
      const groups = yield* SupportGroups
      return { _tag: "help", support: yield* groups.hasMember(user), linked: Option.isSome(account) } as const
    })
} satisfies Command
