import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { resetDemo } from "../../account/demo.ts"
import { Forbidden } from "../../domain/edgeRefusals.ts"

/** A host as a URL has it, without the default port. */
const hostIn = (url: string): string | undefined => URL.parse(url)?.host

/**
 * Whether a request can come from a page of ours, or from no page at all. A page that sends no referrer has the origin
 * `null`, as a sandboxed one has; the browser's word for where the request comes from tells them apart.
 */
const isOurs = ({ headers }: HttpServerRequest.HttpServerRequest): boolean => {
  const { "sec-fetch-site": site, origin, host } = headers
  if (site !== undefined && site !== "same-origin" && site !== "none") return false
  if (origin === undefined) return true
  return origin === "null" ? site === "same-origin" : hostIn(origin) === hostIn(`http://${host ?? ""}`)
}

type Needs = Effect.Services<typeof resetDemo>

/** `POST /dev/demo/reset`: puts the demo accounts back and leads to the inbox; another site cannot make a browser do it. */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const parts = yield* Effect.context<Needs>()
    yield* router.add(
      "POST",
      "/dev/demo/reset",
      Effect.gen(function* () {
        if (!isOurs(yield* HttpServerRequest.HttpServerRequest)) {
          const detail = "Only a page of this server may ask for that. Nothing was changed."
          return yield* Effect.die(new Forbidden({ detail }))
        }
        // What refuses it is told as it is: the edge makes a problem of it.
        yield* Effect.orDie(Effect.provideContext(resetDemo, parts))
        return HttpServerResponse.redirect("/dev/inbox", { status: 303 })
      })
    )
  })
)
