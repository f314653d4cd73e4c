import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { FetchHttpClient } from "effect/http"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { isResponseUrl, respond } from "../../src/bot/responseUrl.ts"
import { FakeSlack } from "../kit/fakeSlack.ts"
import { FrontDoor, password } from "../kit/frontDoor.ts"
import { Rekey } from "../kit/process.ts"
import { numberShownTo, slackDoor, urlsIn } from "../kit/slackDoor.ts"
import { faults } from "../kit/slack/faults.ts"
import { casey, directOf, stranger, support, supportChannel, team } from "../kit/slack/people.ts"
import { aBrowser } from "../kit/formBrowser.ts"

const slacks = "https://slack.com/api/"
const tests = "http://127.0.0.1:4321/api/"

/** Whose servers an address may mean, where it is one that may be answered at. */
const allowedOf = (apiUrl: string) =>
  apiUrl === slacks ? ["https://hooks.slack.com"] : ["https://hooks.slack.com", new URL(apiUrl).origin]

const allowed = [
  "https://hooks.slack.com/commands/T0HARBOR/1/a",
  "https://hooks.slack.com/actions/T0HARBOR/1/a",
  "https://hooks.slack.com/",
  "https://hooks.slack.com:443/commands/1"
]

const elsewhere = [
  // no encryption, another port
  "http://hooks.slack.com/commands/1",
  "https://hooks.slack.com:8443/commands/1",
  "https://hooks.slack.com:80/commands/1",
  "ws://hooks.slack.com/commands/1",
  // hosts that look alike
  "https://hooks.slack.com.evil.test/commands/1",
  "https://evil.test/hooks.slack.com/commands/1",
  "https://evil-hooks.slack.com/commands/1",
  "https://a.hooks.slack.com/commands/1",
  "https://hooks-slack.com/commands/1",
  "https://hooks.slack.co/commands/1",
  "https://hooks.slack.com./commands/1",
  "https://hooksxslack.com/commands/1",
  "https://hooks.ѕlack.com/commands/1",
  "https://slack.com/api/chat.postMessage",
  "https://slack.com/commands/1",
  // somebody before the host
  "https://hooks.slack.com@evil.test/commands/1",
  "https://hooks.slack.com:443@evil.test/commands/1",
  "https://user@hooks.slack.com/commands/1",
  "https://user:pass@hooks.slack.com/commands/1",
  "https://:pass@hooks.slack.com/commands/1",
  "https://hooks.slack.com%40evil.test/commands/1",
  "https://hooks.slack.com%2f@evil.test/commands/1",
  // Slack's address as something else of the address
  "https://evil.test/#https://hooks.slack.com/",
  "https://evil.test/?u=https://hooks.slack.com/",
  "https://evil.test\\@hooks.slack.com/",
  "https://evil.test#@hooks.slack.com/",
  "https://evil.test?@hooks.slack.com/",
  // without a scheme, or with one that nothing is posted to
  "//evil.test/commands/1",
  "//hooks.slack.com/commands/1",
  "/commands/1",
  "hooks.slack.com/commands/1",
  "javascript:alert(1)",
  "javascript://hooks.slack.com/%0aalert(1)",
  "data:text/plain,https://hooks.slack.com/",
  "file:///etc/passwd",
  "blob:https://hooks.slack.com/1",
  "https:",
  "https://",
  "",
  " ",
  "null",
  "https://hooks.slack.com /commands/1",
  "https://hooks. slack.com/commands/1",
  // ourselves, and the neighbours
  "http://localhost/commands/1",
  "http://127.0.0.1/commands/1",
  "http://127.0.0.1:4322/commands/1",
  "http://127.0.0.2:4321/commands/1",
  "https://127.0.0.1:4321/commands/1",
  "http://user@127.0.0.1:4321/commands/1",
  "http://[::1]:4321/commands/1",
  "http://169.254.169.254/latest/meta-data/",
  "http://localhost:4321/commands/1"
]

