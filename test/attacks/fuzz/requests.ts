import { aChallenge, type Call, calls, goodBody } from "../../http/rules.ts"
import { signatureOf } from "../../kit/slack/deliver.ts"
import { cheapHash } from "../attack.ts"
import type { Random } from "./random.ts"

/** What the requests are about: things that there are, so that they get as far as a valid one does. */
export interface Facts {
  readonly host: string
  readonly keys: readonly [string, ...ReadonlyArray<string>]
  readonly accounts: readonly [string, ...ReadonlyArray<string>]
  readonly challenges: readonly [string, ...ReadonlyArray<string>]
  readonly cookie: string
  readonly csrf: string
  readonly tokens: readonly [string, ...ReadonlyArray<string>]
  readonly signingSecret: string
}

/** A request before it is bytes. */
interface Draft {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Buffer
}

/** A request as bytes. `isWhole`: it has an end that nobody doubts, so there is an answer to wait for. */
export interface Fuzzed {
  readonly bytes: Buffer
  readonly isWhole: boolean
}

const security = "/account/security"
const pages: readonly [string, ...ReadonlyArray<string>] = [
  "/",
  "/sign-in",
  "/code",
  "/code/resend",
  "/account",
  "/account-security",
  "/sign-out",
  "/portal.css",
  "/enter/TOKEN",
  security,
  ...["manage", "disable", "change", "setup", "setup/email", "setup/sms", "activity?before=1", "frozen"].map(
    (page) => `${security}/${page}`
  ),
  ...["reset/stop", "sign-out", "slack/unlink", "prove/disable", "prove/slack-TOKEN"].map(
    (page) => `${security}/${page}`
  ),
  ...["", "/resend", "/cancel", "/delivery"].map((page) => `${security}/verify/CHALLENGE${page}?next=change`),
  `${security}/done/CHALLENGE`,
  ...["", "/report", "/stop", "/turn-back-on", "/go-back", "/verify/CHALLENGE", "/verify/CHALLENGE/resend"].map(
    (page) => `/notice/TOKEN${page}`
  ),
  ...["", "/number", "/linked"].map((page) => `/account/slack/TOKEN${page}`),
  "/docs",
  "/docs/guide",
  "/docs/lost",
  "/openapi.json",
  "/problems/not_found",
  "/health/live",
  "/health/ready",
  "/metrics",
  "/dev/inbox",
  "/dev/inbox/messages?to=a&limit=3",
  "/dev/inbox/messages/TOKEN/html",
  "/dev/demo/reset"
]

const form = "application/x-www-form-urlencoded"
const json = "application/json"

const hostileValues: readonly [string, ...ReadonlyArray<string>] = [
  "null",
  "true",
  "-1",
  "1e999",
  "0.1",
  "123456",
  "[]",
  "{}",
  '""',
  '"\\u0000"',
  '"\\ud83d"',
  '"\\r\\nX: y"',
  '"__proto__"',
  '["a","b"]',
  '{"a":{"b":{}}}',
  `"${"x".repeat(1025)}"`,
  `"${"9".repeat(257)}"`,
  `${"[".repeat(500)}${"]".repeat(500)}`,
  "undefined",
  "'x'"
]
const hostileTexts: readonly [string, ...ReadonlyArray<string>] = [
  "",
  ".",
  "..",
  "%00",
  "%zz",
  "%",
  "%2e%2e",
  "%2f",
  "%c0%af",
  "%ed%a0%80",
  "%0d%0aX:%20y",
  "//",
  "\\",
  ";x=1",
  "*",
  "\u00e4",
  "😀",
  "'",
  "$&",
  "{{1}}",
  "__proto__",
  "constructor",
  "null",
  "-1",
  "00000000-0000-0000-0000-000000000000",
  "x".repeat(129),
  "x".repeat(2000),
  "%41".repeat(400)
]
const hostileHeaders: readonly [readonly [string, string], ...ReadonlyArray<readonly [string, string]>] = [
  ["Content-Type", "text/html; charset=\u0000"],
  ["Content-Type", "multipart/form-data; boundary=x"],
  ["Content-Type", `${json}; charset=utf-16`],
  ["Content-Type", form],
  ["Content-Encoding", "gzip"],
  ["Accept", "text/html"],
  ["Accept-Language", "zz-*;q=9, \u00ff"],
  ["Authorization", "Bearer"],
  ["Authorization", "Basic Og=="],
  ["Cookie", `rekey=${"a.".repeat(900)}; =; ;;`],
  ["Cookie", "rekey=%00.%00; portal=\u00ff"],
  ["Host", "evil.example"],
  ["Host", ""],
  ["Origin", "null"],
  ["Sec-Fetch-Site", "cross-site"],
  ["X-Forwarded-For", "1, 2, ::, %00"],
  ["Idempotency-Key", "k"],
  ["Idempotency-Key", ""],
  ["Idempotency-Key", "k".repeat(300)],
  ["If-None-Match", "*"],
  ["Range", "bytes=0-1,5-"],
  ["Expect", "100-continue"],
  ["Expect", "magic"],
  ["Upgrade", "websocket"],
  ["Connection", "upgrade, keep-alive"],
  ["TE", "trailers"],
  ["traceparent", "00-zz-zz-zz"],
  ["b3", "1-1-1-1"],
  ["User-Agent", "\u00ff\u0001".repeat(300)],
  ["X-Long", "y".repeat(17_000)],
  ["X Y", "a name that is none"],
  ["X-Line", "a\r\n folded"]
]
const framing: readonly [readonly [string, string], ...ReadonlyArray<readonly [string, string]>] = [
  ["Content-Length", "0"],
  ["Content-Length", "99999999999"],
  ["Content-Length", "-1"],
  ["Content-Length", "1, 2"],
  ["Transfer-Encoding", "chunked"],
  ["Transfer-Encoding", "gzip, chunked"],
  ["Transfer-Encoding", "chunked, identity"],
  ["Transfer-Encoding\t", "chunked"],
  ["Connection", "close"]
]
const methods: readonly [string, ...ReadonlyArray<string>] = [
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "PATCH",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "get",
  "PROPFIND",
  "M-SEARCH",
  "QUERY",
  "G\u0000T",
  ""
]

