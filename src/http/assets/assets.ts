import { HttpRouter, HttpServerResponse } from "effect/http"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { resolve } from "node:path"

const read = (name: string, ends: string, contentType: string) => {
  const body = readFileSync(resolve(import.meta.dirname, `${name}.${ends}`))
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 16)
  return { path: `/assets/${hash}.${ends}` as const, body: new Uint8Array(body), contentType }
}

const css = read("style", "css", "text/css; charset=utf-8")
const js = read("script", "js", "text/javascript; charset=utf-8")

/** Where the pages find their style sheet and their script: the address changes with the content. */
export const assets = { css: css.path, js: js.path }

const forEver = { "cache-control": "public, max-age=31536000, immutable" }

/** The style sheet and the script of the pages. */
export const layer = HttpRouter.addAll(
  [css, js].map(({ path, body, contentType }) =>
    HttpRouter.route("GET", path, HttpServerResponse.uint8Array(body, { contentType, headers: forEver }))
  )
)
