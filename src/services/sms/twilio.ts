import { HttpClientRequest } from "effect/http"
import { isLoopbackHost } from "../../domain/loopback.ts"
import { post, refusedByGateway } from "./gateway.ts"
import type { OutgoingText } from "./gateway.ts"

/** Any 4xx is about this text, but for "too many" and for credentials, which are not its fault. */
const refused = (status: number) =>
  status >= 400 && status < 500 && status !== 429 && status !== 401 ? refusedByGateway(status) : undefined

/** Twilio's Messages API: `twilio://SID:TOKEN@host?from=+1…`; over plain HTTP on loopback only. */
export const twilio = (url: URL) => {
  const account = decodeURIComponent(url.username)
  // the `+` of a number is a blank to whoever decodes a query
  const from = (url.searchParams.get("from") ?? "").replace(/^ /, "+")
  const scheme = isLoopbackHost(url.hostname) ? "http" : "https"
  const endpoint = `${scheme}://${url.host}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`
  const request = HttpClientRequest.post(endpoint).pipe(
    HttpClientRequest.basicAuth(account, decodeURIComponent(url.password))
  )
  return {
    send: ({ to, text }: OutgoingText) =>
      post(HttpClientRequest.bodyUrlParams(request, { To: to, From: from, Body: text }), refused)
  }
}
