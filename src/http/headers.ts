import { HttpServerResponse } from "effect/http"

/** What every answer carries (S-52); a page that needs more than nothing sets its own policy, and it is kept. */
const common = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin"
}

const aYear = "max-age=31536000; includeSubDomains"

/** A policy for a page of plain HTML whose style sheet stands in its head. */
export const plainPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * A policy for the API reference, whose script stands in the page: nothing comes from elsewhere, and requests go to
 * this server only. `unsafe-eval` stays off.
 */
export const referencePolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The headers that every answer carries. HSTS goes out only where the public URL is https. */
export const securityHeaders = (publicUrl: URL): Readonly<Record<string, string>> =>
  publicUrl.protocol === "https:" ? { ...common, "strict-transport-security": aYear } : common

/** Adds the security headers to an answer. */
export const withSecurityHeaders = (
  publicUrl: URL
): ((response: HttpServerResponse.HttpServerResponse) => HttpServerResponse.HttpServerResponse) => {
  const always = securityHeaders(publicUrl)
  return (response) => HttpServerResponse.setHeaders(response, { ...always, ...response.headers })
}
