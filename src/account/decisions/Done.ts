import { Schema } from "effect"
import type { AccountState, Grant } from "../../domain/AccountState.ts"
import { GrantId, type MethodId, type Purpose } from "../../domain/ids.ts"
import { Outcome } from "../../domain/TwoFactor.ts"
import { twoFactorOf } from "../views.ts"

/** An outcome as the actor answers it: with the id of the grant, from which the surface derives the token. */
export const Done = Schema.Struct({
  outcome: Outcome,
  grant: Schema.NullOr(Schema.Struct({ id: GrantId, epoch: Schema.Int, keyId: Schema.String }))
})
export type Done = typeof Done.Type

const statuses = { "sign-in": "signed-in", "step-up": "stepped-up", setup: "enabled", change: "changed" } as const

const sentences = {
  "sign-in": () => "You are signed in",
  "step-up": () => "Your current method is proved",
  setup: (standard: MethodId | "NONE") => `Your security standard has been updated to ${standard}`,
  change: (standard: MethodId | "NONE") => `Your security standard has been updated to ${standard}`
} as const satisfies Record<Purpose, (standard: MethodId | "NONE") => string>

/** What was done, from the state that it left. */
export const outcomeOf = (
  purpose: Purpose,
  state: AccountState,
  grant?: { readonly of: Grant; readonly keyId: string }
): Done => {
  const twoFactor = twoFactorOf(state)
  return {
    outcome: {
      purpose,
      status: statuses[purpose],
      message: sentences[purpose](twoFactor.securityStandard),
      twoFactor
    },
    grant: grant === undefined ? null : { id: grant.of.id, epoch: grant.of.epoch, keyId: grant.keyId }
  }
}
