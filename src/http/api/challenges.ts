import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { cancel } from "../../account/cancel.ts"
import { resend } from "../../account/resend.ts"
import { readChallenge } from "../../account/status.ts"
import { verify } from "../../account/verify.ts"
import { ChallengeId } from "../../domain/ids.ts"
import { NotFound } from "../../domain/refusals.ts"
import { Api } from "../contract/Api.ts"
import { called, posted } from "../requestCaller.ts"
import { RequestReference } from "../requestReference.ts"

const isChallengeId = Schema.is(ChallengeId)

/** The id in the path; a text that is none is the id of no challenge. */
const idIn = Effect.fnUntraced(function* (params: { readonly challengeId: string }) {
  const { challengeId } = params
  return isChallengeId(challengeId) ? challengeId : yield* new NotFound({ reference: yield* RequestReference })
})

/** The codes that were asked for. */
export const layer = HttpApiBuilder.group(Api, "challenges", (handlers) =>
  handlers.handleAll({
    read: ({ params }) => called(Effect.flatMap(idIn(params), readChallenge)),
    cancel: ({ params }) => called(Effect.flatMap(idIn(params), cancel)),
    verify: (given) =>
      posted(
        given,
        Effect.flatMap(idIn(given.params), (challengeId) => verify({ challengeId, code: given.payload.code }))
      ),
    resend: (given) =>
      posted(
        given,
        Effect.flatMap(idIn(given.params), (challengeId) => resend({ challengeId }))
      )
  })
)