const names = Object.keys(calls) as ReadonlyArray<Call>

/** A request of the API that is well formed; passwords mostly are none, for each costs a hash. */
const ofTheApi = (random: Random, facts: Facts): Draft => {
  const call = random.pick<Call | "portalSession">(["portalSession", ...names])
  const [method, path] = call === "portalSession" ? ["POST", "/v1/portal-sessions"] : calls[call]
  const account = random.pick(facts.accounts)
  const good = call === "portalSession" ? { accountId: account } : goodBody[call]
  const body: Record<string, unknown> | undefined = good === undefined ? undefined : { ...good }
  if (body !== undefined && "password" in body && !random.oneIn(20)) body["password"] = ""
  if (call === "register" && body !== undefined && random.oneIn(4)) {
    delete body["password"]
    body["passwordHash"] = cheapHash
  }
  if (body !== undefined && random.oneIn(4)) body["client"] = { ip: "203.0.113.7", userAgent: "Fuzz" }
  return {
    method,
    path: path.replace("alex", account).replace(aChallenge, random.pick(facts.challenges)),
    headers: [
      ["Host", facts.host],
      ["Authorization", `Bearer ${random.pick(facts.keys)}`],
      ...(body === undefined ? [] : [["Content-Type", json] as const])
    ],
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body))
  }
}

const fields = "method=EMAIL&code=123456&password=&destination=&number=12&account=nobody&once=x"

const ofThePages = (random: Random, facts: Facts): Draft => {
  const method = random.pick(["GET", "POST"])
  const isPost = method === "POST"
  return {
    method,
    path: random
      .pick(pages)
      .replace("TOKEN", random.pick(facts.tokens))
      .replace("CHALLENGE", random.pick(facts.challenges)),
    headers: [
      ["Host", facts.host],
      ["Cookie", facts.cookie],
      ["Accept", "text/html"],
      ...(isPost ? [["Content-Type", form] as const] : [])
    ],
    body: Buffer.from(isPost ? `csrf=${facts.csrf}&${fields}` : "")
  }
}

const ofSlack = (random: Random, facts: Facts): Draft => {
  const text = random.pick(["help", "status", "link", "sms to email", "482913", "case C-7F3K", "\u0000", "<!channel>"])
  const slash = `command=%2F2fa&team_id=T0FUZZ&user_id=U0FUZZ&channel_id=D0&trigger_id=1.2&text=${encodeURIComponent(text)}`
  const press = {
    type: "block_actions",
    team: { id: "T0FUZZ" },
    user: { id: "U0FUZZ" },
    actions: [{ action_id: "stuck" }]
  }
  const event = {
    type: "event_callback",
    event_id: "Ev0",
    team_id: "T0FUZZ",
    event: { type: "app_home_opened", user: "U0FUZZ" }
  }
  const [type, body] = random.pick([
    [form, slash],
    [form, `payload=${encodeURIComponent(JSON.stringify(press))}`],
    [json, JSON.stringify(event)],
    [json, JSON.stringify({ type: "url_verification", challenge: "x" })]
  ])
  return {
    method: "POST",
    path: "/slack/events",
    headers: [
      ["Host", facts.host],
      ["Content-Type", type]
    ],
    body: Buffer.from(body)
  }
}

