import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import type { ServerOptions } from "node:http"
import { bodyLimit } from "./bodyCheck.ts"
import { BoundedServer, graceMillis } from "./BoundedServer.ts"
import { edge, type EdgeOptions, logRefusal } from "./edge.ts"
import { KnownRoutes, notedRouter, routerConfig } from "./methodCheck.ts"
import { newReference } from "../services/newReference.ts"
import { Stopping } from "./Stopping.ts"

/** Where and how to serve. */
export interface ServeOptions extends Omit<EdgeOptions, "stopping"> {
  readonly host: string
  /** 0 takes any free one; `HttpServer` in the context of the layer says which. */
  readonly port: number
  /** Shorter time limits, for tests. */
  readonly limits?: ServerOptions
}

/** Serves routes behind the edge, within the limits, and stops gracefully when its scope ends. */
export const serve = <A, E, R>(routes: Layer.Layer<A, E, R>, { host, port, limits, ...options }: ServeOptions) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const context = yield* Effect.context()
      const run = Effect.runForkWith(context)
      const server = new BoundedServer(
        {
          publicUrl: options.publicUrl,
          newReference: () => Effect.runSyncWith(context)(newReference),
          refused: (told) =>
            run(logRefusal(told, { method: "none", route: "none", reference: told.reference ?? "", ms: 0 }))
        },
        limits
      )
      // Edge and routes share one table: the routes note themselves in it, the edge looks them up.
      const stopping = () => !server.listening
      const app = Layer.merge(routes, edge({ ...options, stopping })).pipe(
        Layer.provide(Layer.succeed(Stopping, stopping)),
        Layer.provide(notedRouter),
        Layer.provide(KnownRoutes.layer)
      )
      return HttpRouter.serve(app, { disableLogger: true, disableListenLog: true, routerConfig }).pipe(
        Layer.provide(bodyLimit),
        Layer.provideMerge(NodeHttpServer.layer(() => server, { host, port, gracefulShutdownTimeout: graceMillis }))
      )
    })
  )
