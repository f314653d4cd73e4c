import { Context, Effect, Layer, Redacted } from "effect"
import { Forbidden, Unauthorized } from "../../domain/edgeRefusals.ts"
import { ApiKeys } from "../ApiKeys.ts"
import { ApiKey, Principal, Roles } from "../contract/ApiKey.ts"
import { RequestReference } from "../requestReference.ts"

/** Tells who asks, before anything of the request is decoded: 401, then 403 for the role. */
export const layer = Layer.effect(
  ApiKey,
  Effect.gen(function* () {
    const keys = yield* ApiKeys
    return ApiKey.of({
      apiKey: Effect.fnUntraced(function* (answer, { credential, endpoint }) {
        const reference = yield* RequestReference
        const holder = Redacted.value(credential) === "" ? undefined : keys.find(credential)
        if (holder === undefined) return yield* new Unauthorized({ reference })
        if (!Context.get(endpoint.annotations, Roles).includes(holder.role)) return yield* new Forbidden({ reference })
        return yield* Effect.provideService(answer, Principal, holder)
      })
    })
  })
)
