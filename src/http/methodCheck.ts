import { Context, Effect, Layer } from "effect"
import { FindMyWay, HttpRouter } from "effect/http"

/** The router of both: an account id may have 128 characters, three times as many when escaped. */
export const routerConfig = { maxParamLength: 1024, ignoreDuplicateSlashes: false, ignoreTrailingSlash: false }

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const

/** What is known about a path. */
export interface Known {
  /** As it was declared, such as `/v1/accounts/:accountId`: safe to log. */
  readonly pattern: string
  /** What `Allow` says, in a fixed order; OPTIONS always, HEAD wherever GET is. */
  readonly allow: ReadonlyArray<string>
}

/** Every route of the server, to tell a wrong method (405) from a wrong path (404), which the router does not. */
export class KnownRoutes extends Context.Service<
  KnownRoutes,
  {
    /** Notes a route. */
    note(method: string, path: HttpRouter.PathInput): void
    /** What there is at this path, query and all, if anything. */
    at(url: string): Known | undefined
  }
>()("rekey/KnownRoutes") {
  static readonly layer = Layer.sync(KnownRoutes, () => {
    const routes = FindMyWay.make<string>(routerConfig)
    return KnownRoutes.of({
      note: (method, path) => {
        for (const each of method === "*" ? methods : [method]) {
          routes.on(each, path, path)
          if (path.endsWith("/*")) routes.on(each, path.slice(0, -2) as HttpRouter.PathInput, path)
        }
      },
      at: (url) => {
        const found = methods.flatMap((method) => {
          const result = routes.find(method, url)
          return result === undefined ? [] : [{ method, pattern: result.handler }]
        })
        const [first] = found
        if (first === undefined) return undefined
        const allow = found.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]))
        return { pattern: first.pattern, allow: [...new Set([...allow, "OPTIONS"])] }
      }
    })
  })
}

/** The router of the server, noting whatever is added to it. */
export const notedRouter: Layer.Layer<HttpRouter.HttpRouter, never, HttpRouter.HttpRouter | KnownRoutes> = Layer.effect(
  HttpRouter.HttpRouter,
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    const known = yield* KnownRoutes
    return HttpRouter.HttpRouter.of({
      ...router,
      add: (method, path, handler, options) => {
        known.note(method, path)
        return router.add(method, path, handler, options)
      },
      addAll: (routes) => {
        for (const { method, path } of routes) known.note(method, path)
        return router.addAll(routes)
      }
    })
  })
)
