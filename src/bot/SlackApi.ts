import { webApi } from "@slack/bolt"
import { Context, Data, Effect, Layer, Redacted } from "effect"
import { SlackStatus } from "../services/SlackStatus.ts"
import { quiet } from "./quietLogger.ts"

const { WebClient, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } = webApi

/** A call that Slack did not do, as far as is known. `reason` is for the log: it holds no text and no secret. */
export class SlackFault extends Data.TaggedError("SlackFault")<{
  /** `refused`: certainly not done; `limited`: not done, and not to be asked before; `unsure`: it may have been done. */
  readonly kind: "refused" | "limited" | "unsure"
  readonly reason: string
  readonly retryAfterSeconds: number
}> {}

const faultOf = (error: unknown): SlackFault => {
  if (error instanceof WebAPIRateLimitedError)
    return new SlackFault({ kind: "limited", reason: "ratelimited", retryAfterSeconds: error.retryAfter })
  if (error instanceof WebAPIPlatformError)
    return new SlackFault({ kind: "refused", reason: error.data.error, retryAfterSeconds: 0 })
  if (error instanceof WebAPIHTTPError)
    return new SlackFault({ kind: "unsure", reason: `HTTP ${error.statusCode}`, retryAfterSeconds: 0 })
  return new SlackFault({ kind: "unsure", reason: "no answer", retryAfterSeconds: 0 })
}

/** What Slack says to a bot that may do nothing any more: whoever runs Rekey has to look at it. */
const shutOut = new Set([
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "token_expired",
  "token_revoked",
  "missing_scope",
  "ekm_access_denied",
  "team_access_not_granted"
])

/** Slack may take its time; whoever waits longer than this has something better to do. */
const patienceMillis = 8000

/** Slack's Web API: one try a call, bounded in time. Whoever wants more tries asks again. */
export class SlackApi extends Context.Service<
  SlackApi,
  {
    /** Calls a method; what is answered is Slack's, unchecked. */
    call(
      method: string,
      given?: Readonly<Record<string, unknown>>
    ): Effect.Effect<Readonly<Record<string, unknown>>, SlackFault>
  }
>()("rekey/SlackApi") {
  static readonly layerOf = (options: {
    readonly token: Redacted.Redacted
    readonly apiUrl: string
  }): Layer.Layer<SlackApi, never, SlackStatus> =>
    Layer.effect(
      SlackApi,
      Effect.gen(function* () {
        const status = yield* SlackStatus
        const client = new WebClient(Redacted.value(options.token), {
          slackApiUrl: options.apiUrl,
          logger: quiet,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
          allowAbsoluteUrls: false,
          timeout: patienceMillis
        })
        // URL, headers and body hold the token and the message: no span is made of them (S-26)
        const call = Effect.fnUntraced(
          function* (method: string, given: Readonly<Record<string, unknown>> = {}) {
            const answer = yield* Effect.tryPromise({ try: () => client.apiCall(method, { ...given }), catch: faultOf })
            return answer as unknown as Readonly<Record<string, unknown>>
          },
          Effect.tap(() => status.note("ok")),
          Effect.tapError(({ kind, reason }) =>
            // one that asks to wait has answered
            status.note(kind === "unsure" || shutOut.has(reason) ? "degraded" : "ok")
          )
        )
        return SlackApi.of({ call })
      })
    )
}