/** Spellings of which a parser makes something: where they are taken, they must mean Slack and nobody else. */
const odd = [
  " https://hooks.slack.com/commands/1",
  "https://hooks.slack.com/commands/1\n",
  "https://hooks.slack.com/commands/1#https://evil.test/",
  "https://hooks.slack.com/commands/1#@evil.test/",
  "https://hooks.slack.com#@evil.test/",
  "https://hooks.slack.com?@evil.test/",
  "https://hooks.slack.com\\@evil.test/",
  "https:\\\\hooks.slack.com\\commands",
  "https:/hooks.slack.com/commands/1",
  "https:hooks.slack.com/commands/1",
  "https://hooks.slack\t.com/commands/1",
  "HTTPS://HOOKS.SLACK.COM/commands/1",
  "https://hooks.slack.com/../../evil.test/",
  "https://hooks.slack.com//evil.test/",
  "https://hooks。slack。com/commands/1"
]

describe("where an answer may be sent", () => {
  for (const apiUrl of [slacks, tests]) {
    for (const url of allowed) {
      it(`S-71: with ${apiUrl}: ${url} is Slack's`, () => {
        assert.isTrue(isResponseUrl(url, apiUrl))
      })
    }
    for (const url of elsewhere) {
      it(`S-71: with ${apiUrl}: ${JSON.stringify(url)} is not`, () => {
        assert.isFalse(isResponseUrl(url, apiUrl))
      })
    }
    for (const url of odd) {
      it(`S-71: with ${apiUrl}: ${JSON.stringify(url)} means Slack where it is taken`, () => {
        assert.isTrue(!isResponseUrl(url, apiUrl) || allowedOf(apiUrl).includes(new URL(url).origin))
      })
    }
  }

  it("S-71: the origin of another Web API is Slack's as long as it is set, and to its port", () => {
    for (const path of ["/", "/commands/T0HARBOR/1/a", "/actions/1"]) {
      assert.isTrue(isResponseUrl(`http://127.0.0.1:4321${path}`, tests))
      assert.isFalse(isResponseUrl(`http://127.0.0.1:4321${path}`, slacks))
    }
  })
})

/** A server that answers as it is told and keeps what it heard. */
const aServer = (answering: (request: IncomingMessage, response: ServerResponse, body: string) => void) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly origin: string; readonly heard: Array<string>; readonly close: () => void }>(
      (resume) => {
        const heard: Array<string> = []
        const server = createServer((request, response) => {
          let body = ""
          request.on("data", (chunk) => (body += String(chunk)))
          request.on("end", () => {
            heard.push(`${request.method} ${request.url} ${body}`)
            answering(request, response, body)
          })
        }).listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          const close = () => {
            server.closeAllConnections()
            server.close()
          }
          resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, heard, close }))
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

const answer = { text: "an answer for one person", blocks: [] }

layer(FetchHttpClient.layer.pipe(Layer.provideMerge(Logger.layer([]))), { excludeTestServices: true })(
  "an answer",
  (it) => {
    for (const status of [301, 302, 303, 307, 308]) {
      it.effect(`S-71: follows no redirect (${status})`, () =>
        Effect.gen(function* () {
          const evil = yield* aServer((_, response) => response.end())
          const slack = yield* aServer((_, response) =>
            response.writeHead(status, { location: `${evil.origin}/commands/1` }).end()
          )
          yield* respond(`${slack.origin}/commands/1`, answer)
          assert.lengthOf(slack.heard, 1)
          assert.deepStrictEqual(evil.heard, [])
        }).pipe(Effect.scoped)
      )
    }

    it.effect("is tried again where Slack asks for it, and is for one person only", () =>
      Effect.gen(function* () {
        let times = 0
        const slack = yield* aServer((_, response) =>
          (times += 1) === 1 ? response.writeHead(429, { "retry-after": "1" }).end() : response.end("ok")
        )
        yield* respond(`${slack.origin}/commands/1`, answer)
        assert.lengthOf(slack.heard, 2)
        for (const one of slack.heard) {
          assert.include(one, `"response_type":"ephemeral"`)
          assert.include(one, `"replace_original":false`)
        }
      }).pipe(Effect.scoped)
    )

    it.effect("is given up where nobody is there, and where nobody answers", () =>
      Effect.gen(function* () {
        const gone = yield* Effect.scoped(aServer((_, response) => response.end()))
        yield* respond(`${gone.origin}/commands/1`, answer)
        const silent = yield* aServer(() => {})
        const before = performance.now()
        yield* respond(`${silent.origin}/commands/1`, answer)
        assert.isBelow(performance.now() - before, 10_000)
      }).pipe(Effect.scoped)
    )
  }
)

