import { Effect, Redacted, Result } from "effect"
import { digitsOf } from "../domain/codes.ts"
import type { ChallengeId } from "../domain/ids.ts"
import { NotFound, Unavailable, ValidationFailed } from "../domain/refusals.ts"
import { methods } from "../methods/all.ts"
import { Account } from "./Account.ts"
import { AccountPolicy } from "./AccountPolicy.ts"
import { by, foresee, isJudgeAgain, orRefuse, outcomeFor, replayOf, send } from "./ask.ts"
import { Caller } from "./Caller.ts"
import { answers } from "./protocol.ts"

/** The digits of what was pasted; a malformed code costs no try (S-25). */
const digits = Effect.fnUntraced(function* (pasted: Redacted.Redacted) {
  const { reference } = yield* Caller
  const { codeLength } = yield* AccountPolicy
  const found = digitsOf(Redacted.value(pasted), codeLength)
  if (Result.isSuccess(found)) return Redacted.make(found.success, { label: "code" })
  const detail = `The code is ${codeLength} digits`
  return yield* new ValidationFailed({ errors: [{ pointer: "/code", detail }], reference })
})

/** How often a code is judged again because it was replaced in between. */
const judgementsAtMost = 3

/** Takes the code that a person gave; answers with what it changed. */
export const verify = Effect.fn("verify")(function* (asked: {
  readonly challengeId: ChallengeId
  readonly code: Redacted.Redacted
}) {
  const { reference } = yield* Caller
  const accounts = yield* Account.client
  const code = yield* digits(asked.code)
  for (let judgements = 0; judgements < judgementsAtMost; judgements++) {
    const snapshot = yield* foresee({ challengeId: asked.challengeId })
    const earlier = yield* replayOf(snapshot, answers.verify)
    if (earlier !== undefined && !isJudgeAgain(earlier))
      return yield* orRefuse(earlier).pipe(Effect.flatMap(outcomeFor))
    const { account } = snapshot
    const challenge = account?.state.challenges.find(({ id }) => id === asked.challengeId)
    if (account === undefined || challenge === undefined) return yield* new NotFound({ reference })
    const { accountId } = account.state
    const right = yield* methods[challenge.method].judge({ ...challenge, accountId }, code).pipe(
      // The start is refused while an open challenge needs a key that is gone; a closed one is not judged anyway.
      Effect.catchTag("KeyUnknown", () => Effect.succeed(false))
    )
    const verdict = { challengeId: challenge.id, issue: challenge.issue, right }
    const answer = yield* send(snapshot, accountId, accounts(accountId).Verify({ by: yield* by, verdict }))
    if (!isJudgeAgain(answer)) return yield* orRefuse(answer).pipe(Effect.flatMap(outcomeFor))
  }
  return yield* new Unavailable({ retryAfter: 1, reference })
})
