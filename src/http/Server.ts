import { Effect, Layer } from "effect"
import { HttpApiBuilder, HttpApiSwagger } from "effect/http-api"
import { Inbox } from "../services/Inbox.ts"
import { Settings } from "../settings.ts"
import * as accounts from "./api/accounts.ts"
import * as apiKey from "./api/apiKey.ts"
import * as cases from "./api/cases.ts"
import * as challenges from "./api/challenges.ts"
import * as events from "./api/events.ts"
import * as health from "./api/health.ts"
import * as portalSessions from "./api/portalSessions.ts"
import * as twoFactor from "./api/twoFactor.ts"
import * as bodyCheck from "./bodyCheck.ts"
import { Api } from "./contract/Api.ts"
import * as demo from "./dev/demo.ts"
import * as demoPortal from "./dev/demoPortal.ts"
import * as inbox from "./dev/inbox.ts"
import * as mailGallery from "./dev/mailGallery.ts"
import { referencePolicy } from "./headers.ts"
import * as hosted from "./hosted/pages.ts"
import { problemAsPage } from "./hosted/problemAsPage.ts"
import * as metrics from "./metrics.ts"
import * as problemPages from "./problemPages.ts"
import { serve, type ServeOptions } from "./serve.ts"
import * as validation from "./validation.ts"

const handlers = Layer.mergeAll(
  accounts.layer,
  twoFactor.layer,
  challenges.layer,
  portalSessions.layer,
  events.layer,
  cases.layer,
  health.layer
)

const api = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide(handlers),
  Layer.provide([apiKey.layer, validation.layer, bodyCheck.layer])
)

/** The API reference as a page, with its script inline: nothing is fetched from elsewhere. */
const reference = HttpApiSwagger.layer(Api, { path: "/docs" })

const product = Layer.mergeAll(api, reference, problemPages.layer, hosted.layer)

/** Without the inbox there is nothing under `/dev`, not even a route (S-80); without the demo, nothing to put back. */
const dev = (withDemo: boolean) => {
  const pages = Layer.merge(inbox.layer({ demo: withDemo }).pipe(Layer.provide(Inbox.layer)), mailGallery.layer)
  return withDemo ? Layer.merge(pages, demo.layer) : pages
}

/**
 * Everything that Rekey serves, at `HOST` and `PORT`; what has been bound is in `HttpServer`. `others` are routes of
 * another surface on the same port.
 */
export const layerWith = <E, R>(others: Layer.Layer<never, E, R>) =>
  Layer.unwrap(
    Settings.useSync((settings) => {
      const { host, port, publicUrl, localMode, inbox: withInbox, demo: withDemo } = settings
      const asPage: ServeOptions["asPage"] = (request, problem) =>
        Effect.provideService(problemAsPage(request, problem), Settings, settings)
      const options = { host, port, publicUrl, local: localMode, policies: { "/docs": referencePolicy }, asPage }
      const served = Layer.mergeAll(product, metrics.layer({ local: localMode }), others)
      const common = withDemo ? Layer.merge(served, demoPortal.layer) : served
      return withInbox ? serve(Layer.merge(common, dev(withDemo)), options) : serve(common, options)
    })
  )

/** The same without any other surface. */
export const layer = layerWith(Layer.empty)