/** What somebody could call themselves or their workspace to get at others. */
const hostile = "<!channel> & <https://evil.test|x> <@U0SUPPORT>"
/** A brand that the operator chose badly. */
const brand = "Har<!here>bor & <https://evil.test|Sons>"

/** Everything that may be read in what Slack got: texts of messages, blocks, modals and home tabs. */
const textsOf = (part: unknown): ReadonlyArray<string> => {
  if (Array.isArray(part)) return part.flatMap(textsOf)
  if (typeof part !== "object" || part === null) return []
  return Object.entries(part).flatMap(([name, value]) =>
    name === "text" && typeof value === "string"
      ? "type" in part && part.type === "plain_text"
        ? []
        : [value]
      : textsOf(value)
  )
}

layer(slackDoor({ BRAND_NAME: brand, SUPPORT_EMAIL: "help@harbor.example" }, { pacing: false }), {
  excludeTestServices: true,
  timeout: "60 seconds"
})("a signed request", (it) => {
  /** A slash command of which Slack's signature is the only thing that is right. */
  const command = Effect.fnUntraced(function* (text: string, more: Readonly<Record<string, string>>) {
    const slack = yield* FakeSlack
    const fields = {
      team_id: team.id,
      team_domain: hostile,
      channel_id: "C0GENERAL",
      user_id: casey,
      user_name: hostile,
      command: "/2fa",
      text,
      trigger_id: slack.trigger(casey),
      ...more
    }
    const answered = yield* slack.deliver({ body: new URLSearchParams(fields).toString() })
    assert.strictEqual(answered.status, 200)
  })

  it.effect(
    "S-71: is not answered where it says, if that is not Slack's",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const rekey = yield* Rekey
        const evil = yield* aServer((_, response) => response.end("ok"))
        const { host } = new URL(slack.origin)
        const there = [
          evil.origin,
          `${evil.origin}/commands/1`,
          `http://${host}@${new URL(evil.origin).host}/commands/1`,
          `${evil.origin}/commands/1#${slack.origin}/`,
          `${evil.origin}\\@${host}/`,
          `//${new URL(evil.origin).host}/commands/1`,
          `http://user:pass@${host}/commands/1`,
          `https://${host}/commands/1`,
          `http://localhost:${new URL(evil.origin).port}/commands/1`,
          "javascript:alert(1)"
        ]
        for (const response_url of there) yield* command("help", { response_url })
        yield* slack.command({ user: stranger, text: "help", channel: "C0GENERAL" })
        yield* slack.until(() => slack.ephemerals(stranger)[0], "the answer to a genuine one")
        const warning = "names an address for its answer that is not Slack's"
        yield* slack.until(
          () => (rekey.output().split(warning).length > there.length ? true : undefined),
          "a warning for each"
        )
        assert.deepStrictEqual(evil.heard, [])
        assert.lengthOf(slack.calls("response_url"), 1)
        assert.isEmpty(slack.ephemerals(casey))
        assert.notInclude(rekey.output(), "/commands/1", "the address is a secret, and whoever named it wrote it")
      }).pipe(Effect.scoped),
    { timeout: 60_000 }
  )

  for (const [what, fault] of [
    ["an error", faults.broken],
    ["too many requests", faults.rateLimited(1)]
  ] as const) {
    it.effect(
      `S-67: its answer is seen once, also after ${what} of Slack`,
      () =>
        Effect.gen(function* () {
          const slack = yield* FakeSlack
          const before = slack.ephemerals(support).length
          yield* slack.fault(fault, { method: "response_url", times: 2 })
          yield* slack.command({ user: support, text: "lost", channel: "C0GENERAL" })
          yield* slack.until(() => slack.ephemerals(support)[before], "the answer")
          yield* slack.command({ user: support, text: "help", channel: "C0GENERAL" })
          yield* slack.until(() => slack.ephemerals(support)[before + 1], "the answer to the next one")
          const [first, second, ...more] = slack.ephemerals(support).slice(before)
          assert.match(first?.text ?? "", /lost/i)
          assert.include(second?.text, "For support")
          assert.isEmpty(more)
        }),
      { timeout: 60_000 }
    )
  }

  it.effect(
    "S-71: what people call themselves, their workspace and their account calls nobody and links nowhere",
    () =>
      Effect.gen(function* () {
        const slack = yield* FakeSlack
        const door = yield* FrontDoor
        const account = yield* door.anAccount({ name: hostile, twoFactor: "SMS" })
        const { accountId, phone } = account

        // The link, by somebody with such a name from such a workspace.
        const before = slack.ephemerals(casey).length
        const { responseUrl = "" } = yield* slack.command({ user: casey, text: "status", channel: "C0GENERAL" })
        yield* slack.until(() => slack.ephemerals(casey)[before], "the status")
        yield* command("link", { response_url: responseUrl })
        const offer = yield* slack.until(() => slack.ephemerals(casey)[before + 1], "the offer")
        const path = new URL(urlsIn(offer.blocks)[0] ?? "none:").pathname
        const browser = yield* aBrowser(accountId, yield* door.grantOf(accountId, phone))
        const seen = yield* browser.ask("GET", path)
        assert.include(seen.text, "&lt;!channel", "the page shows the name as it is")
        assert.notInclude(seen.text, "<https://evil")
        yield* browser.ask("POST", path, yield* browser.form(path))
        const number = yield* numberShownTo(casey)
        const picked = yield* browser.ask("POST", `${path}/number`, { ...(yield* browser.form(path)), number })
        assert.strictEqual(picked.headers.get("location"), `${path}/linked`)

        // All that the bot says: in channels, direct messages, modals and the home tab.
        for (const text of ["help", "status", "change", "lost", "why", "link", hostile, `find ${hostile}`, "123 456"])
          yield* slack.command({ user: casey, text, channel: "C0GENERAL" })
        yield* slack.event({ type: "app_home_opened", user: casey })
        yield* slack.event({ type: "app_mention", user: stranger, text: `<@U0REKEY> ${hostile}` })
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("Step 1 of"), "the checklist")
        yield* slack.press({ user: casey, actionId: "stuck" })
        const opened = yield* slack.messageIn(supportChannel, ({ text }) => text.includes(accountId), "the case")
        yield* slack.press({ user: support, channel: supportChannel, messageTs: opened.ts, actionId: "case-claim" })
        yield* slack.until(() => slack.home(casey), "the home tab")
        const grant = yield* door.grantOf(accountId, phone)
        yield* door.post(door.of(accountId, "/two-factor/disable"), { password, grant })
        yield* slack.messageIn(directOf(casey), ({ text }) => text.includes("turned off"), "the notice")
        yield* slack.until(
          () => slack.messages(supportChannel).find(({ blocks }) => JSON.stringify(blocks).includes(`<@${support}>`)),
          "who claimed the case"
        )

        const texts = slack.calls().flatMap(({ args }) => textsOf(args))
        assert.isAbove(texts.length, 60)
        assert.isTrue(texts.some((text) => text.includes("Har&lt;!here&gt;bor &amp; &lt;https://evil.test|Sons&gt;")))
        for (const text of texts) {
          const rest = text
            .replaceAll(`<@${support}>`, "")
            .replaceAll("<mailto:help@harbor.example|help@harbor.example>", "")
          assert.notMatch(rest, /[<>]|&(?!amp;|lt;|gt;)/, text)
        }
        // Whoever claimed the case is the one person that is mentioned, and only there.
        assert.isTrue(
          texts
            .filter((text) => text.includes("<@"))
            .every((text) => text.includes("*Claimed by*") || text.includes("C-"))
        )
        assert.notInclude(slack.everything(), "evil.test|x", "what they call themselves is said nowhere")
        assert.deepStrictEqual(slack.blockFaults, [])
      }),
    { timeout: 60_000 }
  )
})
