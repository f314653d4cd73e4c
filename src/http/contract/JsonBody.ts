import { HttpApiMiddleware } from "effect/http-api"
import { PayloadTooLarge, UnsupportedMediaType } from "../../domain/edgeRefusals.ts"

/** The body is plain JSON of at most 16 KiB: 413 or 415 where its headers say otherwise, before it is read (S-80). */
export class JsonBody extends HttpApiMiddleware.Service<JsonBody>()("rekey/JsonBody", {
  error: [PayloadTooLarge, UnsupportedMediaType]
}) {}
