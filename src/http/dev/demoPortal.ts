import { Effect, Option, Redacted } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { makePortal } from "../../../examples/portal/portal.ts"
import { demoAccounts, demoPassword } from "../../account/demo.ts"
import { notePage } from "../../account/guide.ts"
import { Settings } from "../../settings.ts"
import { developmentKey } from "../developmentKey.ts"
import { visitorOf } from "../hosted/visitor.ts"

const about = ({ email, phone, twoFactor }: (typeof demoAccounts)[number]): string =>
  `${email}${phone === null ? "" : `, ${phone}`}: ${twoFactor === undefined ? "no second factor" : `${twoFactor} is on`}`

const myAccount = "/account"

/** *My Account* is a page of the portal's; who has been on the hosted pages is known here by the session there. */
const noteMyAccount = Effect.gen(function* () {
  const visitor = yield* visitorOf(yield* HttpServerRequest.HttpServerRequest, true)
  if (visitor !== undefined) yield* notePage(visitor.visit.state, myAccount)
}).pipe(Effect.ignore)

/** The demo portal in front of this very Rekey, which it talks to as any portal does: by the API, with a key. */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const { brandName, publicUrl, apiKeys, inbox } = yield* Settings
    const { key } =
      apiKeys === undefined ? yield* developmentKey : (apiKeys.find(({ role }) => role === "portal") ?? {})
    if (key === undefined)
      return yield* Effect.logWarning("The demo portal needs a key of the role portal in REKEY_API_KEY")
    const portal = makePortal({
      brand: brandName,
      publicUrl: publicUrl.href,
      rekeyUrl: publicUrl.href,
      apiKey: Redacted.value(key),
      demo: {
        password: demoPassword,
        accounts: demoAccounts.map((account) => ({ id: account.id, about: about(account) })),
        inboxUrl: inbox ? "/dev/inbox" : undefined
      }
    })
    const parts = yield* Effect.context<Exclude<Effect.Services<typeof noteMyAccount>, HttpRouter.Provided>>()
    const handle = Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const asked = yield* Effect.orDie(HttpServerRequest.toWeb(request))
      const ip = Option.getOrUndefined(request.remoteAddress)
      const reply = yield* Effect.promise(() => portal.handle(asked, ip))
      if (reply.ok && new URL(asked.url).pathname === myAccount) yield* Effect.provideContext(noteMyAccount, parts)
      return HttpServerResponse.fromWeb(reply)
    })
    for (const { method, path } of portal.paths) yield* router.add(method, path as HttpRouter.PathInput, handle)
  })
)
