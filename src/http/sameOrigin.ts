import type { HttpServerRequest } from "effect/http"

/** A host as a URL has it, without the default port. */
const hostIn = (url: string): string | undefined => URL.parse(url)?.host

/**
 * Whether a request can come from a page of ours, or from no page at all (S-51). A page that sends no referrer has the
 * origin `null`, as a sandboxed one has; the browser's word for where the request comes from tells them apart.
 */
export const isSameOrigin = ({ headers }: HttpServerRequest.HttpServerRequest): boolean => {
  const { "sec-fetch-site": site, origin, host } = headers
  if (site !== undefined && site !== "same-origin" && site !== "none") return false
  if (origin === undefined) return true
  return origin === "null" ? site === "same-origin" : hostIn(origin) === hostIn(`http://${host ?? ""}`)
}
