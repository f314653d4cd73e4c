import { messagePage } from "./pages.ts"
import type { Client } from "./RekeyClient.ts"
import type { Session, Sessions } from "./sessions.ts"

// What any site with forms has to see to; nothing in here is about Rekey.

/** What is answered: a page, or where to go; and what becomes of the cookie. */
export interface Reply {
  readonly status: number
  readonly body?: string
  readonly type?: string
  readonly location?: string
  readonly cookie?: string | undefined
}

/** A request, and the browser that it came from. */
export interface Visit {
  readonly path: string
  readonly id: string
  readonly isNew: boolean
  readonly session: Session | undefined
  readonly form: URLSearchParams
  readonly client: Client
}

/** What is done for a method and a path, such as `POST /code`. */
export type Action = (visit: Visit) => Reply | Promise<Reply>

/** A site: a plain function, for whatever server there is. */
export interface Portal {
  readonly paths: ReadonlyArray<{ readonly method: "GET" | "POST"; readonly path: string }>
  /** `ip` is the address of the person, as far as the server knows it. */
  handle(request: Request, ip?: string): Promise<Response>
}

/** See Other: the browser goes on with GET, and reloading sends nothing twice. */
export const goTo = (location: string, cookie?: string): Reply => ({ status: 303, location, cookie })

const bodyAtMost = 16_384

/**
 * Whether a form was sent by a page of this very site: the browser says where a request comes from, and a program that
 * says nothing has no cookies of anybody.
 */
const isFromHere = ({ headers }: Request, hosts: ReadonlyArray<string>): boolean => {
  const site = headers.get("sec-fetch-site") ?? "none"
  const origin = headers.get("origin")
  if (site !== "same-origin" && site !== "none") return false
  if (origin === null) return true
  return origin === "null" ? site === "same-origin" : hosts.includes(URL.parse(origin)?.host ?? "")
}

/** The form in a body; undefined where there is none, or too much of it. */
const formIn = async (request: Request): Promise<URLSearchParams | undefined> => {
  const type = request.headers.get("content-type") ?? ""
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return undefined
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > bodyAtMost) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"))
}

/** The site of these actions. `outOfDate` answers a form that belongs to no session. */
export const makeSite = ({
  brand,
  publicUrl,
  formTargets,
  sessions,
  actions,
  outOfDate
}: {
  readonly brand: string
  readonly publicUrl: URL
  /** Origins that a form may lead to by a redirect: browsers hold form-action against those too. */
  readonly formTargets: ReadonlyArray<string>
  readonly sessions: Sessions
  readonly actions: Readonly<Record<string, Action>>
  readonly outOfDate: Action
}): Portal => {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    ["form-action 'self'", ...new Set(formTargets)].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'"
  ]
  const headers = {
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    ...(publicUrl.protocol === "https:" ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {})
  }

  const refuse = (status: number, title: string, sentence: string): Reply => ({
    status,
    body: messagePage({ brand, csrf: "", once: "", lostUrl: "" }, title, sentence)
  })

  const replyTo = async (request: Request, ip: string | undefined): Promise<Reply> => {
    const { pathname: path, host } = new URL(request.url)
    const method = request.method === "HEAD" ? "GET" : request.method
    const action = actions[`${method} ${path}`]
    if (action === undefined)
      return actions[`GET ${path}`] === undefined
        ? refuse(404, "Page not found", "There is no such page here.")
        : refuse(405, "That is not possible here", "Nothing was changed.")
    const shown = sessions.idIn(request)
    const id = shown ?? sessions.newId()
    const client = { ip, userAgent: request.headers.get("user-agent") ?? undefined }
    const visit = {
      path,
      id,
      isNew: shown === undefined,
      session: sessions.find(id),
      client,
      form: new URLSearchParams()
    }
    if (method === "GET") return action(visit)
    if (!isFromHere(request, [host, publicUrl.host]))
      return refuse(403, "That came from elsewhere", "Another site sent a form to this one. Nothing was changed.")
    const form = await formIn(request)
    if (form === undefined) return refuse(400, "That was no form", "Nothing was changed.")
    return sessions.isFormOf(id, form.get("csrf") ?? "") ? action({ ...visit, form }) : outOfDate({ ...visit, form })
  }

  return {
    paths: Object.keys(actions).map((key) => {
      const [method, path = "/"] = key.split(" ")
      return { method: method === "POST" ? "POST" : "GET", path }
    }),
    handle: async (request, ip) => {
      const { status, body, location, cookie, type = "text/html; charset=utf-8" } = await replyTo(request, ip)
      return new Response(request.method === "HEAD" ? null : body, {
        status,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { "content-type": type }),
          ...(location === undefined ? {} : { location }),
          ...(cookie === undefined ? {} : { "set-cookie": cookie })
        }
      })
    }
  }
}
