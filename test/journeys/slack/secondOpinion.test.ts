import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { createEmulator } from "emulate"
import { createServer, type IncomingMessage } from "node:http"
import { aBrowser } from "../../kit/formBrowser.ts"
import { freePort } from "../../kit/freePort.ts"
import { FrontDoor, password } from "../../kit/frontDoor.ts"
import { aProcess, eventually } from "../../kit/process.ts"
import { sendRaw, signed } from "../../kit/slack/deliver.ts"
import { urlsIn } from "../../kit/slackDoor.ts"
import { afterSteps, buttonsIn, caseIn, marksIn } from "../../kit/slackStories.ts"

type Fields = Readonly<Record<string, unknown>>
type Named = { readonly id: string; readonly name: string }

/** A message as the emulator's Web API tells of it. */
interface Message {
  readonly ts: string
  readonly text: string
  readonly blocks?: unknown
  readonly metadata?: { readonly event_type: string; readonly event_payload: { readonly id?: string } }
}

const botToken = "xoxb-0123456789-of-the-second-opinion"
const secret = "8f742231b10e8888abcd99yyyzzz85a5"
const supportGroup = "S0SUPPORT"

const textOf = async (request: IncomingMessage) => {
  let text = ""
  for await (const chunk of request.setEncoding("utf8")) text += chunk
  return text
}

/**
 * Slack's side as somebody else has built it, behind a door of ours for what it does not have: user groups, the addresses
 * of answers, and answers that get lost.
 */
const somebodyElsesSlack = Effect.gen(function* () {
  const port = yield* freePort
  const emulator = yield* Effect.acquireRelease(
    Effect.promise(() =>
      createEmulator({
        service: "slack",
        port,
        seed: {
          slack: {
            team: { name: "Harbor", domain: "harbor" },
            users: [{ name: "rekey" }, { name: "casey" }, { name: "robin" }],
            channels: [{ name: "support" }],
            tokens: [{ token: botToken, user: "rekey", type: "bot" }]
          }
        }
      })
    ),
    (running) => Effect.promise(() => running.close())
  )
  const emulated = `http://127.0.0.1:${port}`
  const call = async (method: string, args: Record<string, string> = {}): Promise<Fields> => {
    const response = await fetch(`${emulated}/api/${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${botToken}` },
      body: new URLSearchParams(args)
    })
    const answer = (await response.json()) as Fields
    assert.strictEqual(answer["ok"], true, `${method}: ${JSON.stringify(answer)}`)
    return answer
  }
  const [members, channels] = yield* Effect.promise(() => Promise.all([call("users.list"), call("conversations.list")]))
  const idOf = (all: unknown, name: string) => (all as ReadonlyArray<Named>).find((one) => one.name === name)?.id ?? ""
  const ids = {
    casey: idOf(members["members"], "casey"),
    robin: idOf(members["members"], "robin"),
    support: idOf(channels["channels"], "support")
  }

  const answers: Array<Message> = []
  const views: Array<{ readonly method: string; readonly view: string }> = []
  let lost: string | undefined
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    const { pathname } = new URL(request.url ?? "/", emulated)
    const say = (what: unknown) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(what))
    if (pathname.startsWith("/answers/")) {
      answers.push(JSON.parse(body) as Message)
      return say({ ok: true })
    }
    if (pathname === "/api/usergroups.users.list") return say({ ok: true, users: [ids.robin] })
    const forwarded = await fetch(new URL(pathname, emulated), {
      method: "POST",
      headers: {
        authorization: request.headers.authorization ?? "",
        "content-type": request.headers["content-type"] ?? ""
      },
      body
    })
    const text = await forwarded.text()
    if (pathname.startsWith("/api/views.")) views.push({ method: pathname.slice("/api/".length), view: text })
    if (pathname === lost) {
      lost = undefined
      return response.destroy()
    }
    return response.writeHead(forwarded.status, { "content-type": "application/json" }).end(text)
  })
  const doorPort = yield* freePort
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(doorPort, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.closeAllConnections()
        server.close(() => resume(Effect.void))
      })
  )
  const origin = `http://127.0.0.1:${doorPort}`
  assert.isString(emulator.url)

  const historyOf = Effect.fnUntraced(function* (channel: string) {
    const { messages } = yield* Effect.promise(() => call("conversations.history", { channel }))
    return (messages as ReadonlyArray<Message>).toReversed()
  })
  return {
    ids,
    answers,
    views,
    /** The next answer of this method does not arrive, though it is done. */
    lose: (method: string) => {
      lost = `/api/${method}`
    },
    isLost: () => lost === undefined,
    env: {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: secret,
      SLACK_API_URL: `${origin}/api/`,
      SLACK_SUPPORT_CHANNEL: ids.support,
      SLACK_SUPPORT_GROUPS: supportGroup
    },
    responseUrl: `${origin}/answers/1`,
    historyOf,
    /** The direct messages with somebody; opened where nobody wrote there before. */
    directOf: (user: string) =>
      Effect.map(
        Effect.promise(() => call("conversations.open", { users: user })),
        ({ channel }) => (channel as Named).id
      ),
    triggerOf: (user: string) =>
      Effect.map(
        Effect.promise(() => call("views.generateTriggerId", { user_id: user })),
        (answer) => String(answer["trigger_id"])
      )
  }
})

