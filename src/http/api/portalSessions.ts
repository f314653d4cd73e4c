import { Effect, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { linkPortal } from "../../account/linkPortal.ts"
import { ValidationFailed } from "../../domain/refusals.ts"
import { returnUrlIn } from "../../domain/returnUrl.ts"
import { Settings } from "../../settings.ts"
import { Api } from "../contract/Api.ts"
import { posted } from "../requestCaller.ts"
import { RequestReference } from "../requestReference.ts"

/** Where people may be sent back to: the portal, further origins, and the demo portal, which is here. */
const returnOrigins = Settings.useSync(({ portalUrl, returnOrigins: further, demo, publicUrl }) => [
  ...(portalUrl === undefined ? [] : [new URL(portalUrl).origin]),
  ...further,
  ...(demo ? [publicUrl.origin] : [])
])

const returnUrl = Effect.fnUntraced(function* (asked: string | undefined) {
  if (asked === undefined) return null
  const found = returnUrlIn(asked, yield* returnOrigins)
  if (found !== undefined) return found
  const detail = "must be an http or https address whose origin is that of PORTAL_URL or among REKEY_RETURN_ORIGINS"
  return yield* new ValidationFailed({
    errors: [{ pointer: "/returnUrl", detail }],
    reference: yield* RequestReference
  })
})

/** Links to the hosted pages. */
export const layer = HttpApiBuilder.group(Api, "portalSessions", (handlers) =>
  handlers.handleAll({
    create: Effect.fnUntraced(function* (given) {
      const { accountId, grant } = given.payload
      const asked = { accountId, grant, returnUrl: yield* returnUrl(given.payload.returnUrl) }
      const { token, expiresAt } = yield* posted(given, linkPortal(asked))
      const { publicUrl } = yield* Settings
      return { url: new URL(`/enter/${Redacted.value(token)}`, publicUrl).href, expiresAt }
    })
  })
)
