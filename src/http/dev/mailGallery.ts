import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { htmlResponse, mailPolicy, pagePolicy, safe } from "./inbox.ts"
import { mailGalleryPage, mailGalleryStyle, mailIn, pictureOf } from "./mailGalleryPage.ts"

/** `/dev/mail`: every mail and text with awkward names, to be looked at. It shows samples only, nothing of an account. */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    yield* router.add(
      "GET",
      "/dev/mail",
      Effect.sync(() => htmlResponse(mailGalleryPage().toString(), pagePolicy))
    )
    yield* router.add(
      "GET",
      "/dev/mail.css",
      HttpServerResponse.text(mailGalleryStyle, { contentType: "text/css; charset=utf-8", headers: safe })
    )
    yield* router.add(
      "GET",
      "/dev/mail/:letter/:language/:person.html",
      Effect.map(HttpRouter.params, ({ letter = "", language = "", person = "" }) => {
        const picture = pictureOf(letter, language, person)
        return picture === undefined
          ? HttpServerResponse.text("There is no such mail.\n", { status: 404, headers: safe })
          : htmlResponse(mailIn(picture).html, mailPolicy)
      })
    )
  })
)
