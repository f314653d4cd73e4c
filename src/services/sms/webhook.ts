import { HttpClientRequest } from "effect/http"
import { post, refusedByGateway } from "./gateway.ts"
import type { OutgoingText } from "./gateway.ts"

const refused = (status: number) => (status >= 400 && status < 500 ? refusedByGateway(status) : undefined)

/** `fetch` takes no user in a URL; the same goes as a header. */
const requestTo = (url: URL): HttpClientRequest.HttpClientRequest => {
  const bare = new URL(url)
  bare.username = ""
  bare.password = ""
  const request = HttpClientRequest.post(bare)
  return url.username === ""
    ? request
    : HttpClientRequest.basicAuth(request, decodeURIComponent(url.username), decodeURIComponent(url.password))
}

/** A gateway of the operator: JSON `{id, to, text}` posted to exactly this URL; 2xx accepted, 4xx refused for good. */
export const webhook = (url: URL) => ({
  send: ({ id, to, text }: OutgoingText) =>
    post(HttpClientRequest.bodyJsonUnsafe(requestTo(url), { id, to, text }), refused)
})
