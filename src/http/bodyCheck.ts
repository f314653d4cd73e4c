import { ByteSize, Effect, Layer } from "effect"
import { HttpIncomingMessage, HttpMethod, HttpServerError, type HttpServerRequest } from "effect/http"
import { problem, type Problem } from "./edgeProblems.ts"

/** The most that a body may have (S-80). */
export const maxBodyBytes = 16 * 1024

/** Bodies are read up to the limit, however they are framed. */
export const bodyLimit = Layer.succeed(HttpIncomingMessage.MaxBodySize, ByteSize.kibibytes(16))

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
    const { "content-type": type, "content-length": length, "content-encoding": encoding } = request.headers
    if (length !== undefined && Number(length) > maxBodyBytes) return problem("payload_too_large")
    const body = yield* Effect.exit(request.arrayBuffer)
    if (body._tag === "Failure")
      return body.cause.reasons.some((reason) => reason._tag === "Fail" && tooLarge(reason.error))
        ? problem("payload_too_large")
        : undefined
    if (body.value.byteLength === 0) return undefined
    const isJson = type === undefined || /^application\/json\s*(;|$)/i.test(type)
    const isPlain = encoding === undefined || /^identity$/i.test(encoding)
    return isJson && isPlain ? undefined : problem("unsupported_media_type")
  })
