import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { DeliveryTooLarge, NotSignedBySlack } from "../domain/edgeRefusals.ts"
import { newReference } from "../services/newReference.ts"
import { Bot } from "./Bot.ts"

/** A button press carries its whole message. */
const bodyLimit = ByteSize.kibibytes(256)

const rawHeadersOf = ({ source }: HttpServerRequest.HttpServerRequest): ReadonlyArray<string> =>
  (source as { readonly rawHeaders?: ReadonlyArray<string> }).rawHeaders ?? []

/** The text that these bytes are, and no others: what is signed are the bytes (S-64). */
const textOf = (bytes: ArrayBuffer): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** `POST /slack/events`: commands, interactions and events, signed by Slack. What is not signed is told nothing (S-64). */
export const route = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const bot = yield* Bot
    yield* router.add(
      "POST",
      "/slack/events",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const bytes = yield* request.arrayBuffer.pipe(
          Effect.provideService(HttpIncomingMessage.MaxBodySize, bodyLimit),
          Effect.orElseSucceed(() => undefined)
        )
        if (bytes === undefined) return yield* new DeliveryTooLarge({ reference: yield* newReference })
        const body = textOf(bytes)
        if (body === undefined) return yield* new NotSignedBySlack({ reference: yield* newReference })
        const contentType = request.headers["content-type"]
        const reply = yield* bot.receive({ body, contentType, rawHeaders: rawHeadersOf(request) })
        if (reply === undefined) return yield* new NotSignedBySlack({ reference: yield* newReference })
        return HttpServerResponse.text(reply.body, { status: reply.status })
      })
    )
  })
)
