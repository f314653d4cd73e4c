import { ByteSize, Effect, Layer } from "effect"
import { HttpIncomingMessage, HttpMethod, HttpServerError, HttpServerRequest } from "effect/http"
import { PayloadTooLarge, UnsupportedMediaType } from "../domain/edgeRefusals.ts"
import { JsonBody } from "./contract/JsonBody.ts"
import { problem, type Problem } from "./edgeProblems.ts"
import { RequestReference } from "./requestReference.ts"

/** The most that a body may have (S-80). */
export const maxBodyBytes = 16 * 1024

/** Bodies are read up to the limit, however they are framed. */
export const bodyLimit = Layer.succeed(HttpIncomingMessage.MaxBodySize, ByteSize.kibibytes(16))

type Unfit = "payload_too_large" | "unsupported_media_type"

/** What the headers alone say against a body. One of no bytes is of no type. */
const declaredUnfit = ({ headers }: HttpServerRequest.HttpServerRequest): Unfit | undefined => {
  const { "content-type": type, "content-length": length, "content-encoding": encoding } = headers
  if (length !== undefined && Number(length) > maxBodyBytes) return "payload_too_large"
  if (length === "0" || (length === undefined && headers["transfer-encoding"] === undefined)) return undefined
  const isJson = type === undefined || /^application\/json\s*(;|$)/i.test(type)
  const isPlain = encoding === undefined || /^identity$/i.test(encoding)
  return isJson && isPlain ? undefined : "unsupported_media_type"
}

/** Refuses an unfit body before it is read: nobody has to send all of it to learn that it is too large. */
export const layer = Layer.succeed(JsonBody, (answer) =>
  Effect.gen(function* () {
    const unfit = declaredUnfit(yield* HttpServerRequest.HttpServerRequest)
    if (unfit === undefined) return yield* answer
    const reference = yield* RequestReference
    return yield* unfit === "payload_too_large"
      ? new PayloadTooLarge({ reference })
      : new UnsupportedMediaType({ reference })
  })
)

const tooLarge = (error: unknown): boolean =>
  HttpServerError.isHttpServerError(error) &&
  error.reason._tag === "RequestParseError" &&
  error.reason.reason === "BodyTooLarge"

/**
 * What is wrong with the body of a request as such: larger than allowed, or no JSON. Asked only about requests that are
 * refused as invalid, since a good one has shown it already.
 */
export const bodyProblem = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Problem | undefined> =>
  Effect.gen(function* () {
    if (!HttpMethod.hasBody(request.method)) return undefined
    const unfit = declaredUnfit(request)
    if (unfit !== undefined) return problem(unfit)
    const body = yield* Effect.exit(request.arrayBuffer)
    if (body._tag === "Success") return undefined
    const isTooLarge = body.cause.reasons.some((reason) => reason._tag === "Fail" && tooLarge(reason.error))
    return isTooLarge ? problem("payload_too_large") : undefined
  })
