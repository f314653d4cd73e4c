import { Redacted } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { sessionSeconds } from "../../domain/sessions.ts"

/**
 * The cookie of the hosted pages (S-50): `__Host-` and Secure where the outside sees https; on loopback over http, the
 * only other place where Rekey starts, the plain name. It holds a derived token and no personal data.
 */
export const sessionCookie = (publicUrl: URL) => {
  const isSecure = publicUrl.protocol === "https:"
  const name = isSecure ? "__Host-rekey" : "rekey"
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`
  const set = (value: string, maxAge: number) => (response: HttpServerResponse.HttpServerResponse) =>
    HttpServerResponse.setHeader(response, "set-cookie", `${name}=${value}; Max-Age=${maxAge}; ${attributes}`)
  return {
    /** The token that a browser shows, if any. */
    read: ({ headers }: HttpServerRequest.HttpServerRequest): Redacted.Redacted | undefined => {
      const pairs = (headers["cookie"] ?? "").split(";").map((pair) => pair.trim())
      const pair = pairs.find((one) => one.startsWith(`${name}=`))
      return pair === undefined ? undefined : Redacted.make(pair.slice(name.length + 1), { label: "session" })
    },
    /** Gives the browser this token. */
    set: (token: Redacted.Redacted) => set(Redacted.value(token), sessionSeconds.absolute),
    /** Takes it away. */
    clear: set("", 0)
  }
}
