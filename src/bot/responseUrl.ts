import { Effect, Schedule } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import type { Message } from "./messages/Message.ts"

const slacks = "https://hooks.slack.com"

/**
 * Where an answer may be sent: to Slack, or to the origin of another Web API base that is set for tests (S-71). Anything
 * else in a request is refused, signed or not: nobody is made to post where a body says.
 */
export const isResponseUrl = (text: string, apiUrl: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const { origin } = new URL(apiUrl)
  const isOurs = url.origin === slacks || (origin !== "https://slack.com" && url.origin === origin)
  return isOurs && url.username === "" && url.password === "" && url.href.startsWith(`${url.origin}/`)
}

/** Tries again where Slack says that it was not taken. Should it have been after all, the same person sees it twice. */
const again = Schedule.exponential("400 millis")
const triesMore = 4

/** Answers a command or a button so that the person alone sees it; says in the log where that was in vain. No span is made: the address is a secret. */
export const respond = Effect.fnUntraced(
  function* (url: string, message: Message) {
    const client = yield* HttpClient.HttpClient
    const request = yield* HttpClientRequest.post(url).pipe(
      HttpClientRequest.bodyJson({ ...message, response_type: "ephemeral", replace_original: false })
    )
    const { status } = yield* client.execute(request).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "error" }),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.timeout("5 seconds"),
      Effect.repeat({
        while: (answer) => answer.status === 429 || answer.status >= 500,
        schedule: again,
        times: triesMore
      })
    )
    if (status >= 300) yield* Effect.logWarning("Slack did not take an answer", { status })
  },
  Effect.catch((error) => Effect.logWarning("Slack did not take an answer", { reason: error._tag }))
)