it.live(
  "against an emulator by others: link, checklist, case with claim and close, and no message twice after a lost answer",
  () =>
    Effect.gen(function* () {
      const slack = yield* somebodyElsesSlack
      const { ids } = slack
      const rekey = yield* aProcess({ ...slack.env, SUPPORT_EMAIL: "" })
      const door = FrontDoor.before(rekey)
      const direct = yield* slack.directOf(ids.casey)

      const deliver = Effect.fnUntraced(function* (form: Readonly<Record<string, string>>) {
        const answered = yield* sendRaw(signed({ body: new URLSearchParams(form).toString() }, rekey.base, secret))
        assert.strictEqual(answered.status, 200, answered.body)
      })
      const command = (user: string, text: string) =>
        deliver({
          team_id: "T000000001",
          team_domain: "harbor",
          channel_id: ids.support,
          user_id: user,
          user_name: "somebody",
          command: "/2fa",
          text,
          response_url: slack.responseUrl
        })
      const press = Effect.fnUntraced(function* (user: string, channel: string, actionId: string, value: string) {
        const payload = {
          type: "block_actions",
          user: { id: user, username: "somebody", team_id: "T000000001" },
          team: { id: "T000000001", domain: "harbor" },
          enterprise: null,
          channel: { id: channel, name: "-" },
          container: { type: "message", channel_id: channel },
          trigger_id: yield* slack.triggerOf(user),
          response_url: slack.responseUrl,
          actions: [{ type: "button", action_id: actionId, block_id: "b", value }]
        }
        yield* deliver({ payload: JSON.stringify(payload) })
      })
      const messageIn = (channel: string, such: (message: Message) => boolean, what: string) =>
        eventually(
          Effect.map(slack.historyOf(channel), (all) => all.find(such)),
          what
        )
      const newAnswer = Effect.fnUntraced(function* (before: number) {
        return yield* eventually(
          Effect.sync(() => slack.answers[before]),
          "an answer"
        )
      })

      const account = yield* door.anAccount({ twoFactor: "SMS" })
      yield* command(ids.casey, "link")
      const offer = yield* newAnswer(0)
      const { pathname: path } = new URL(urlsIn(offer.blocks)[0] ?? "")
      const grant = yield* door.grantOf(account.accountId, account.phone)
      const browser = yield* aBrowser(account.accountId, grant).pipe(Effect.provideService(FrontDoor, door))
      yield* browser.ask("POST", path, yield* browser.form(path))
      const shown = yield* messageIn(direct, ({ text }) => /number.*\b\d\d\b/.test(text), "the number")
      const number = /\b(\d\d)\b/.exec(shown.text)?.[1] ?? ""
      const picked = yield* browser.ask("POST", `${path}/number`, { ...(yield* browser.form(path)), number })
      assert.strictEqual(picked.headers.get("location"), `${path}/linked`)

      slack.lose("chat.postMessage")
      yield* messageIn(direct, ({ text }) => text.includes("is linked with account"), "that it is linked")
      yield* command(ids.casey, "change")
      const checklist = (marks: string) =>
        messageIn(direct, ({ blocks }) => marksIn(blocks) === marks, `a checklist with ${marks}`)
      const guide = yield* checklist(afterSteps(0))
      assert.strictEqual(guide.metadata?.event_type, "rekey_guide")

      const { guideId } = { guideId: /"value":"([0-9a-f-]{36})"/.exec(JSON.stringify(guide.blocks))?.[1] ?? "" }
      yield* press(ids.casey, direct, "stuck", guideId)
      const caseMessage = yield* messageIn(ids.support, ({ text }) => text.includes("Stuck"), "the case")
      const id = caseIn(caseMessage.text) ?? assert.fail(caseMessage.text)
      yield* eventually(
        Effect.sync(() => slack.views.find(({ method, view }) => method === "views.update" && view.includes(id))),
        "the filled modal"
      )
      const now = (such: string) =>
        messageIn(ids.support, ({ ts, text }) => ts === caseMessage.ts && text.includes(such), such)
      yield* press(ids.casey, ids.support, "case-claim", id)
      const refused = yield* eventually(
        Effect.sync(() => slack.answers.find(({ text }) => text.includes("That is for support"))),
        "the refusal"
      )
      assert.notInclude(refused.text, id)
      yield* press(ids.robin, ids.support, "case-claim", id)
      assert.include(JSON.stringify((yield* now("Claimed by")).blocks), `<@${ids.robin}>`)
      yield* press(ids.robin, ids.support, "case-close", id)
      assert.deepStrictEqual(buttonsIn((yield* now("Closed")).blocks), [])

      const off = yield* door.post(door.of(account.accountId, "/two-factor/disable"), {
        password,
        grant: yield* door.grantOf(account.accountId, account.phone)
      })
      assert.strictEqual(off.status, 200, off.text)
      const { id: challengeId } = yield* door.started(door.of(account.accountId, "/two-factor/setup"), {
        method: "EMAIL",
        password
      })
      yield* door.answerRightly(challengeId, account.email)
      assert.strictEqual((yield* checklist(afterSteps(11))).ts, guide.ts)
      const journey = yield* messageIn(ids.support, ({ text }) => text.includes("set up again: EMAIL"), "the journey")
      assert.include(journey.text, account.accountId)

      assert.isTrue(slack.isLost())
      const names = (all: ReadonlyArray<Message>) => all.map(({ metadata }) => metadata?.event_payload.id ?? "none")
      for (const channel of [direct, ids.support]) {
        const all = names(yield* slack.historyOf(channel))
        assert.strictEqual(new Set(all).size, all.length, "a message is there twice")
        assert.notInclude(all, "none")
      }
      assert.lengthOf(yield* slack.historyOf(ids.support), 2)
    }).pipe(Effect.scoped),
  { timeout: 90_000 }
)
