import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { makePortal, type PortalOptions } from "../../examples/portal/portal.ts"
import { demoAccounts, demoPassword } from "../../src/account/demo.ts"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { keys } from "../kit/process.ts"

/** Where the portal of these tests is; Rekey is configured with it. */
export const portalUrl = "https://portal.example"

/** A call that went over the wire to Rekey. */
export interface Call {
  readonly line: string
  readonly key: string | undefined
  readonly authorization: string | undefined
  readonly body: Readonly<Record<string, unknown>>
  readonly answer: Readonly<Record<string, unknown>>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ""
  for await (const chunk of request.setEncoding("utf8")) text += chunk
  return text
}

/** The wire between portal and Rekey: it notes what is said, and can be cut after Rekey has heard a call. */
export const theWire = Effect.gen(function* () {
  const { base } = yield* FrontDoor
  const calls: Array<Call> = []
  let cuts = 0
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request
    const text = await bodyOf(request)
    const passed = ["authorization", "content-type", "idempotency-key"].flatMap((name) =>
      typeof headers[name] === "string" ? [[name, headers[name]] as [string, string]] : []
    )
    const answer = await fetch(new URL(url, base), { method, headers: passed, body: text === "" ? null : text })
    const said = await answer.text()
    calls.push({
      line: `${method} ${url}`,
      key: headers["idempotency-key"] as string | undefined,
      authorization: headers.authorization,
      body: text === "" ? {} : (JSON.parse(text) as Call["body"]),
      answer: JSON.parse(said) as Call["answer"]
    })
    if (cuts-- > 0) return response.destroy()
    cuts = 0
    return response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(said)
  })
  server.listen(0, "127.0.0.1")
  yield* Effect.promise(() => once(server, "listening"))
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      server.closeAllConnections()
      server.close()
    })
  )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** The next calls reach Rekey, and their answers are lost. */
    cut: (count: number) => {
      cuts = count
    },
    posts: () => calls.filter(({ line }) => line.startsWith("POST"))
  }
})

/** What a browser was answered. */
export interface Seen {
  readonly status: number
  readonly text: string
  readonly location: string | null
  readonly headers: Headers
}

let addresses = 0

/** A browser that has come to a portal, and what it was shown, headers and all. */
export const aBrowser = (options: Partial<PortalOptions> & Pick<PortalOptions, "rekeyUrl">) => {
  const portal = makePortal({
    brand: "Harbor",
    publicUrl: portalUrl,
    apiKey: keys.portal,
    demo: { password: demoPassword, accounts: demoAccounts.map(({ id, email }) => ({ id, about: email })) },
    ...options
  })
  const shown: Array<string> = []
  let cookie: string | undefined
  let page = ""
  const ip = `203.0.113.${addresses++}`

  const send = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await portal.handle(
      new Request(new URL(path, portalUrl), {
        method,
        headers: {
          "user-agent": "Firefox of the tests",
          ...(cookie === undefined ? {} : { cookie: `other=1; ${cookie}` }),
          ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
          ...headers
        },
        body: body ?? null
      }),
      ip
    )
    const text = await answer.text()
    shown.push([path, ...[...answer.headers].map((header) => header.join(": ")), text].join("\n"))
    const [given] = answer.headers.getSetCookie()
    if (given !== undefined) cookie = given.includes("Max-Age=0") ? undefined : given.split(";")[0]
    return { status: answer.status, text, location: answer.headers.get("location"), headers: answer.headers }
  }

  const open = async (path: string): Promise<Seen> => {
    const seen = await send("GET", path)
    page = seen.text
    return seen
  }

  /** The fields of the form on the page shown that goes to this path. */
  const formTo = (action: string): URLSearchParams => {
    const [, form] = new RegExp(`<form method="post" action="${action}">(.*?)</form>`, "s").exec(page) ?? []
    assert.isDefined(form, `a form to ${action} in ${page}`)
    const hidden = [...(form ?? "").matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
    return new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value]))
  }

  const bodyTo = (action: string, fields: Readonly<Record<string, string>>): string => {
    const form = formTo(action)
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    return form.toString()
  }

  return {
    portal,
    shown,
    open,
    send,
    bodyTo,
    ip,
    cookie: () => cookie,
    /** Fills the form on the page that is shown and sends it; what is answered is shown, and a way on is gone. */
    submit: async (action: string, fields: Readonly<Record<string, string>> = {}): Promise<Seen> => {
      const seen = await send("POST", action, bodyTo(action, fields))
      page = seen.text
      return seen.location?.startsWith("/") === true ? open(seen.location) : seen
    },
    /** The same, over and over at once, as impatient people do. */
    submitTwice: (action: string, fields: Readonly<Record<string, string>>) => {
      const body = bodyTo(action, fields)
      return Promise.all([send("POST", action, body), send("POST", action, body)])
    },
    /** A browser that was given this cookie. */
    bring: (other: string | undefined) => {
      cookie = other
    }
  }
}

/** What the summary at the top says went wrong. */
export const problemOf = ({ text }: Pick<Seen, "text">): string =>
  (/There is a problem<\/h2>\s*<p>(.*?)<\/p>/s.exec(text)?.[1] ?? "none").replace(/<[^>]*>/g, "").trim()

/** The heading of a page. */
export const headingOf = ({ text }: Pick<Seen, "text">): string =>
  (/<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? "none").replace(/<[^>]*>/g, "").trim()

/** The status of a refusal, and what its summary says. */
export const told = (seen: Seen) => [seen.status, problemOf(seen)]

/** What is typed into a form. */
export type Fields = Readonly<Record<string, string>>

/** A customer, whose second factor is e-mail unless told otherwise, at the first page of the portal. */
export const atThePortal = Effect.fnUntraced(function* (
  more: Readonly<Record<string, unknown>> = { twoFactor: "EMAIL" }
) {
  const door = yield* FrontDoor
  const wire = yield* theWire
  const customer = yield* door.anAccount({ name: "Mia Wong", ...more })
  const browser = aBrowser({ rekeyUrl: wire.url })
  const submit = (action: string, fields: Fields = {}) => Effect.promise(() => browser.submit(action, fields))
  const open = (path: string) => Effect.promise(() => browser.open(path))
  const { accountId, email } = customer
  const signIn = { account: accountId, password }
  /** The challenge of the newest code that was asked for. */
  const challengeId = () => String(wire.calls.findLast(({ answer }) => "codeLength" in answer)?.answer["id"])
  const code = Effect.suspend(() => door.codeOf(challengeId(), email))
  yield* open("/")
  return { door, wire, browser, submit, open, signIn, challengeId, code, ...customer }
})

/** The same, with the password given. */
export const halfWay = Effect.gen(function* () {
  const there = yield* atThePortal()
  const seen = yield* there.submit("/sign-in", there.signIn)
  assert.strictEqual(headingOf(seen), "Enter your verification code")
  return there
})

/** The same, signed in. */
export const signedIn = Effect.gen(function* () {
  const there = yield* halfWay
  const seen = yield* there.submit("/code", { code: yield* there.code })
  assert.strictEqual(headingOf(seen), "Welcome, Mia Wong")
  return there
})

/** Rekey, configured for this portal. */
export const rekeyForPortal = FrontDoor.layer({ PORTAL_URL: portalUrl })
