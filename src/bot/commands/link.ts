import { Effect, Option } from "effect"
import { inviteSlack } from "../../account/inviteSlack.ts"
import { utc } from "../../domain/time.ts"
import type { Command } from "./Command.ts"

/** A button to the portal, where whoever signs in with the second factor links the two (S-68). */
export const link = {
  word: "link",
  takes: /^$/,
  isForSupport: false,
  run: ({ user, account, displayName, workspace, isNamed }) =>
    Effect.gen(function* () {
      if (Option.isSome(account)) return { _tag: "already_linked", accountId: account.value.accountId } as const
      // the page shows who is to be linked: the button of this answer says it
      if (!isNamed) return { _tag: "not_linked" } as const
      const invitation = yield* inviteSlack(user, { displayName, workspace })
      return Option.match(invitation, {
        onNone: () => ({ _tag: "slow_down" }) as const,
        onSome: ({ id, expiresAt }) => ({ _tag: "link_offer", invitationId: id, expiresAt: utc(expiresAt) }) as const
      })
    })
} satisfies Command
