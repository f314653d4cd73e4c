import { Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"

/** The key of a request: `Authorization: Bearer`, and nothing else; cookies are not looked at (S-51). */
export const bearerOf = ({ headers }: HttpServerRequest.HttpServerRequest): Redacted.Redacted | undefined => {
  const [, key] = /^Bearer +(\S+) *$/i.exec(headers["authorization"] ?? "") ?? []
  return key === undefined ? undefined : Redacted.make(key, { label: "API key" })
}
