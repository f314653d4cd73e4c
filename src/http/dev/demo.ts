import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { resetDemo } from "../../account/demo.ts"
import { Forbidden } from "../../domain/edgeRefusals.ts"
import { isSameOrigin } from "../sameOrigin.ts"

type Needs = Effect.Services<typeof resetDemo>

/** `POST /dev/demo/reset`: puts the demo accounts back and leads to the inbox; another site cannot make a browser do it. */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const parts = yield* Effect.context<Needs>()
    yield* router.add(
      "POST",
      "/dev/demo/reset",
      Effect.gen(function* () {
        if (!isSameOrigin(yield* HttpServerRequest.HttpServerRequest)) {
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
