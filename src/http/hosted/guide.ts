import { Duration, Effect, Layer } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { article, type ArticleStep } from "../../domain/article.ts"
import { Settings } from "../../settings.ts"
import { guidePage, type Picture } from "../pages/guide.ts"
import { lostPage } from "../pages/lost.ts"
import { route } from "./route.ts"
import { frameFor, shown } from "./visitor.ts"

const folder = resolve(import.meta.dirname, "../../../docs/pictures")

/** Width and height stand at a fixed place of every PNG (ISO/IEC 15948 §11.2.2). */
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })

/** The pictures that there are, by step: an `npm run pictures` makes them. */
const pictures = new Map<ArticleStep, Picture & { readonly body: Uint8Array }>()
for (const { id } of article) {
  const file = resolve(folder, `${id}.png`)
  if (!existsSync(file)) continue
  const png = readFileSync(file)
  pictures.set(id, { path: `/docs/guide/${id}.png`, ...sizeOf(png), body: new Uint8Array(png) })
}

const show = Effect.gen(function* () {
  const frame = yield* frameFor(yield* HttpServerRequest.HttpServerRequest)
  return shown(guidePage(frame, (step) => pictures.get(step)))
})

const showLost = Effect.gen(function* () {
  const { resetWait } = yield* Settings
  const frame = yield* frameFor(yield* HttpServerRequest.HttpServerRequest)
  return shown(lostPage(frame, Duration.toSeconds(resetWait)))
})

/** The article with its pictures, and what to do about a lost phone. */
export const layer = Layer.mergeAll(
  route("GET", "/docs/guide", show),
  route("GET", "/docs/lost", showLost),
  HttpRouter.addAll(
    [...pictures.values()].map(({ path, body }) =>
      HttpRouter.route(
        "GET",
        path as HttpRouter.PathInput,
        HttpServerResponse.uint8Array(body, {
          contentType: "image/png",
          headers: { "cache-control": "public, max-age=3600" }
        })
      )
    )
  )
)
