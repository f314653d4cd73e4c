import { Effect, Layer, Logger } from "effect"
import { HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { AccountId } from "../../src/domain/ids.ts"
import * as accounts from "../../src/http/api/accounts.ts"
import * as apiKey from "../../src/http/api/apiKey.ts"
import * as cases from "../../src/http/api/cases.ts"
import * as challenges from "../../src/http/api/challenges.ts"
import * as events from "../../src/http/api/events.ts"
import * as portalSessions from "../../src/http/api/portalSessions.ts"
import * as twoFactor from "../../src/http/api/twoFactor.ts"
import * as bodyCheck from "../../src/http/bodyCheck.ts"
import { Api } from "../../src/http/contract/Api.ts"
import { serve } from "../../src/http/serve.ts"
import * as validation from "../../src/http/validation.ts"
import { password, rekey } from "../kit/core.ts"
import { portalAt } from "../kit/portal.ts"
import { health, keyOf, testKeys } from "./form.ts"

const routes = HttpApiBuilder.layer(Api).pipe(
  Layer.provide([
    accounts.layer,
    twoFactor.layer,
    challenges.layer,
    portalSessions.layer,
    events.layer,
    cases.layer,
    health
  ]),
  Layer.provide([apiKey.layer, validation.layer, bodyCheck.layer])
)

/** The API on real parts, over a database of its own. */
export const server = serve(routes, {
  host: "127.0.0.1",
  port: 0,
  publicUrl: new URL("http://localhost:3000"),
  local: true
}).pipe(Layer.provideMerge(rekey()), Layer.provide(testKeys), Layer.provide(Logger.layer([])))

/** The typed client, with the key of a portal. */
export const aPortal = Effect.gen(function* () {
  const { address } = yield* HttpServer.HttpServer
  if (address._tag === "UnixPathAddress") return yield* Effect.die("the test server listens on a port")
  return yield* portalAt(`http://127.0.0.1:${address.port}`, keyOf("portal"))
})

/** An account of this name, and the portal that registered it. */
export const registered = Effect.fnUntraced(function* (name: string, method?: "SMS" | "EMAIL") {
  const portal = yield* aPortal
  const accountId = AccountId.make(name)
  yield* portal.accounts.register({
    params: { accountId },
    payload: {
      email: `${name}@customer.example`,
      phone: "+60125550101",
      password,
      ...(method === undefined ? {} : { twoFactor: method })
    }
  })
  return { portal, accountId }
})
