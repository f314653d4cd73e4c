import type { HttpServerRequest } from "effect/http"
import { isLoopbackHost } from "../domain/loopback.ts"

/** What answers under any host: it is authenticated by a key or says nothing about anybody (S-53). */
const underAnyHost = /^\/((v1|health|metrics|slack)(\/|$)|(openapi\.json|docs)$)/

/** Which hosts the pages answer under. */
export interface Hosts {
  readonly publicUrl: URL
  /** In local mode any name of this machine will do. */
  readonly local: boolean
}

/** The host of a request, without its port; undefined where there is none, or more than one could be meant. */
const hostOf = (authority: string | undefined): URL | undefined => {
  if (authority === undefined || !/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(authority)) return undefined
  const url = `http://${authority}`
  return URL.canParse(url) ? new URL(url) : undefined
}

/** Whether this path may be answered under the host that the request names; if not, it is 421. */
export const served =
  ({ publicUrl, local }: Hosts) =>
  (path: string, authority: string | undefined): boolean => {
    if (underAnyHost.test(path)) return true
    const host = hostOf(authority)
    if (host === undefined) return false
    if (local && isLoopbackHost(host.hostname)) return true
    // The default port may be written or not; which one that is depends on the scheme that the outside sees.
    const asked = new URL(`${publicUrl.protocol}//${authority}`)
    return asked.host === publicUrl.host
  }

/** Whether a request names its host as HTTP/1.1 wants it: exactly once (RFC 9112 §3.2). */
export const namesOneHost = ({ source }: HttpServerRequest.HttpServerRequest): boolean => {
  const { rawHeaders, httpVersion } = source as {
    readonly rawHeaders?: ReadonlyArray<string>
    readonly httpVersion?: string
  }
  if (rawHeaders === undefined) return true
  const hosts = rawHeaders.filter((name, place) => place % 2 === 0 && name.toLowerCase() === "host").length
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0")
}
