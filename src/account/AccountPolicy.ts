import { Context, Duration, Effect, Layer } from "effect"
import { Settings } from "../settings.ts"
import { SmsSender } from "../services/SmsSender.ts"
import type { Policy } from "./decisions/Deciding.ts"

const challengeSeconds = 30 * 60
const grantSeconds = 10 * 60
const codeLength = 6

/** The knobs that decisions depend on, from the settings and from what can be sent. */
export class AccountPolicy extends Context.Service<AccountPolicy, Policy>()("rekey/AccountPolicy") {
  static readonly layer = Layer.effect(
    AccountPolicy,
    Effect.gen(function* () {
      const settings = yield* Settings
      const sms = yield* SmsSender
      return AccountPolicy.of({
        stepUp: settings.stepUp,
        codeLength,
        codeTtlSeconds: Duration.toSeconds(settings.codeTtl),
        codeAttempts: settings.codeAttempts,
        resendWaitSeconds: Duration.toSeconds(settings.resendWait),
        challengeSeconds,
        grantSeconds,
        resetWaitSeconds: Duration.toSeconds(settings.resetWait),
        offered: sms.available ? ["SMS", "EMAIL"] : ["EMAIL"],
        demo: settings.demo
      })
    })
  )
}
