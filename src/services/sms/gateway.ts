import { Data, Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient, type HttpClientRequest } from "effect/http"

/** A text on its way. `id` is the same on every try, so that a gateway can tell a repeat. */
export interface OutgoingText {
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly text: string
}

/** A text was not taken. `reason` is for people: it holds no number and no secret. */
export class SmsFault extends Data.TaggedError("SmsFault")<{
  /** Whether the same text may be taken another time. */
  readonly transient: boolean
  readonly reason: string
  /** `settings`: the operator has to repair something; every text waits for it. */
  readonly blame: "recipient" | "server" | "settings"
}> {}

/** What carries texts away. */
export interface Gateway {
  readonly send: (text: OutgoingText) => Effect.Effect<{ readonly detail: string }, SmsFault>
}

const unreachable = new SmsFault({
  transient: true,
  reason: "The text message gateway cannot be reached",
  blame: "server"
})

/** `fetch` with its redirects off: a text goes where the settings say and nowhere else. */
export const plainHttp: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer.pipe(
  Layer.provideMerge(Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))
)

/**
 * Posts a text; `refused` says which answers end the attempts for good. Nothing of request or error is passed on and
 * no span is made: URL, headers and body hold the gateway's secret, the number and the code (S-26).
 */
export const post = Effect.fnUntraced(
  function* (request: HttpClientRequest.HttpClientRequest, refused: (status: number) => SmsFault | undefined) {
    const client = yield* HttpClient.HttpClient
    const { status } = yield* client.execute(request).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false)
    )
    if (status >= 200 && status < 300) return { detail: "Handed to the text message gateway" }
    const refusal = refused(status)
    if (refusal !== undefined) return yield* refusal
    return yield* status >= 500 || status === 429
      ? new SmsFault({
          transient: true,
          reason: `The text message gateway asks to try again later (${status})`,
          blame: "server"
        })
      : new SmsFault({
          transient: true,
          reason: `The text message gateway does not take our texts (${status})`,
          blame: "settings"
        })
  },
  Effect.catchTag("HttpClientError", () => unreachable),
  Effect.timeoutOrElse({ duration: "15 seconds", orElse: () => unreachable })
)

/** For good: the gateway will not send this text to this number. */
export const refusedByGateway = (status: number): SmsFault =>
  new SmsFault({
    transient: false,
    reason: `The text message gateway refused this number (${status})`,
    blame: "recipient"
  })