const mutatedJson = (random: Random, text: string): string => {
  const value = random.pick(hostileValues)
  const name = random.pick(["client", "__proto__", "password", "code", "method", "grant", "email", "x".repeat(300)])
  return random.pick([
    () => text.replace(/"[^"]*"(?=[,}])/, value),
    () => text.replace(/}$/, `,"${name}":${value}}`),
    () => text.replace(/^{/, `{"${name}":${value},`),
    () => text.replace(/}$/, `,${text.slice(1)}`),
    () => `[${text}]`,
    () => value
  ])()
}

const mutatedBytes = (random: Random, bytes: Buffer): Buffer => {
  const place = random.below(bytes.length + 1)
  return random.pick([
    () => Buffer.concat([bytes.subarray(0, place), random.bytes(1 + random.below(8)), bytes.subarray(place)]),
    () => Buffer.from(bytes.map((byte, at) => (at === place ? random.below(256) : byte))),
    () => bytes.subarray(0, place),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.concat([bytes.subarray(place), bytes.subarray(0, place)])
  ])()
}

const mutatedPath = (random: Random, path: string): string => {
  const parts = path.split("/")
  const place = 1 + random.below(Math.max(1, parts.length - 1))
  const text = random.pick(hostileTexts)
  return random.pick([
    () => parts.map((part, at) => (at === place ? text : part)).join("/"),
    () => parts.map((part, at) => (at === place ? `${part}${text}` : part)).join("/"),
    () => `${path}${path.includes("?") ? "&" : "?"}${text}=${text}&limit=${text}`,
    () => path.replace("/", text),
    () => `${path}/${text}`,
    () => `http://evil.example${path}`
  ])()
}

const without = (draft: Draft, name: string): Draft => ({
  ...draft,
  headers: draft.headers.filter(([one]) => one.toLowerCase() !== name)
})

const mutated = (random: Random, draft: Draft): Draft =>
  random.pick<() => Draft>([
    () => ({ ...draft, method: random.pick(methods) }),
    () => ({ ...draft, path: mutatedPath(random, draft.path) }),
    () => ({ ...draft, path: mutatedPath(random, draft.path) }),
    () => ({ ...draft, headers: [...draft.headers, random.pick(hostileHeaders)] }),
    () => {
      const [name, value] = random.pick(hostileHeaders)
      return { ...draft, headers: [...without(draft, name.toLowerCase()).headers, [name, value]] }
    },
    () => without(draft, random.pick(["authorization", "content-type", "host", "cookie"])),
    () => ({ ...draft, body: Buffer.from(mutatedJson(random, draft.body.toString())) }),
    () => ({ ...draft, body: Buffer.from(mutatedJson(random, draft.body.toString())) }),
    () => ({ ...draft, body: mutatedBytes(random, draft.body) }),
    () => ({ ...draft, body: random.bytes(random.below(200)) })
  ])()

/** Slack signs what it sends, so most of what is hostile comes signed. */
const signed = (random: Random, draft: Draft, { signingSecret }: Facts): Draft => {
  if (draft.path !== "/slack/events" || random.oneIn(8)) return draft
  const at = Math.floor(Date.now() / 1000)
  const signature = signatureOf(signingSecret, at, draft.body)
  const headers = [["X-Slack-Request-Timestamp", `${at}`] as const, ["X-Slack-Signature", signature] as const]
  return { ...draft, headers: [...draft.headers, ...headers] }
}

const bytesOf = ({ method, path, headers, body }: Draft, more: ReadonlyArray<readonly [string, string]>): Buffer =>
  Buffer.concat([
    Buffer.from(
      [`${method} ${path} HTTP/1.1`, ...[...headers, ...more].map((pair) => pair.join(": ")), "", ""].join("\r\n")
    ),
    body
  ])

/** A request made from a valid one by up to three mutations. */
export const fuzzed = (random: Random, facts: Facts): Fuzzed => {
  let draft = random.pick([ofTheApi, ofTheApi, ofTheApi, ofThePages, ofThePages, ofSlack])(random, facts)
  for (let times = random.below(4); times > 0; times--) draft = mutated(random, draft)
  draft = signed(random, draft, facts)
  const length = draft.body.length > 0 || random.oneIn(4) ? [["Content-Length", `${draft.body.length}`] as const] : []
  const bytes = bytesOf(draft, length)
  // Where the end is in doubt, an answer may be waited for in vain.
  if (random.oneIn(12)) return { bytes: bytesOf(draft, [...length, random.pick(framing)]), isWhole: false }
  return random.oneIn(16) ? { bytes: mutatedBytes(random, bytes), isWhole: false } : { bytes, isWhole: true }
}
